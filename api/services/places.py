"""From what a client says of a place to a position on the road network."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from api.schemas.place import (
    Alternative,
    Place,
    PlaceHit,
    PlaceList,
    PlaceQuery,
    ResolvedPlace,
)
from api.schemas.route import Warning_
from api.services.accounts import DIGITS, position_of, row_of
from api.services.errors import Fault, RefusedRequestError
from api.services.formats import format_distance
from api.services.trust import ISSUES, NO_ISSUE, location_issues
from api.state import AppState, Snapshot
from api.world import World
from data.errors import UnknownPlaceError
from data.geocoding import places as gazetteer_places
from data.geocoding.gazetteer import Gazetteer
from data.tables import Rep
from geo import Location
from routing.reasons import ReasonCode

Found = TypeVar("Found")

HOME = "home"
"""As a place: the home of the rep."""

ALTERNATIVES_SHOWN = 20

_DOUBTFUL = {
    ReasonCode.LOCATION_MISSING: "Nobody knows where {account} is. Give a position instead.",
    ReasonCode.GEOCODE_AMBIGUOUS: "The address of {account} fits several places. Set it on the "
    "map, or give a position or place instead.",
    ReasonCode.GEOCODE_TOO_COARSE: "The position of {account} is known too roughly to drive there. "
    "Set it on the map, or give a position or place instead.",
}
"""Why an account is no place to start from; that it may be off the road is told of any place."""

NEAR_M = 5_000
"""A given position is near a town up to here; beyond, its name says how far it is from there."""


def find_places(state: AppState, text: str, limit: int) -> PlaceList:
    """Places for what was typed so far."""
    found = state.world.gazetteer.suggest(text, limit)
    return PlaceList(items=tuple(hit(place) for place in found))


def hit(place: gazetteer_places.Place) -> PlaceHit:
    is_postcode = place.level is gazetteer_places.Level.POSTCODE
    return PlaceHit(
        name=place.name,
        label=place.label,
        level="postcode" if is_postcode else "place",
        region=place.region or None,
        postcode=place.postcode,
        population=place.population or None,
        position=_position(place.location),
        query=PlaceQuery(postcode=place.postcode) if is_postcode else PlaceQuery(place=place.label),
    )


@dataclass(slots=True)
class PlaceResolver:
    """
    Resolves the places of one request and keeps what is to be said about them.

    Parameters
    ----------
    rep
        Whose home `place: home` is.
    faults, warnings
        Of all places so far. A place with a fault resolves to None.
    """

    world: World
    snapshot: Snapshot
    rep: Rep | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Warning_] = field(default_factory=list)

    def resolve(self, place: Place, at: str) -> ResolvedPlace | None:
        """The place that a request means; `at` is the pointer to it."""
        try:
            found = self._find(place, at)
        except RefusedRequestError as refusal:
            self.faults += refusal.faults
            return None
        snapped = self.world.engine.snap(*found.position)
        straight_m = int(snapped.straight_m[0])
        if snapped.is_off_road[0]:
            lon, lat = found.position
            # "Near" a town would be untrue here.
            is_named = found.name and place.position is None
            limit_m = round(self.world.engine.access_rule.max_access_m)
            self.faults.append(
                Fault(
                    at,
                    "OFF_ROAD",
                    f"{found.name if is_named else f'[{lon:g}, {lat:g}]'} is "
                    f"{format_distance(straight_m, round_up=True)} from the nearest known road; "
                    f"at most {format_distance(limit_m)} can be bridged. Choose a place nearer to "
                    "one.",
                )
            )
            return None
        if straight_m > self.world.engine.access_rule.frontage_m > 0:
            self._warn_far(straight_m, at)
        return found if place.name is None else found.model_copy(update={"name": place.name})

    def _find(self, place: Place, at: str) -> ResolvedPlace:
        if place.position is not None:
            return self._given(Location(*place.position))
        if place.account_id is not None:
            return self._account(place.account_id, at + "/account_id")
        gazetteer = self.world.gazetteer
        if place.postcode is not None:
            code = place.postcode
            found = _known(lambda: gazetteer.find_postcode(code), gazetteer, at + "/postcode")
            return ResolvedPlace(
                position=_position(found.location), name=found.label, level="postcode"
            )
        assert place.place is not None  # checked by the schema
        name = place.place
        if name.casefold() == HOME:
            return self._home(at + "/place")
        match = _known(lambda: gazetteer.find_place(name), gazetteer, at + "/place")
        is_label = name.casefold() == match.best.label.casefold()
        # "Frankfurt" is short for more than one name, however much larger one of them is.
        is_short = bool(match.alternatives) and name.casefold() != match.best.name.casefold()
        if (match.is_ambiguous or is_short) and not is_label:
            self._warn_ambiguous(match, at + "/place")
        return _of_match(match)

    def _given(self, location: Location) -> ResolvedPlace:
        try:
            nearest = self.world.gazetteer.nearest_place(location.lon, location.lat)
        except UnknownPlaceError:
            name = f"lon {location.lon:.5f}, lat {location.lat:.5f}"
        else:
            name = f"near {nearest.place.name}"
            if nearest.distance_m > NEAR_M:
                how_far = format_distance(round(nearest.distance_m))
                name = f"{how_far} from {nearest.place.name}"
        return ResolvedPlace(position=(location.lon, location.lat), name=name, level="given")

    def _account(self, account_id: str, at: str) -> ResolvedPlace:
        row = row_of(self.snapshot, account_id)
        if row is None:
            raise RefusedRequestError([unknown_account(account_id, at)])
        issue = location_issues(self.snapshot)[row]
        text = _DOUBTFUL.get(ISSUES[issue]) if issue != NO_ISSUE else None
        if text is not None:
            detail = text.format(account=f"account {account_id}")
            raise RefusedRequestError([Fault(at, ISSUES[issue].value, detail)])
        position = position_of(self.snapshot, row)
        assert position is not None  # otherwise it is missing
        return ResolvedPlace(position=position, name=self.snapshot.table.name[row], level="given")

    def _home(self, at: str) -> ResolvedPlace:
        if self.rep is None:
            detail = "`home` is the home of the `rep_id`, and the request names none."
            raise RefusedRequestError([Fault(at, "UNKNOWN_PLACE", detail)])
        return home_place(self.rep)

    def _warn_far(self, straight_m: int, at: str) -> None:
        self.warnings.append(
            Warning_(
                code="FAR_FROM_ROAD",
                detail=f"The nearest road where one may stop is {format_distance(straight_m)} "
                "away as the crow flies; the way from there is a guess.",
                pointer=at,
            )
        )

    def _warn_ambiguous(self, match: gazetteer_places.PlaceMatch, at: str) -> None:
        others = [place.label for place in match.alternatives]
        shown = "; ".join(others[:5]) + ("; ..." if len(others) > 5 else "")
        self.warnings.append(
            Warning_(
                code="AMBIGUOUS_PLACE",
                detail=f"{match.best.label} was taken, the largest of {len(others) + 1} places "
                f"of that name. Others: {shown}.",
                pointer=at,
            )
        )


def home_place(rep: Rep) -> ResolvedPlace:
    """Where a rep lives."""
    return ResolvedPlace(
        position=_position(Location(rep.home_lon, rep.home_lat)),
        name=f"Home in {rep.home_town}",
        level="given",
    )


def unknown_account(account_id: str, at: str) -> Fault:
    return Fault(at, "UNKNOWN_ACCOUNT", f"There is no account {account_id!r}.")


def resolve_text(resolver: PlaceResolver, text: str, at: str) -> ResolvedPlace | None:
    """A place given as one word of a query: a name, a postcode, `lon,lat` or `account:ID`."""
    kind, _, rest = text.partition(":")
    if kind == "account" and rest:
        return _at_query(resolver, Place(account_id=rest.strip()[:64]), at)
    parts = text.split(",")
    if len(parts) == 2:
        try:
            lon, lat = float(parts[0]), float(parts[1])
        except ValueError:
            pass
        else:
            if abs(lon) <= 180 and abs(lat) <= 90:
                return _at_query(resolver, Place(position=(lon, lat)), at)
            detail = f"{text!r} lies outside the earth. The order is lon,lat in degrees."
            resolver.faults.append(Fault(at, "OUT_OF_RANGE", detail))
            return None
    return _at_query(resolver, Place(place=text), at)


def _at_query(resolver: PlaceResolver, place: Place, at: str) -> ResolvedPlace | None:
    """Resolve, with pointers that end at the parameter itself."""
    before = len(resolver.faults)
    found = resolver.resolve(place, at)
    resolver.faults[before:] = [
        Fault(at, fault.code, fault.detail, fault.suggestions) for fault in resolver.faults[before:]
    ]
    return found


def _known(find: Callable[[], Found], gazetteer: Gazetteer, at: str) -> Found:
    try:
        return find()
    except UnknownPlaceError as error:
        suggestions = tuple(hit(gazetteer.find_place(label).best) for label in error.suggestions)
        raise RefusedRequestError([Fault(at, "UNKNOWN_PLACE", str(error), suggestions)]) from None


def _of_match(match: gazetteer_places.PlaceMatch) -> ResolvedPlace:
    is_postcode = match.best.level is gazetteer_places.Level.POSTCODE
    return ResolvedPlace(
        position=_position(match.best.location),
        name=match.best.label,
        level="postcode" if is_postcode else "place",
        alternatives=tuple(
            Alternative(
                name=place.label,
                region=place.region or None,
                position=_position(place.location),
                population=place.population or None,
            )
            for place in match.alternatives[:ALTERNATIVES_SHOWN]
        )
        or None,
    )


def _position(location: Location) -> tuple[float, float]:
    return round(location.lon, DIGITS), round(location.lat, DIGITS)
