"""
Where to spend the nights: many chains of places race, and the worse half drops out each time.

A search that moves nights one at a time ends where many plans are good, and that need not be where
the best one is: to get there it would have to pass plans that are much worse. Here each chain is
searched on its own, with the nights where they are. After Karnin, Koren and Somekh (2013), "Almost
optimal exploration in multi-armed bandits": all get the same time, the better half twice of it.
"""

from dataclasses import dataclass

from routing.search.arrays import Arrays
from routing.search.loop import construct, run
from routing.search.operators import SHARE, WEIGHT, shares
from routing.search.plan import Plan, new_plan
from routing.search.side_by_side import quality
from routing.search.start import Terminals, promising_nights, set_plan

CHAINS = 128
"""Chains of places that are filled greedily, by a guess of what lies on the way."""

STARTERS = 16
"""Of these, the best ones race."""

HOT, COLD = 0.5, 0.05
"""Temperatures at the start and at the end of the race, in mean prizes."""

SEED_STEP = 7_919
"""Between the seeds of the runners."""

AT_ONCE = 1_000
"""Most iterations of one runner before it is the turn of the next."""


def is_worth_it(arrays: Arrays, iterations: float) -> bool:
    """
    Whether a race pays on a run that is as long.

    Each runner needs some thousands of iterations to show what its chain is good for; a short run
    is better spent on one.
    """
    return bool(arrays.is_night_chosen.any()) and iterations >= 2_000 * len(arrays.client_of)


def starting_chains(arrays: Arrays, terminals: Terminals, seed: int) -> list[Terminals]:
    """The chains that race, the best one greedily first; `terminals` of the trip without visits."""
    chains = promising_nights(arrays, terminals, CHAINS)
    scout = new_plan(arrays, seed)
    worth = [_greedy_worth(arrays, scout, chain) for chain in chains]
    best = sorted(range(len(chains)), key=lambda k: -worth[k])[:STARTERS]
    return [chains[k] for k in best]


@dataclass(slots=True)
class NightsRace:
    """
    A race of one search.

    Parameters
    ----------
    runners
        The best first, once a round has been run.
    rounds
        How many there are until one is left, and its last one.
    """

    arrays: Arrays
    runners: list[Plan]
    rounds: int

    @classmethod
    def start(cls, arrays: Arrays, chains: list[Terminals], seed: int) -> "NightsRace":
        """Line up, a runner for each of `starting_chains`."""
        runners = [
            _runner(arrays, chain, seed + SEED_STEP * (1 + place))
            for place, chain in enumerate(chains)
        ]
        return cls(arrays, runners, max(1, len(runners).bit_length()))

    def run(self, iterations: int, progress: float) -> int:
        """
        Let all run, and return how many iterations that took in all.

        Parameters
        ----------
        progress
            0 at the start of the race and 1 at its end.
        """
        temperature = self.arrays.scale_cents * HOT * (COLD / HOT) ** min(progress, 1.0)
        each = min(iterations, AT_ONCE)
        for runner in self.runners:
            run(self.arrays, runner, each, temperature)
        self.runners.sort(key=quality, reverse=True)
        return each * len(self.runners)

    def drop_out(self) -> None:
        """The worse half goes home."""
        del self.runners[max(1, len(self.runners) // 2) :]

    @property
    def winner(self) -> Plan:
        return self.runners[0]


def _greedy_worth(arrays: Arrays, scout: Plan, chain: Terminals) -> float:
    found = [float("-inf")]
    for blend in (0.5, 1.0, 0.0):
        set_plan(scout, chain, [[] for _ in chain])
        if construct(arrays, scout, blend, 1):
            found.append(float(scout.current[0]))
    return max(found)


def _runner(arrays: Arrays, chain: Terminals, seed: int) -> Plan:
    plan = new_plan(arrays, seed)
    for blend in (0.5, 1.0, 0.0):
        set_plan(plan, chain, [[] for _ in chain])
        construct(arrays, plan, blend, 1)
    plan.operator[SHARE] = shares(len(chain), chosen_nights=0)
    plan.operator[WEIGHT] = 1.0
    return plan
