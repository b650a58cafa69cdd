"""What one account is worth, with the parts that it is made of."""

from typing import Literal

from pydantic import Field

from api.schemas.base import AnswerModel, DateTime, LocalDate
from api.schemas.model import BasisName


class ModelUsed(AnswerModel):
    """What the values come from; absent numbers: nothing was fitted, all is as assumed."""

    version: int | None = None
    fitted_for: LocalDate | None = Field(None, description="The last day that it was fitted to")
    created_at: DateTime | None = None
    is_fitted: bool


class CustomerValue(AnswerModel):
    """Expected orders within the horizon x contribution of one."""

    value: float
    horizon_months: float
    expected_orders: float
    margin_per_order: float
    order_amount: float = Field(description="Expected amount of one order")
    margin_share: float


class Churn(AnswerModel):
    risk: float = Field(description="Chance that the customer has gone already, 0 to 1")
    is_alive: bool = Field(description="Whether it is more likely still a customer than not")


class Potential(AnswerModel):
    """What the account could buy in a year, from anybody."""

    value: float
    basis: Literal["stated", "forecast"] = Field(
        description="As somebody said, or forecast from segment, size, region and neighbours"
    )
    low: float | None = Field(None, description="Interval of 80 % of a forecast")
    high: float | None = None


class Attainable(AnswerModel):
    """
    Sales of a year: expected of a customer; of others, what those like them buy once they do.
    """

    value: float
    low: float = Field(description="Interval of 80 %")
    high: float


class Growth(AnswerModel):
    """What is missing to the share of the potential that the better of its peers buy."""

    sales: float = Field(description="Of the last 12 months; 0 where it is no customer")
    target: float
    growth: float


class VisitValue(AnswerModel):
    """
    margin_share x base x ((2 + n)^elasticity - (1 + n)^elasticity), n visits a month.
    """

    value: float = Field(description="Extra contribution of one more visit")
    low: float = Field(description="Interval of 80 %")
    high: float
    basis: BasisName = Field(description="Of the elasticity: fitted, or from the literature")
    base_per_month: float = Field(description="Expected sales a month if nobody visited")
    own_share: float = Field(
        description="Weight of the account's own past in the base; the rest is its potential"
    )
    orders_per_month: float = Field(description="Expected without visits")
    elasticity: float
    elasticity_low: float
    elasticity_high: float
    margin_share: float
    visits_per_month: float = Field(description="The cadence, n")


class AccountValue(AnswerModel):
    account_id: str
    as_of: LocalDate
    data_version: str
    currency: str
    model: ModelUsed
    customer_value: CustomerValue
    churn: Churn | None = Field(None, description="Absent where it has never ordered")
    potential: Potential
    attainable: Attainable
    growth: Growth
    visit_value: VisitValue
