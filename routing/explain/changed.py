"""A plan with one visit less, one more, or one for another."""

from routing.schedule import schedule_route
from routing.solution import Route, Solution


def with_move(
    solution: Solution, removed: int, client: int = -1, shift: int = -1, gap: int = -1
) -> Solution:
    """
    The solution without the visit at position `removed` (-1: none), with a client in a gap.

    Positions count all visits of the plan; the gap is one of the shift, counted without the removed
    visit. The move must fit.
    """
    routes: list[Route] = []
    first = 0
    for k, route in enumerate(solution.routes):
        sequence = [visit.client_index for visit in route.visits]
        last = first + len(sequence)
        is_changed = first <= removed < last or k == shift
        if first <= removed < last:
            del sequence[removed - first]
        if k == shift:
            sequence.insert(gap, client)
        if is_changed:
            changed = schedule_route(
                solution.problem, k, route.start_location, sequence, route.end_location
            )
            assert changed is not None  # the scan found that it fits
            route = changed
        routes.append(route)
        first = last
    return Solution(solution.problem, tuple(routes))
