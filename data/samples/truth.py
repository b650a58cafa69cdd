"""
The true parameters behind the sample's figures: what a model fitted to them should find.

`docs/sample.md` shows them; its test compares the two.
"""

from dataclasses import dataclass

from accounts.engagement import PROGRAMME

ACCOUNTS = 24_000
REPS = 60
HISTORY_MONTHS = 24

# Where accounts are.
MIN_POSTCODE_PEOPLE = 800.0
"""Weight of a postcode where no town's population falls to it."""

TOWN_PEOPLE_PER_KM2 = 3_500.0
"""A town's people are spread over the postcodes within the circle that they fill so densely."""

# What accounts are worth.
POTENTIAL_MEDIAN_EUR = 30_000.0
POTENTIAL_LOG_SD = 1.22
POTENTIAL_CAP_EUR = 15_000_000.0
KEY_ACCOUNTS = 30
KEY_POTENTIAL_FROM_EUR = 1_800_000.0
KEY_POTENTIAL_PARETO = 1.8

# Who buys, and how much of the potential.
BUYER_SHARE = 0.63
BUYER_SHARE_PER_DECADE = 0.15
"""More for each factor of ten above the median potential."""

BUYER_SHARE_LIMITS = (0.2, 0.97)
PENETRATION_BETA = (2.0, 5.0)
KEY_PENETRATION_BETA = (6.0, 4.0)
LOST_SHARE = 0.08
"""Of the buyers, key accounts apart, those who stopped in the first half of the history."""

# How often they order, per month without visits, and how visits raise it.
RATE_AT_10K = 0.45
RATE_REVENUE_EXPONENT = 0.4
RATE_GAMMA_SHAPE = 4.0
RATE_LIMITS = (0.15, 12.0)
AMOUNT_GAMMA_SHAPE = 4.0
MARGIN_SHARE = 0.30
MARGIN_SD = 0.02
"""How the margin of an account differs from that of the others (normal)."""

MARGIN_ODD_CHANCE = 0.004
MARGIN_ODD_OFF = (0.12, 0.20)
"""A few accounts are priced unlike the others: so much more margin, or less."""

# How often they are visited.
INTERVAL_LOG_SD = 0.25
JITTER_LOG_SD = 0.30
VISITS_PER_REP_YEAR = 820.0
"""What a rep can do; where the cadence asks for more, all its intervals stretch alike."""

# Who owns them today.
REGION_NOISE_LOG_SD = 0.18
MIN_ACCOUNTS_PER_REP = 120
PINNED_HOMES = ("34117", "80331")
"""Postcodes in Kassel and München where a rep lives whatever the seed."""


@dataclass(frozen=True, slots=True)
class SegmentTruth:
    """
    What differs by segment.

    Parameters
    ----------
    beta
        Response to visits: with n visits in a calendar month, orders are Poisson with
        rate x (1 + n) ** beta.
    service_minutes
        Equally likely times of a visit.
    """

    beta: float
    service_minutes: tuple[int, ...]


SEGMENT_TRUTHS = (
    SegmentTruth(0.35, (30, 30, 45)),
    SegmentTruth(0.30, (30, 30, 45)),
    SegmentTruth(0.35, (30, 45, 45)),
    SegmentTruth(0.18, (45, 45, 60)),
    SegmentTruth(0.10, (75,)),
    SegmentTruth(0.06, (90,)),
)
"""In the order of `accounts.engagement.PROGRAMME`, whose intervals are the mean cadence."""

assert len(SEGMENT_TRUTHS) == len(PROGRAMME)
