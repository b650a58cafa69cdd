"""The engagement programme of a data set, as it is written in the versions of its policy."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from accounts.engagement import (
    PROGRAMME,
    CallChannel,
    Channel,
    Programme,
    Segment,
    checked_programme,
)
from data import policy_store
from data.tables import Policy, PolicySubject


def programme_of(session: Session, dataset_id: int) -> Programme:
    """The programme that counts; what a data set starts with, where nothing was decided."""
    policy = policy_store.current(session, dataset_id, PolicySubject.PROGRAMME)
    return programme_in({} if policy is None else {policy.subject: policy})


def programme_in(policies: Mapping[PolicySubject, Policy]) -> Programme:
    """The same, among what was decided on each subject."""
    policy = policies.get(PolicySubject.PROGRAMME)
    return PROGRAMME if policy is None else from_body(policy.body)


def from_body(body: Mapping[str, Any]) -> Programme:
    """What a version of the policy says."""
    return checked_programme([_segment(one) for one in body["segments"]])


def to_body(programme: Sequence[Segment]) -> dict[str, Any]:
    """As it is kept; `from_body` reads it."""
    return {
        "segments": [
            {
                "name": one.name,
                "revenue_from": one.revenue_from_eur,
                "channel": one.channel.value,
                "visit_interval_days": one.visit_interval_days,
                "service_duration_s": one.service_duration_s,
                "call_channel": None if one.call_channel is None else one.call_channel.value,
                "call_interval_days": one.call_interval_days,
                "has_field_visits": one.has_field_visits,
                "description": one.description,
            }
            for one in programme
        ]
    }


def _segment(one: Mapping[str, Any]) -> Segment:
    call_channel = one["call_channel"]
    return Segment(
        one["name"],
        one["revenue_from"],
        Channel(one["channel"]),
        one["visit_interval_days"],
        one["service_duration_s"],
        None if call_channel is None else CallChannel(call_channel),
        one["call_interval_days"],
        one["has_field_visits"],
        one["description"],
    )
