"""What was fitted to the past of the accounts, and how well it forecasts."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.base import AnswerModel, DateTime, LocalDate, RequestModel
from api.schemas.geocoding_job import JobStatusName

BasisName = Literal["data", "prior"]


class ModelLinks(AnswerModel):
    self: str


class SegmentResponse(AnswerModel):
    """How sales of a segment respond to visits."""

    segment: str | None = Field(None, description="Absent: all accounts together")
    informative: int = Field(description="Accounts that order and whose visits change")
    estimate: float | None = Field(None, description="What the data alone say, if anything")
    error: float | None = Field(None, description="Its standard error")
    elasticity: float = Field(description="What is reckoned with")
    elasticity_low: float = Field(description="End of the interval of 80 %")
    elasticity_high: float
    basis: BasisName = Field(description="Which says more: the data, or the literature")


class ForecastErrors(AnswerModel):
    """How far one way to forecast was off, per account."""

    mean_absolute: float
    root_mean_square: float
    total_ratio: float = Field(description="Forecast total over actual total")
    top_tenth_share: float = Field(
        description="Of the actual sales, what the tenth with the highest forecasts brought"
    )


class CalibrationTenth(AnswerModel):
    """A tenth of the accounts, by ascending forecast; means per account."""

    account_count: int
    forecast: float
    actual: float


class ForecastReport(AnswerModel):
    """Forecast sales against those that came."""

    months: float = Field(description="That the forecasts were about")
    account_count: int = Field(description="Accounts that had ordered before")
    errors: dict[str, ForecastErrors] = Field(
        description="Of the `model`; of `past_sales` and `last_year` going on; and of the `mean`"
    )
    recency_top_tenth_share: float = Field(description="Of the tenth that had ordered last")
    calibration: tuple[CalibrationTenth, ...] = Field(description="Of the model")


class Holdout(ForecastReport):
    deviance: dict[str, float] = Field(
        description="By model of how customers come and go: deviance of the forecast orders; the "
        "least is taken"
    )


class LastForecast(ForecastReport):
    """What an earlier version foretold, against what has come since."""

    version: int
    from_: LocalDate = Field(alias="from", description="The last day that it knew of")
    until: LocalDate


class ModelItem(AnswerModel):
    version: int
    fitted_for: LocalDate = Field(description="The last day of the past that it was fitted to")
    created_at: DateTime
    is_current: bool
    is_fitted: bool = Field(description="Whether there was a past to fit to")
    account_count: int
    customer_count: int
    purchase_model: str | None = Field(None, description="How customers come and go")
    mean_absolute_error: float | None = Field(
        None, description="Per account, on the months that were held out"
    )
    naive_error: float | None = Field(None, description="Of the best naive forecast")
    links: ModelLinks


class ModelReport(ModelItem):
    as_of: LocalDate
    data_version: str
    currency: str
    first_day: LocalDate = Field(description="First day of that past")
    segments: tuple[SegmentResponse, ...] = Field(description="Each, and last all together")
    holdout: Holdout | None = Field(
        None, description="On months that it did not see; absent where the past is too short"
    )
    last_forecast: LastForecast | None = Field(
        None, description="Absent where no version is old enough to be judged"
    )
    notes: tuple[str, ...] = Field(description="What was done to data that could not be taken")
    duration_s: float
    cpu_s: float


class FitJob(AnswerModel):
    job_id: str
    status: JobStatusName
    created_at: DateTime
    started_at: DateTime | None = None
    finished_at: DateTime | None = None
    problem: dict[str, Any] | None = Field(None, description="Why it failed")
    links: ModelLinks


class ModelsQuery(RequestModel):
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class ModelList(AnswerModel):
    as_of: LocalDate
    data_version: str
    currency: str
    items: tuple[ModelItem, ...] = Field(description="Newest first; the first one counts")
    refit_days: int = Field(
        description="It is fitted anew by itself when the newest is so old; 0: never"
    )
    job: FitJob | None = Field(None, description="The last fit that was asked for")
