"""What managers say of touches: between what is stored, what is sent, and what is computed with."""

from collections.abc import Mapping
from typing import Any

from accounts import InvalidAccountsError
from accounts.touches.settings import (
    Activity,
    Maintenance,
    Role,
    TouchChannel,
    TouchSettings,
    TouchType,
    WinningPrior,
    default_settings,
)
from api.schemas.touches import (
    ChannelSettingsAnswer,
    MaintenanceSettingsAnswer,
    RoleSettingsAnswer,
    RoleShare,
    RoleShareAnswer,
    TouchPolicyAnswer,
    TouchPolicyBody,
    TouchPolicyChange,
    TouchSettingsAnswer,
    WinningSettingsAnswer,
)
from api.services import policies
from api.services.errors import Fault, RefusedRequestError
from api.services.preconditions import Preconditions
from api.state import AppState, Snapshot
from data.tables import PolicySubject

SUBJECT = PolicySubject.TOUCHES


def touch_settings(state: AppState, snapshot: Snapshot) -> TouchSettings:
    """What counts: the newest version, or what is assumed."""
    policy = snapshot.policies.get(SUBJECT)
    if policy is None:
        return default_settings(state.settings.hour_rate_eur, state.settings.km_rate_eur)
    return settings_of(TouchPolicyBody.model_validate(policy.body))


def touch_policy(state: AppState, snapshot: Snapshot) -> TouchPolicyAnswer:
    """What counts, and the versions before."""
    return TouchPolicyAnswer(
        version=policies.version_of(snapshot.policies.get(SUBJECT)),
        settings=settings_answer(touch_settings(state, snapshot)),
        versions=policies.versions_told(state, snapshot.dataset.id, SUBJECT),
    )


def decide_touches(
    state: AppState, said: TouchPolicyChange, preconditions: Preconditions
) -> TouchPolicyAnswer:
    """
    Make it the next version.

    Raises
    ------
    RefusedRequestError
        When parts of it contradict each other.
    PreconditionFailedError
    """
    try:
        settings_of(said)
    except InvalidAccountsError as error:
        raise RefusedRequestError([Fault("", "INVALID_SETTINGS", str(error))]) from None
    body: dict[str, Any] = said.model_dump(mode="json", exclude={"reason"}, exclude_none=True)
    policies.decide(state, SUBJECT, body, said.reason, preconditions)
    return touch_policy(state, state.snapshot())


def settings_of(said: TouchPolicyBody) -> TouchSettings:
    """
    Raises
    ------
    InvalidAccountsError
        When parts of it contradict each other.
    """
    care = said.maintenance
    return TouchSettings(
        types=tuple(
            TouchType(
                channel=TouchChannel(one.channel),
                activity=Activity(
                    duration_s=one.duration_s,
                    preparation_s=one.preparation_s,
                    team=_team(one.team),
                    support_share=one.support_share,
                    expense_eur=one.expense,
                ),
                effect_share=one.effect_share,
                interval_days=one.interval_days,
            )
            for one in said.channels
        ),
        roles=tuple(Role(one.role, one.per_hour) for one in said.roles),
        maintenance=Maintenance(
            base_s=care.base_s_per_year,
            per_contact_s=care.contact_s_per_year,
            per_order_s=care.order_s,
            team=_team(care.team),
            support_share=care.support_share,
            extra_contact_share=care.extra_contact_share,
        ),
        winning=WinningPrior(**said.winning.model_dump()),
        km_rate_eur=said.per_km,
        overhead_share=said.overhead_share,
    )


def _team(said: tuple[RoleShare, ...]) -> dict[str, float]:
    team = {one.role: one.share for one in said}
    if len(team) < len(said):
        raise InvalidAccountsError("A team names one role twice. Add its shares up.")
    return team


def settings_answer(settings: TouchSettings) -> TouchSettingsAnswer:
    care = settings.maintenance
    return TouchSettingsAnswer(
        channels=tuple(
            ChannelSettingsAnswer(
                channel=one.channel.value,
                duration_s=one.activity.duration_s,
                preparation_s=one.activity.preparation_s,
                effect_share=one.effect_share,
                interval_days=one.interval_days,
                expense=one.activity.expense_eur,
                support_share=one.activity.support_share,
                team=_shares(one.activity.team),
            )
            for one in settings.types
        ),
        roles=tuple(
            RoleSettingsAnswer(role=one.name, per_hour=one.hour_rate_eur) for one in settings.roles
        ),
        maintenance=MaintenanceSettingsAnswer(
            base_s_per_year=care.base_s,
            contact_s_per_year=care.per_contact_s,
            order_s=care.per_order_s,
            extra_contact_share=care.extra_contact_share,
            support_share=care.support_share,
            team=_shares(care.team),
        ),
        winning=WinningSettingsAnswer(
            touches=settings.winning.touches,
            days=settings.winning.days,
            strength_wins=settings.winning.strength_wins,
        ),
        per_km=settings.km_rate_eur,
        overhead_share=settings.overhead_share,
    )


def _shares(team: Mapping[str, float]) -> tuple[RoleShareAnswer, ...]:
    return tuple(RoleShareAnswer(role=role, share=share) for role, share in team.items())
