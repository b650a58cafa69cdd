"""From an address to a position and back, for whoever asks by hand."""

from api.schemas.geocode import (
    GeocodeAnswer,
    GeocodeCandidate,
    GeocodeQuery,
    ReverseAnswer,
    ReverseQuery,
)
from api.services.accounts import DIGITS
from api.services.errors import (
    AddressNotFoundError,
    Fault,
    NoGeocoderError,
    RefusedRequestError,
)
from api.state import AppState
from data.errors import InvalidAddressError, InvalidRoadMapError, UnknownPlaceError
from data.geocoding.address import AddressQuery, Candidate
from data.geocoding.geocoder import Geocoder
from data.geocoding.located import LEVEL_OF


def geocode(state: AppState, asked: GeocodeQuery) -> GeocodeAnswer:
    """
    What an address means.

    Raises
    ------
    RefusedRequestError
        When there is nothing to look for, or too much.
    AddressNotFoundError
        When it means nothing that is known.
    NoGeocoderError
        When the data set has no map that knows addresses.
    """
    query = _query(asked)
    match = _geocoder(state).find(query)
    if match is None:
        raise AddressNotFoundError(
            "The map of this data set knows no such address, and no postcode or place of it. Check "
            "the spelling, or whether it lies outside the map."
        )
    return GeocodeAnswer(
        best=_candidate(match.best),
        alternatives=tuple(map(_candidate, match.alternatives)),
        is_ambiguous=match.is_ambiguous,
        source=match.source,
        attribution=match.attribution,
    )


def reverse(state: AppState, asked: ReverseQuery) -> ReverseAnswer:
    """
    The address of a position.

    Raises
    ------
    AddressNotFoundError
        When nothing near is known.
    NoGeocoderError
        When the data set has no map that knows addresses.
    """
    try:
        match = _geocoder(state).reverse(asked.lon, asked.lat)
    except UnknownPlaceError as error:
        raise AddressNotFoundError(f"{error} Check whether it lies outside the map.") from None
    return ReverseAnswer(
        best=_candidate(match.best),
        distance_m=round(match.distance_m),
        source=match.source,
        attribution=match.attribution,
    )


def _query(asked: GeocodeQuery) -> AddressQuery:
    try:
        return AddressQuery(
            text=asked.q or "",
            street=asked.street or "",
            postcode=asked.postcode or "",
            place=asked.town or "",
            country=asked.country or "",
        )
    except InvalidAddressError as error:
        raise RefusedRequestError([Fault("/q", _code(asked), str(error))]) from None


def _code(asked: GeocodeQuery) -> str:
    parts = [part for part in (asked.street, asked.postcode, asked.town) if part]
    if not asked.q and not parts:
        return "MISSING"
    return "CONTRADICTION" if asked.q and parts else "WRONG_LENGTH"


def _geocoder(state: AppState) -> Geocoder:
    try:
        geocoder = state.world.geocoder
    except InvalidRoadMapError as error:
        raise NoGeocoderError(str(error)) from error
    if geocoder is None:
        raise NoGeocoderError(
            "This data set has no map, so that no address is known. Choose one with "
            "`python -m data.osm use`."
        )
    return geocoder


def _candidate(one: Candidate) -> GeocodeCandidate:
    return GeocodeCandidate(
        position=(round(one.location.lon, DIGITS), round(one.location.lat, DIGITS)),
        level=LEVEL_OF[one.level].value,
        confidence=one.confidence,
        label=one.label,
        street=one.street,
        house_number=one.house_number,
        postcode=one.postcode,
        town=one.place,
        country=one.country,
    )
