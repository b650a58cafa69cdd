"""Boxes of a query."""

from api.services.errors import Fault, RefusedRequestError
from geo import BoundingBox, InvalidLocationError


def bounding_box(
    corners: tuple[float, float, float, float] | None, pointer: str = "/bbox"
) -> BoundingBox | None:
    """
    Raises
    ------
    RefusedRequestError
        When the box is empty.
    """
    if corners is None:
        return None
    try:
        return BoundingBox(*corners)
    except InvalidLocationError as error:
        raise RefusedRequestError([Fault(pointer, "EMPTY_BBOX", str(error))]) from None
