"""
How shifts hang together: a network through which one unit of flow is one plan.

Routes lead from a start node of their shift to an end node of it. Between shifts there are arcs for
nights and idle days, with the rules of `docs/model.md`: a night counts only once the trip has
begun and while it goes on. Where no night is chosen, each kind of shift is a network of its own
with as much flow as it has shifts.
"""

from dataclasses import dataclass
from enum import IntEnum

from routing.bound.shift_kinds import ShiftKind
from routing.problem import Problem


class Phase(IntEnum):
    """A trip begins with its first shift that goes somewhere and ends with the last one."""

    BEFORE = 0
    UNDER_WAY = 1
    OVER = 2


@dataclass(frozen=True, slots=True)
class Arc:
    """
    A night, a day off, or the passage to or from the routes of a shift.

    Parameters
    ----------
    tail, head
        Nodes; a head of `SINK` is where a plan ends.
    cost_cents
        Of the night.
    limits
        Limits on nights that it counts towards.
    """

    tail: int
    head: int
    cost_cents: int = 0
    limits: tuple[int, ...] = ()


SINK = -1


@dataclass(frozen=True, slots=True)
class Network:
    """
    Parameters
    ----------
    supply
        Flow that begins at each node. Nodes are in an order in which arcs and routes lead on.
    arcs
        All but routes.
    limits
        Upper bound of the flow over all arcs that count towards each limit.
    start_nodes, end_nodes
        Of each kind of shift, nodes in the order of the starts and ends of its graph.
    """

    supply: tuple[int, ...]
    arcs: tuple[Arc, ...]
    limits: tuple[int, ...]
    start_nodes: tuple[tuple[int, ...], ...]
    end_nodes: tuple[tuple[int, ...], ...]


def build_network(problem: Problem, kinds: tuple[ShiftKind, ...]) -> Network:
    """The network of a problem with given kinds of shifts."""
    if problem.has_free_nights:
        return _Chain(problem).network()
    supply, arcs = [], []
    for node, kind in enumerate(kinds):
        shift = problem.shifts[kind.shifts[0]]
        supply.append(len(kind.shifts))
        if shift.start_location == shift.end_location:
            arcs.append(Arc(node, SINK))
    return Network(
        tuple(supply),
        tuple(arcs),
        (),
        tuple((node,) for node in range(len(kinds))),
        tuple((SINK,) for _ in kinds),
    )


class _Chain:
    """Builds the network of shifts with chosen nights between them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.supply: list[int] = []
        self.arcs: list[Arc] = []
        self.places = sorted({place.location_index for place in problem.overnight_places})
        self.limits, self.limits_of_night = _limits(problem)

    def network(self) -> Network:
        shifts = self.problem.shifts
        start_nodes, end_nodes = [], []
        first = shifts[0].start_location
        assert first is not None
        here = {(first, phase): self._node() for phase in Phase}
        self.supply[here[first, Phase.BEFORE]] = 1
        for index, shift in enumerate(shifts):
            is_last = index == len(shifts) - 1
            starts = self.places if shift.start_location is None else [shift.start_location]
            ends = self.places if shift.end_location is None else [shift.end_location]
            leaving = {place: self._node() for place in starts}
            arriving = {place: self._node() for place in ends}
            after = {} if is_last else self._after(index, ends)
            for place in starts:
                for phase in (Phase.BEFORE, Phase.UNDER_WAY):
                    self.arcs.append(Arc(here[place, phase], leaving[place]))
                if place in arriving:
                    for phase in Phase:
                        self._arrive(here[place, phase], index, place, phase, after)
            for place in ends:
                if is_last:
                    self.arcs.append(Arc(arriving[place], SINK))
                else:
                    self._arrive(arriving[place], index, place, Phase.UNDER_WAY, after)
                    self._arrive(arriving[place], index, place, Phase.OVER, after)
            start_nodes.append(tuple(leaving[place] for place in starts))
            end_nodes.append(tuple(arriving[place] for place in ends))
            here = after
        return Network(
            tuple(self.supply),
            tuple(self.arcs),
            self.limits,
            tuple(start_nodes),
            tuple(end_nodes),
        )

    def _node(self) -> int:
        self.supply.append(0)
        return len(self.supply) - 1

    def _after(self, index: int, ends: list[int]) -> dict[tuple[int, Phase], int]:
        """Nodes of the places where the shift after one of number `index` may start."""
        fixed = self.problem.shifts[index + 1].start_location
        places = ends if fixed is None else [fixed]
        return {(place, phase): self._node() for place in places for phase in Phase}

    def _arrive(
        self,
        tail: int,
        index: int,
        place: int,
        phase: Phase,
        after: dict[tuple[int, Phase], int],
    ) -> None:
        """The arc from a place at the end of a shift to where the next shift starts."""
        if not after:
            self.arcs.append(Arc(tail, SINK))
            return
        fixed = self.problem.shifts[index + 1].start_location
        head = after[place if fixed is None else fixed, phase]
        is_night = phase is Phase.UNDER_WAY and self.problem.shifts[index].end_location is None
        cost_cents = self.problem.night_cost_cents(place) if is_night else 0
        is_away = is_night and self.problem.is_night_away(place)
        self.arcs.append(
            Arc(tail, head, cost_cents, self.limits_of_night[index] if is_away else ())
        )


def _limits(problem: Problem) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """
    Limits on nights as sums over nights, and the limits that each night counts towards.

    At most r nights in a row: at most r of any r + 1 successive ones.
    """
    limits: list[int] = []
    of_night: list[list[int]] = [[] for _ in problem.shifts]
    if problem.max_nights is not None:
        for numbers in of_night:
            numbers.append(0)
        limits.append(problem.max_nights)
    longest = problem.max_nights_in_a_row
    if longest is not None:
        for first in range(len(problem.shifts) - 1 - longest):
            for night in range(first, first + longest + 1):
                of_night[night].append(len(limits))
            limits.append(longest)
    return tuple(limits), [tuple(numbers) for numbers in of_night]
