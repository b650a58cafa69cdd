"""
Plan anew what customers have been told: each change of a told time has its price.

A told visit becomes two alternatives of one group. One keeps the promise: its windows are cut to
the told time, give or take a tolerance, and it brings the price on top of the prize. The other is
the visit as it was. So the search needs to know nothing of promises.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.errors import InvalidProblemError
from routing.explain import Explanation
from routing.problem import Client, Problem, TimeWindow
from routing.solution import Solution


@dataclass(frozen=True, slots=True)
class Promise:
    """
    A time that a customer was told.

    Parameters
    ----------
    client_index
        Whose visit it is.
    start_s
        When its service was said to start.
    tolerance_s
        How much earlier or later it may start without being another time.
    price_cents
        What it costs to visit them at another time, or not at all.

    Raises
    ------
    InvalidProblemError
        When the tolerance or the price is negative.
    """

    client_index: int
    start_s: int
    tolerance_s: int
    price_cents: int

    def __post_init__(self) -> None:
        if self.tolerance_s < 0 or self.price_cents < 0:
            raise InvalidProblemError(f"{self} has a negative tolerance or price.")

    def is_kept_at(self, start_s: int) -> bool:
        return abs(start_s - self.start_s) <= self.tolerance_s


@dataclass(frozen=True, slots=True, eq=False)
class PromisedProblem:
    """
    A problem in which keeping promises pays.

    Parameters
    ----------
    original
        The problem without promises.
    problem
        The clients of the original one, then alternatives that keep promises.
    promises
        Those that can be kept at all: the windows of their clients allow it.
    kept_as
        For each promise the client of `problem` whose visit keeps it.
    """

    original: Problem
    problem: Problem
    promises: tuple[Promise, ...]
    kept_as: tuple[int, ...]

    def kept(self, solution: Solution) -> tuple[Promise, ...]:
        """The promises that a plan of `original`, or a settled one, keeps."""
        start_s = {v.client_index: v.start_s for route in solution.routes for v in route.visits}
        return tuple(
            promise
            for promise in self.promises
            if promise.client_index in start_s and promise.is_kept_at(start_s[promise.client_index])
        )

    def begin_with(self, solution: Solution) -> Solution:
        """A plan of `original` as one of `problem`, which keeps the promises that it keeps."""
        kept_by = dict(zip(self.promises, self.kept_as, strict=True))
        client = {one.client_index: kept_by[one] for one in self.kept(solution)}
        return _renamed(solution, self.problem, client)

    def settle(self, solution: Solution) -> Solution:
        """
        A plan of `problem` as one of the clients of `original`, after all choices are made.

        In its own problem the visits that keep a promise have to: their windows are cut, and
        their prizes hold the price. So it is worth the same, and what explains it neither moves
        such a visit nor drops it more lightly than the search did.
        """
        visited = set(solution.visited)
        clients = list(self.original.clients)
        for promise, kept_as in zip(self.promises, self.kept_as, strict=True):
            if kept_as in visited:
                before = clients[promise.client_index]
                clients[promise.client_index] = replace(
                    self.problem.clients[kept_as], group=before.group
                )
        client = {
            kept_as: promise.client_index
            for promise, kept_as in zip(self.promises, self.kept_as, strict=True)
        }
        return _renamed(solution, replace(self.original, clients=tuple(clients)), client)

    def without_prices(self, explanation: Explanation) -> Explanation:
        """
        The explanation of a settled plan as one of `original`.

        `net_cents` and `rank` count prizes alone, so that a visit is worth what it brings.
        `slack_s` and the reasons for those left out hold for as long as the promises are kept.
        """
        settled = explanation.solution
        prices = {one.client_index: one.price_cents for one in self.kept(settled)}
        # A visit that is at its told time by chance was not paid for it.
        bought = {
            index: price
            for index, price in prices.items()
            if settled.problem.clients[index].prize_cents
            == self.original.clients[index].prize_cents + price
        }
        prizes_cents = sorted(client.prize_cents for client in self.original.clients)
        visits = []
        for why in explanation.visits:
            prize_cents = self.original.clients[why.client_index].prize_cents
            price_cents = bought.get(why.client_index, 0)
            visits.append(
                replace(
                    why,
                    net_cents=None if why.net_cents is None else why.net_cents - price_cents,
                    rank=len(prizes_cents) - bisect_right(prizes_cents, prize_cents) + 1,
                )
            )
        return replace(
            explanation, solution=Solution(self.original, settled.routes), visits=tuple(visits)
        )


def with_promises(problem: Problem, promises: Sequence[Promise]) -> PromisedProblem:
    """
    Let keeping promises pay.

    A promise that the windows of its client rule out can be kept by nobody and costs nothing.

    Parameters
    ----------
    promises
        At most one for each client.

    Raises
    ------
    InvalidProblemError
        When a client does not exist or has two promises.
    """
    clients = list(problem.clients)
    _check_clients(clients, promises)
    next_group = 1 + max((c.group for c in clients if c.group is not None), default=-1)
    keepable, kept_as = [], []
    for promise in promises:
        client = clients[promise.client_index]
        windows = _cut(client, promise)
        if not windows:
            continue
        keepable.append(promise)
        keeper = replace(
            client,
            time_windows=windows,
            prize_cents=client.prize_cents + promise.price_cents,
            shift_prizes_cents=tuple(p + promise.price_cents for p in client.shift_prizes_cents),
        )
        if windows == client.time_windows:
            # It can be visited at no other time, so there is nothing to choose.
            kept_as.append(promise.client_index)
            clients[promise.client_index] = keeper
            continue
        if client.group is None:
            client = replace(client, group=next_group)
            clients[promise.client_index] = client
            next_group += 1
        kept_as.append(len(clients))
        clients.append(replace(keeper, group=client.group))
    return PromisedProblem(
        problem, replace(problem, clients=tuple(clients)), tuple(keepable), tuple(kept_as)
    )


def _check_clients(clients: Sequence[Client], promises: Sequence[Promise]) -> None:
    seen = set()
    for promise in promises:
        if not 0 <= promise.client_index < len(clients):
            raise InvalidProblemError(
                f"{promise} is to client {promise.client_index}, but there are {len(clients)}."
            )
        if promise.client_index in seen:
            raise InvalidProblemError(f"Client {promise.client_index} has two promises.")
        seen.add(promise.client_index)


def _cut(client: Client, promise: Promise) -> tuple[TimeWindow, ...]:
    """Windows of a client as far as they keep a promise."""
    told = TimeWindow(promise.start_s - promise.tolerance_s, promise.start_s + promise.tolerance_s)
    return tuple(
        TimeWindow(max(window.early_s, told.early_s), min(window.late_s, told.late_s))
        for window in client.time_windows or (told,)
        if window.early_s <= told.late_s and told.early_s <= window.late_s
    )


def _renamed(solution: Solution, problem: Problem, client: dict[int, int]) -> Solution:
    """The same visits as those of other clients; a client that is not named keeps its index."""
    routes = tuple(
        replace(
            route,
            visits=tuple(
                replace(visit, client_index=client.get(visit.client_index, visit.client_index))
                for visit in route.visits
            ),
        )
        for route in solution.routes
    )
    return Solution(problem, routes)
