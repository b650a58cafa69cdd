"""What a request for a tile may say."""

from pydantic import Field

from api.schemas.base import Id, RequestModel


class TileQuery(RequestModel):
    v: Id | None = Field(None, description="Version of the map, as in `tiles_url`")
