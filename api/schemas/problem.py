"""The one shape of every refusal and failure: RFC 9457 problem details."""

from pydantic import Field

from api.schemas.base import AnswerModel
from api.schemas.place import PlaceHit


class ProblemEntry(AnswerModel):
    pointer: str = Field(
        description="JSON pointer (RFC 6901) into the body; for a query, /name of the parameter"
    )
    code: str
    detail: str
    suggestions: tuple[PlaceHit, ...] | None = Field(None, description="Nearest known places")


class Problem(AnswerModel):
    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[ProblemEntry, ...] = Field(
        description="Empty where nothing in the request is at fault"
    )
