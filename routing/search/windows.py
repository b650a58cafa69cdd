"""When service may start: the windows of a client in a shift."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled, inlined


@inlined
def as_long(value: int) -> int:
    """An entry of an int32 matrix as a 64-bit integer, so that sums do not overflow."""
    return int(value)


@compiled
def window_at(a: Arrays, shift: int, client: int, time_s: int) -> int:
    """The first window of a client that closes at a time or later; there must be one."""
    window = a.window_first[shift, client]
    while a.window_closes_s[window] < time_s:
        window += 1
    return window


@compiled
def earliest_start_s(a: Arrays, shift: int, client: int, time_s: int) -> int:
    """First moment to start from a time on that is not after the last closing."""
    if a.window_count[shift, client] == 1:
        return max(time_s, a.opens_s[shift, client])
    return max(time_s, a.window_opens_s[window_at(a, shift, client, time_s)])


@compiled
def latest_start_s(a: Arrays, shift: int, client: int, time_s: int) -> int:
    """Last moment to start up to a time that is not before the first opening."""
    if a.window_count[shift, client] == 1:
        return min(time_s, a.closes_s[shift, client])
    window = a.window_first[shift, client] + a.window_count[shift, client] - 1
    while a.window_opens_s[window] > time_s:
        window -= 1
    return min(time_s, a.window_closes_s[window])
