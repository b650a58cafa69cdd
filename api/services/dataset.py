"""What data there is."""

import numpy as np

from accounts import STATUSES
from api.schemas.account import ExternalRefAnswer
from api.schemas.dataset import Dataset, Defaults, Example, RepItem, RepList, SegmentAnswer
from api.services.tiles import tiles_url
from api.state import AppState, Snapshot
from data import rep_store

REPS_SHOWN = 10


def dataset(state: AppState) -> Dataset:
    """The active data set: what is real in it, what invented, and how much there is."""
    snapshot, settings = state.snapshot(), state.settings
    stored, table = snapshot.dataset, snapshot.table
    counts = np.bincount(table.status, minlength=len(STATUSES)).tolist()
    return Dataset(
        dataset_id=str(stored.id),
        name=stored.name,
        kind=stored.kind.value,
        note=stored.note,
        country=stored.country,
        timezone=stored.timezone,
        currency=stored.currency,
        created_for=stored.created_for,
        as_of=snapshot.today,
        data_version=state.data_version,
        account_count=len(table),
        status_counts={s.value: n for s, n in zip(STATUSES, counts, strict=True)},
        rep_count=len(snapshot.reps),
        reps=_items(snapshot)[:REPS_SHOWN],
        segments=tuple(
            SegmentAnswer(
                segment=segment.name,
                revenue_from=segment.revenue_from_eur,
                channel=segment.channel.value,
                visit_interval_days=segment.visit_interval_days,
                service_duration_s=segment.service_duration_s,
            )
            for segment in snapshot.programme
        ),
        bbox=_bbox(snapshot),
        defaults=Defaults(
            per_hour=settings.hour_rate_eur,
            per_km=settings.km_rate_eur,
            per_night=settings.night_cost_eur,
            margin_share=settings.margin_share,
            max_detour_per_visit_s=settings.max_detour_per_visit_s,
            shortlist=settings.shortlist_size,
            iterations=settings.iterations,
            change_price=settings.change_price_eur,
        ),
        example=_example(snapshot),
        style_url=settings.style_url,
        tiles_url=tiles_url(snapshot.world),
        map_bbox=None if snapshot.world.tiles is None else snapshot.world.tiles.bounds,
    )


def reps(state: AppState) -> RepList:
    """All representatives by name, with what other systems call them."""
    snapshot = state.snapshot()
    refs: dict[str, list[ExternalRefAnswer]] = {}
    with state.database.session() as session:
        for ref in rep_store.all_refs(session, snapshot.dataset.id):
            told = ExternalRefAnswer(system=ref.system, external_id=ref.external_id)
            refs.setdefault(str(ref.rep_id), []).append(told)
    return RepList(
        items=tuple(
            item.model_copy(update={"external_refs": tuple(refs[item.rep_id])})
            if item.rep_id in refs
            else item
            for item in _items(snapshot)
        )
    )


def _items(snapshot: Snapshot) -> tuple[RepItem, ...]:
    owned = snapshot.owned_counts
    return tuple(
        RepItem(
            rep_id=str(rep.id),
            name=rep.name,
            town=rep.home_town,
            account_count=owned.get(rep.id, 0),
        )
        for rep in snapshot.reps
    )


def _example(snapshot: Snapshot) -> Example | None:
    if snapshot.world.example is None:
        return None
    start, end, days = snapshot.world.example
    return Example(start=start, end=end, days=days)


def _bbox(snapshot: Snapshot) -> tuple[float, float, float, float] | None:
    if not snapshot.has_location.any():
        return None
    lon = snapshot.table.lon[snapshot.has_location]
    lat = snapshot.table.lat[snapshot.has_location]
    return (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
