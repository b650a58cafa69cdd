"""Columns of the master: routes with what they are worth."""

from dataclasses import dataclass

from routing.bound.ground import Ground
from routing.bound.shift_kinds import ShiftKind
from routing.solution import Solution


@dataclass(frozen=True, slots=True)
class Column:
    """
    A route of one kind of shift.

    Parameters
    ----------
    kind, start, end
        Number of the kind, and of the start and end among those of the kind.
    rows
        Clients in order. One may occur again, where the route forgot it.
    value_cents
        Prizes less hours and kilometres, not rounded.
    travel_s
        Driving.
    """

    kind: int
    start: int
    end: int
    rows: tuple[int, ...]
    value_cents: float
    travel_s: float

    @property
    def key(self) -> tuple[int, int, int, tuple[int, ...]]:
        return (self.kind, self.start, self.end, self.rows)


def columns_of(ground: Ground, kinds: tuple[ShiftKind, ...], solution: Solution) -> list[Column]:
    """The routes of a solution, without idle ones and without clients that do not matter."""
    row_of = {int(client): row for row, client in enumerate(ground.client_of)}
    columns = []
    for number, kind in enumerate(kinds):
        for shift_index in kind.shifts:
            route = solution.routes[shift_index]
            if route.is_idle:
                continue
            rows = tuple(row_of[visit.client_index] for visit in route.visits)
            value = float(sum(kind.prize_cents[row] for row in rows))
            value -= ground.hour_rate * route.worked_s + ground.km_rate * route.distance_m
            columns.append(
                Column(
                    kind=number,
                    start=kind.forward.starts.tolist().index(
                        ground.row_of_location[route.start_location]
                    ),
                    end=kind.forward.ends.tolist().index(
                        ground.row_of_location[route.end_location]
                    ),
                    rows=rows,
                    value_cents=value,
                    travel_s=float(route.travel_s),
                )
            )
    return columns
