"""What the explanation of a plan consists of."""

from dataclasses import dataclass

from routing.reasons import Reason
from routing.solution import Solution


@dataclass(frozen=True, slots=True)
class WhyIn:
    """
    Why a client is in the plan: what the plan would save and lose without it.

    The overnight places stay as they are; everything else follows the rules of `Solution`.

    Parameters
    ----------
    client_index
        Into `Problem.clients`.
    added_travel_s, added_cost_cents
        Saved if this visit alone were removed: driving, and all costs (hours with waiting,
        kilometres, nights no longer paid). None where the rest cannot be driven without it, which
        happens only if the matrix breaks the triangle inequality.
    net_cents
        Prize in its shift minus added cost: what the value of the plan would fall by.
    rank
        Among all clients by prize, 1 = highest; equal prizes share a rank.
    slack_s
        How much later the rep may leave here before a later stop, a break or the end of the shift
        fails.
    """

    client_index: int
    added_travel_s: int | None
    added_cost_cents: int | None
    net_cents: int | None
    rank: int
    slack_s: int


@dataclass(frozen=True, slots=True)
class WhyOut:
    """Why a client is not in the plan: at least one reason, the decisive one first."""

    client_index: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    A plan with the reasons for it.

    Parameters
    ----------
    solution
        The plan explained: the one given, or a better one that the explanation came upon.
    visits
        One per visit, in order of visit.
    left_out
        One per client that is not visited, ascending. None for one whose visit is made by an
        alternative of its group: nothing is missing.
    improved
        Whether `solution` is better than the plan given.
    """

    solution: Solution
    visits: tuple[WhyIn, ...]
    left_out: tuple[WhyOut, ...]
    improved: bool
