"""What managers say of markets: between what is stored, what is sent, and what is computed with."""

from dataclasses import dataclass
from typing import Any

from accounts import InvalidAccountsError
from accounts.market import CATEGORIES, Category, TargetRule, check_categories
from api.schemas.market import (
    CategorySettings,
    MarketPolicyAnswer,
    MarketPolicyBody,
    MarketPolicyChange,
    MarketSettingsAnswer,
)
from api.services import policies
from api.services.errors import Fault, RefusedRequestError
from api.services.preconditions import Preconditions
from api.state import AppState, Snapshot
from data.tables import PolicySubject

SUBJECT = PolicySubject.MARKET


@dataclass(frozen=True, slots=True)
class MarketSettings:
    """
    What counts.

    Parameters
    ----------
    matrix_potential_eur, matrix_visit_value_eur
        Thresholds of the matrix; None: the medians.
    """

    rule: TargetRule
    categories: tuple[Category, ...]
    matrix_potential_eur: float | None = None
    matrix_visit_value_eur: float | None = None


def market_settings(snapshot: Snapshot) -> MarketSettings:
    """The newest version, or what is assumed."""
    policy = snapshot.policies.get(SUBJECT)
    body = MarketPolicyBody() if policy is None else MarketPolicyBody.model_validate(policy.body)
    return settings_of(body)


def market_policy(state: AppState, snapshot: Snapshot) -> MarketPolicyAnswer:
    """What counts, and the versions before."""
    return MarketPolicyAnswer(
        version=policies.version_of(snapshot.policies.get(SUBJECT)),
        settings=settings_answer(market_settings(snapshot)),
        versions=policies.versions_told(state, snapshot.dataset.id, SUBJECT),
    )


def decide_market(
    state: AppState, said: MarketPolicyChange, preconditions: Preconditions
) -> MarketPolicyAnswer:
    """
    Make it the next version.

    Raises
    ------
    RefusedRequestError
        When the categories are in disorder.
    PreconditionFailedError
    """
    try:
        settings_of(said)
    except InvalidAccountsError as error:
        raise RefusedRequestError([Fault("/categories", "INVALID_SETTINGS", str(error))]) from None
    body: dict[str, Any] = said.model_dump(mode="json", exclude={"reason"}, exclude_none=True)
    policies.decide(state, SUBJECT, body, said.reason, preconditions)
    return market_policy(state, state.snapshot())


def settings_of(said: MarketPolicyBody) -> MarketSettings:
    """
    Raises
    ------
    InvalidAccountsError
        When the categories are in disorder.
    """
    categories: tuple[Category, ...] = CATEGORIES
    if said.categories is not None:
        categories = tuple(
            Category(one.name, one.potential_from, one.visits_per_year) for one in said.categories
        )
    check_categories(categories)
    return MarketSettings(
        rule=TargetRule(said.target_share, said.crowded_share, said.crowded_prefixes),
        categories=categories,
        matrix_potential_eur=said.matrix_potential,
        matrix_visit_value_eur=said.matrix_visit_value,
    )


def settings_answer(settings: MarketSettings) -> MarketSettingsAnswer:
    return MarketSettingsAnswer(
        target_share=settings.rule.target_share,
        crowded_share=settings.rule.crowded_share,
        crowded_prefixes=settings.rule.crowded_prefixes,
        categories=tuple(
            CategorySettings(
                name=one.name,
                potential_from=one.potential_from_eur,
                visits_per_year=one.visits_per_year,
            )
            for one in settings.categories
        ),
        matrix_potential=settings.matrix_potential_eur,
        matrix_visit_value=settings.matrix_visit_value_eur,
    )
