"""Representatives as other systems know them."""

from dataclasses import dataclass
from typing import Any

from accounts.account import OpeningWindow
from api.schemas.account import ExternalRefAnswer
from api.schemas.place import Place, ResolvedPlace
from api.schemas.rep import RepAnswer, RepFacts
from api.services.account_card import opening_answer
from api.services.errors import Fault, RefusedRequestError
from api.services.places import PlaceResolver
from api.services.record_reading import opening_hours
from api.state import AppState
from data import rep_store
from data.database import Session
from data.errors import UnknownPlaceError

OFFICE_HOURS = tuple(OpeningWindow(weekday, 8 * 3600, 17 * 3600) for weekday in range(1, 6))


@dataclass(frozen=True, slots=True)
class PutRep:
    """A rep that was written, and whether there was none before."""

    rep: RepAnswer
    is_new: bool


def put_rep(state: AppState, system: str, external_id: str, said: RepFacts) -> PutRep:
    """
    Write what is said of a rep, and give them the accounts that have waited for them.

    Raises
    ------
    RefusedRequestError
        When something that is said cannot be used, or a new rep has no name or home.
    """
    ground = state.ground()
    facts = _facts(state, said)

    def write(session: Session) -> PutRep:
        dataset_id = ground.dataset.id
        is_new = rep_store.by_external_id(session, dataset_id, system, external_id) is None
        if is_new:
            _check_whole(facts)
            facts.setdefault("working_hours", OFFICE_HOURS)
        done = rep_store.put(
            session, dataset_id, system, external_id, facts, state.clock(), ground.today
        )
        refs = [
            ExternalRefAnswer(system=ref.system, external_id=ref.external_id)
            for ref in rep_store.all_refs(session, dataset_id)
            if ref.rep_id == done.rep.id
        ]
        answer = RepAnswer(
            rep_id=str(done.rep.id),
            name=done.rep.name,
            town=done.rep.home_town,
            external_refs=tuple(refs),
            working_hours=opening_answer(done.rep.working_hours),
            received=done.received,
        )
        return PutRep(answer, done.is_new)

    return state.database.write(write)


def _facts(state: AppState, said: RepFacts) -> dict[str, Any]:
    """By column, what is said."""
    facts: dict[str, Any] = {}
    faults: list[Fault] = []
    if said.name is not None:
        facts["name"] = said.name
    if said.home is not None:
        home = _resolved(state, said.home, faults)
        if home is not None:
            facts["home_lon"], facts["home_lat"] = home.position
            facts["home_town"] = said.home.name or _town(state, home)
    if said.working_hours is not None:
        facts["working_hours"] = opening_hours(said.working_hours, "working_hours", faults)
    if said.settings is not None:
        facts["settings"] = said.settings.model_dump(
            mode="json", exclude_unset=True, exclude_none=True, by_alias=True
        )
    if faults:
        raise RefusedRequestError(faults)
    return facts


def _check_whole(facts: dict[str, Any]) -> None:
    missing = [
        key for key, column in (("name", "name"), ("home", "home_lon")) if column not in facts
    ]
    if missing:
        raise RefusedRequestError(
            [
                Fault(f"/{key}", "MISSING", f"{key} is missing. A new rep needs one.")
                for key in missing
            ]
        )


def _resolved(state: AppState, home: Place, faults: list[Fault]) -> ResolvedPlace | None:
    snapshot = state.snapshot()
    resolver = PlaceResolver(snapshot.world, snapshot)
    found = resolver.resolve(home, "/home")
    faults += resolver.faults
    return found


def _town(state: AppState, home: ResolvedPlace) -> str:
    """The town of a home; where exactly in it, is told to nobody."""
    if home.level == "place" and home.name:
        return home.name.partition(",")[0][:200]
    try:
        return state.ground().world.gazetteer.nearest_place(*home.position).place.name[:200]
    except UnknownPlaceError:
        return ""
