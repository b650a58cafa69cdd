"""The headers If-Match and If-None-Match of a change, and the tag of a version."""

from flask import Response, request

from api.services.preconditions import Preconditions


def preconditions() -> Preconditions:
    """What the request says of the version that it is about."""
    asked = request.if_match
    is_asked = bool(asked) or "If-Match" in request.headers
    return Preconditions(
        (lambda version: asked.contains(str(version))) if is_asked else None,
        must_be_new=request.if_none_match.star_tag,
    )


def with_version(response: Response, version: int) -> Response:
    """The answer with the version of an account as its strong ETag."""
    response.set_etag(str(version))
    return response
