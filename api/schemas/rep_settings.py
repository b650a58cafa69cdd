"""What a rep's week is planned by, besides the hours: the `settings` of a stored rep."""

from pydantic import Field

from api.schemas.base import DurationS, RequestModel
from api.schemas.day import Breaks
from api.schemas.route_request import Limits, Overnight


class RepSettings(RequestModel):
    """
    Used for a weekly route where the request says nothing else.

    Breaks are those of every day whose hours they lie in.
    """

    breaks: Breaks = ()
    limits: Limits = Limits()
    overnight: Overnight = Overnight()
    setup_duration_s: DurationS | None = Field(None)
