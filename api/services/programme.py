"""The engagement programme of the data set: what counts, and putting another one in its place."""

from collections.abc import Sequence

from accounts import FOUNDING_PROGRAMME, PROGRAMME, Programme, Segment
from accounts.cadence import RepLoad
from accounts.engagement import CallChannel, Channel, checked_programme
from accounts.errors import InvalidProgrammeError
from accounts.touches.yearly_effort import YearlyEffort, yearly_effort
from api.schemas.programme import (
    ProgrammeAnswer,
    ProgrammeFacts,
    ProgrammeTemplate,
    ProgrammeVersion,
    RepCadence,
    SegmentEffort,
    SegmentRule,
    SegmentRuleAnswer,
)
from api.services.errors import Fault, RefusedRequestError, pointer
from api.services.preconditions import Preconditions
from api.services.programme_preview import changed, effort_answer
from api.services.touch_settings import touch_settings
from api.state import AppState, Snapshot
from data import policy_store, programme_store
from data.database import Session
from data.tables import Policy, PolicySubject

TEMPLATES = (
    ("start", "What a data set starts with", PROGRAMME),
    ("founding", "Six steps of service by revenue", FOUNDING_PROGRAMME),
)


def programme(state: AppState) -> ProgrammeAnswer:
    """The programme that counts, what it takes, its versions, and templates for others."""
    snapshot = state.snapshot()
    with state.database.session() as session:
        versions = policy_store.versions(session, snapshot.dataset.id, PolicySubject.PROGRAMME)
    current = snapshot.policies.get(PolicySubject.PROGRAMME)
    names = {rep.id: rep.name for rep in snapshot.reps}
    efforts = _efforts(state, snapshot)
    return ProgrammeAnswer(
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        version=0 if current is None else current.version,
        reason=None if current is None else current.reason,
        decided_at=None if current is None else current.created_at,
        segments=rule_answers(snapshot.programme),
        effort=tuple(
            SegmentEffort(
                segment=segment.name,
                effort=effort_answer(efforts.of(snapshot.table.segment == index)),
            )
            for index, segment in enumerate(snapshot.programme)
        ),
        total=effort_answer(efforts.of(snapshot.table.segment >= 0)),
        reps=tuple(rep_cadence(load, names[load.rep_id]) for load in snapshot.cadence.reps),
        versions=tuple(map(_version_answer, versions)),
        templates=tuple(
            ProgrammeTemplate(template=name, title=title, segments=rule_answers(segments))
            for name, title, segments in TEMPLATES
        ),
    )


def put_programme(
    state: AppState, said: ProgrammeFacts, preconditions: Preconditions
) -> ProgrammeAnswer:
    """
    Let another programme count from now on, and put every account into its place.

    Raises
    ------
    RefusedRequestError
        When it is no programme.
    PreconditionFailedError
        When another version counts than the one that was meant.
    """
    snapshot = state.snapshot()
    after = read_programme(said.segments)
    now = state.clock()

    def write(session: Session) -> None:
        dataset_id = snapshot.dataset.id
        programme_store.hold(session, dataset_id)
        current = policy_store.current(session, dataset_id, PolicySubject.PROGRAMME)
        version = 0 if current is None else current.version
        preconditions.check(version, "the engagement programme")
        before = programme_store.programme_of(session, dataset_id)
        stored = programme_store.served(session, dataset_id)
        change = changed(snapshot, stored, before, after, said)
        body = programme_store.to_body(after)
        policy_store.add(session, dataset_id, PolicySubject.PROGRAMME, body, said.reason, now)
        programme_store.apply_change(session, stored, change, now)

    state.database.write(write)
    return programme(state)


def read_programme(rules: Sequence[SegmentRule]) -> Programme:
    """
    Raises
    ------
    RefusedRequestError
        With everything that is wrong with the segments, or else with their order.
    """
    segments, faults = [], []
    for index, rule in enumerate(rules):
        try:
            segments.append(_segment(rule))
        except InvalidProgrammeError as error:
            faults.append(_fault(error, index))
    if faults:
        raise RefusedRequestError(faults)
    try:
        return checked_programme(segments)
    except InvalidProgrammeError as error:
        raise RefusedRequestError([_fault(error, error.segment_index)]) from None


def _fault(error: InvalidProgrammeError, index: int | None) -> Fault:
    parts: list[str | int] = ["segments"]
    if index is not None:
        parts += [index, {"name": "segment"}.get(error.key, error.key)]
    return Fault(pointer(*parts), "INVALID_PROGRAMME", str(error))


def _segment(rule: SegmentRule) -> Segment:
    channel = Channel(rule.channel)
    is_field = channel is Channel.FIELD
    if is_field and rule.field_visits is False:
        raise InvalidProgrammeError(
            "field_visits",
            f"The field serves segment {rule.segment}, so its trips visit these accounts. Choose "
            "another channel, or leave field_visits out.",
        )
    return Segment(
        name=rule.segment,
        revenue_from_eur=rule.revenue_from,
        channel=channel,
        visit_interval_days=rule.visit_interval_days,
        service_duration_s=rule.service_duration_s,
        call_channel=None if rule.call_channel is None else CallChannel(rule.call_channel),
        call_interval_days=rule.call_interval_days,
        has_field_visits=bool(rule.field_visits),
        description=rule.description,
    )


def rule_answers(segments: Programme) -> tuple[SegmentRuleAnswer, ...]:
    return tuple(
        SegmentRuleAnswer(
            segment=one.name,
            revenue_from=one.revenue_from_eur,
            channel=one.channel.value,
            visit_interval_days=one.visit_interval_days,
            service_duration_s=one.service_duration_s,
            call_channel=None if one.call_channel is None else one.call_channel.value,
            call_interval_days=one.call_interval_days,
            field_visits=one.is_visited_by_field,
            description=one.description,
        )
        for one in segments
    )


def rep_cadence(load: RepLoad, name: str) -> RepCadence:
    return RepCadence(
        rep_id=str(load.rep_id),
        name=name,
        accounts=load.account_count,
        visits_per_week=round(load.visits, 2),
        service_h_per_week=round(load.service_s / 3600, 2),
        travel_h_per_week=round(load.travel_s / 3600, 2),
        load_h_per_week=round(load.load_s / 3600, 2),
        capacity_h_per_week=round(load.capacity_s / 3600, 2),
        utilisation=round(load.load_s / load.capacity_s, 4) if load.has_hours else None,
        interval_stretch=round(load.stretch, 4),
    )


def _efforts(state: AppState, snapshot: Snapshot) -> YearlyEffort:
    table, found = snapshot.table, snapshot.cadence
    return yearly_effort(
        snapshot.programme,
        table.segment.astype("int64"),
        table.visit_interval_days,
        table.service_duration_s,
        found.travel_s,
        found.travel_m,
        touch_settings(state, snapshot),
    )


def _version_answer(policy: Policy) -> ProgrammeVersion:
    return ProgrammeVersion(
        version=policy.version,
        reason=policy.reason,
        decided_at=policy.created_at,
        segments=rule_answers(programme_store.from_body(policy.body)),
    )
