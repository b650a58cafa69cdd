"""What managers expect of units, as versions of the policy on response."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from accounts import InvalidResponseError
from accounts.allocation.adbudg import AdbudgAnswers, AdbudgCurves
from api.schemas.allocation import (
    Answers,
    ResponseAnswer,
    ResponseDecision,
    StoredResponse,
)
from api.services import policies
from api.services.errors import Fault, RefusedRequestError
from api.services.preconditions import Preconditions
from api.services.selling_units import names_of_units
from api.state import AppState, Snapshot
from data.tables import PolicySubject

SUBJECT = PolicySubject.RESPONSE

Stored = Mapping[str, Mapping[str, Mapping[str, float]]]
"""By level and id of the unit."""


def answers_of(snapshot: Snapshot, level: str) -> dict[str, AdbudgAnswers]:
    """By id of the unit, what counts."""
    return {
        unit_id: AdbudgAnswers(**answers)
        for unit_id, answers in _stored(snapshot).get(level, {}).items()
    }


def responses(state: AppState, snapshot: Snapshot) -> ResponseAnswer:
    """All answers that count, and the versions before."""
    items = tuple(
        _told(level, unit_id, answers)
        for level in _stored(snapshot)
        for unit_id, answers in answers_of(snapshot, level).items()
    )
    return ResponseAnswer(
        version=policies.version_of(snapshot.policies.get(SUBJECT)),
        items=items,
        versions=policies.versions_told(state, snapshot.dataset.id, SUBJECT),
    )


def decide(state: AppState, said: ResponseDecision, preconditions: Preconditions) -> ResponseAnswer:
    """
    Make it the next version.

    Raises
    ------
    RefusedRequestError
        When the unit is not known, or the answers do not grow with the effort.
    PreconditionFailedError
    """
    snapshot = state.snapshot()
    if said.unit_id not in names_of_units(snapshot, said.level):
        detail = f"There is no {said.level} {said.unit_id!r}; GET /allocation lists them."
        raise RefusedRequestError([Fault("/unit_id", f"UNKNOWN_{said.level.upper()}", detail)])
    body: dict[str, Any] = {level: dict(units) for level, units in _stored(snapshot).items()}
    units = body.setdefault(said.level, {})
    if said.at_none is None:
        if said.unit_id not in units:
            detail = (
                f"There are no answers for the {said.level} {said.unit_id!r} to go back from. "
                "Give all four."
            )
            raise RefusedRequestError([Fault("/at_none", "MISSING", detail)])
        del units[said.unit_id]
    else:
        given = said.model_dump(include=set(AdbudgAnswers.__dataclass_fields__))
        try:
            AdbudgAnswers(**given)
        except InvalidResponseError as error:
            raise RefusedRequestError([Fault("", "INVALID_ANSWERS", str(error))]) from None
        units[said.unit_id] = given
    policies.decide(state, SUBJECT, body, said.reason, preconditions)
    return responses(state, state.snapshot())


def told_answers(answers: AdbudgAnswers) -> Answers:
    return Answers(
        at_none=answers.at_none,
        at_present=answers.at_present,
        at_half_more=answers.at_half_more,
        at_saturation=answers.at_saturation,
    )


def _told(level: str, unit_id: str, answers: AdbudgAnswers) -> StoredResponse:
    curve = AdbudgCurves.of_answers((answers,), np.ones(1), np.ones(1))
    return StoredResponse(
        level=level,
        unit_id=unit_id,
        answers=told_answers(answers),
        shape=round(answers.shape, 4),
        half_point=round(answers.half_point, 4),
        elasticity=round(float(curve.elasticity(np.ones(1))[0]), 4),
    )


def _stored(snapshot: Snapshot) -> Stored:
    policy = snapshot.policies.get(SUBJECT)
    return {} if policy is None else policy.body
