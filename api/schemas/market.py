"""The market: potential, share and gap of regions, reps and segments, categories, odd prices."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.account_filter import PostcodePrefix
from api.schemas.analysis import (
    Analysis,
    Period,
    Reason,
    ScopeQuery,
    Version,
    Versions,
)
from api.schemas.base import AnswerModel, Money, RequestModel, Text


class CategoryBody(RequestModel):
    name: Text
    potential_from: Money = Field(description="Potential a year from which an account belongs here")
    visits_per_year: Annotated[float, Field(ge=0, le=366)] = Field(description="Service level")


class MarketPolicyBody(RequestModel):
    """All of it; what is missing gets its default."""

    target_share: Annotated[float, Field(gt=0, le=1)] | None = Field(
        None,
        description="Share of a market's potential to aim at; missing: what the best quarter of "
        "the markets reach",
    )
    crowded_share: Annotated[float, Field(ge=0.05, le=0.10)] = Field(
        0.075, description="The same where it is crowded"
    )
    crowded_prefixes: Annotated[tuple[PostcodePrefix, ...], Field(max_length=1000)] = Field(
        (), description="Beginnings of postcodes where it is crowded"
    )
    categories: Annotated[tuple[CategoryBody, ...], Field(min_length=1, max_length=20)] | None = (
        Field(None, description="The largest first, the last one from 0")
    )
    matrix_potential: Money | None = Field(
        None, description="From where potential is high in the matrix; missing: the median"
    )
    matrix_visit_value: Money | None = Field(
        None, description="From where a visit's value is high; missing: the median"
    )


class MarketPolicyChange(MarketPolicyBody):
    reason: Reason


class CategorySettings(AnswerModel):
    name: str
    potential_from: float
    visits_per_year: float


class MarketSettingsAnswer(AnswerModel):
    """As PUT takes it, without the reason."""

    target_share: float | None = None
    crowded_share: float
    crowded_prefixes: tuple[str, ...]
    categories: tuple[CategorySettings, ...]
    matrix_potential: float | None = None
    matrix_visit_value: float | None = None


class MarketPolicyAnswer(AnswerModel):
    version: Version
    settings: MarketSettingsAnswer
    versions: Versions


class MarketQuery(ScopeQuery):
    by: Literal["region", "rep", "segment"] = Field("region", description="What a market is")
    digits: Annotated[int, Field(ge=1, le=10)] = Field(
        2, description="With `region`: how many letters of the postcode make one"
    )


class MarketFigures(AnswerModel):
    market: str | None = Field(
        None,
        description="Beginning of the postcode, id of the rep, or segment; absent: without one",
    )
    name: str | None = Field(None, description="Of the rep")
    account_count: int
    customer_count: int
    visits: int = Field(description="In person, in the last 12 months")
    potential: float = Field(description="A year, of all accounts")
    base_potential: float = Field(description="Of the customers")
    revenue: float = Field(description="Of the last 12 months")
    share: float = Field(description="Revenue over potential")
    share_of_wallet: float = Field(description="Revenue over the potential of the customers")
    target_share: float
    target: float = Field(description="Revenue a year to aim at")
    gap: float = Field(description="What is missing to it; 0 where it is reached")
    base_gap: float = Field(description="What the customers buy from others")
    growth: float = Field(
        description="What the targets of its accounts are above their sales, by the models"
    )


class CategoryFigures(AnswerModel):
    name: str
    account_count: int
    customer_count: int
    potential: float
    revenue: float
    share: float
    share_of_wallet: float
    visits_per_year: float = Field(description="Service level that is set")
    visits_per_account: float = Field(description="Made in the last 12 months, in person")
    served_share: float = Field(description="Of the accounts, seen at least so often")


class OddAccount(AnswerModel):
    """An account that stands out from its like."""

    account_id: str
    name: str
    segment: str
    category: str
    measure: Literal["margin", "order_value"]
    value: float = Field(description="Margin as a share of orders, or mean amount of an order")
    usual: float = Field(description="Median of its like")
    robust_z: float = Field(description="How far off, in standard deviations of the middle")
    like_count: int = Field(description="Accounts that it was compared with, itself included")
    revenue: float = Field(description="Of the last 12 months")
    at_stake: float | None = Field(
        None,
        description="Contribution a year that the usual margin would bring more; negative: it "
        "brings more than usual. Absent for order values",
    )


class MarketAnswer(Analysis):
    period: Period
    version: Version
    settings: MarketSettingsAnswer
    versions: Versions
    target_basis: Literal["set", "peers"] = Field(
        description="`peers`: what the best quarter of the markets reach"
    )
    target_share: float = Field(description="Outside crowded markets")
    total: MarketFigures
    markets: tuple[MarketFigures, ...] = Field(description="The largest gap first")
    categories: tuple[CategoryFigures, ...]
    odd: tuple[OddAccount, ...] = Field(description="Those furthest off first; at most 100")
    odd_count: int = Field(description="How many there are")
    compared_count: int = Field(description="Accounts whose margin or orders were compared")
