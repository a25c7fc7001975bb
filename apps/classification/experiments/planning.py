"""Planning an experiment: how many outcomes it needs to find a difference that matters."""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import Final

from apps.classification.engine.power import PowerPlan, plan_paired, plan_unpaired
from apps.classification.models import ExperimentMode, ModelVersion
from apps.core.errors import UserError

ALPHA: Final = 0.05
POWER: Final = 0.8
LEAST_DIFFERENCE: Final = 0.01
LEAST_SHARE: Final = 0.05
_OTHERS: Final = (1.5, 2.0)


class InvalidPlanError(UserError):
    """An experiment cannot be planned like that."""

    code = "invalid_plan"


@dataclass(frozen=True)
class ExperimentDraft:
    """An experiment as somebody wants it; shares, rates and differences are from 0 to 1."""

    name: str
    treatment: ModelVersion
    mode: ExperimentMode
    expected_rate: float
    difference: float
    share: float = 0.5
    asked_share: float = 1.0
    differing_share: float = 0.1


@dataclass(frozen=True)
class Plan:
    """What enters the test at most, and how many documents have to come in for it; None: more than one can wait for."""

    difference: float
    outcomes: int | None
    documents: int | None


def plan_of(draft: ExperimentDraft) -> Plan:
    """Plan an experiment; raises InvalidPlanError for what cannot be."""
    _check(draft)
    if draft.mode == ExperimentMode.SHADOW:
        won = (draft.differing_share + draft.difference) / (2 * draft.differing_share)
        needed = _paired(draft.differing_share, won).outcomes
        outcomes = None if needed is None else ceil(needed * draft.differing_share)
        return Plan(draft.difference, outcomes, needed)  # people are asked wherever the two differ
    outcomes = _unpaired(draft.expected_rate, draft.expected_rate + draft.difference, draft.share).outcomes
    documents = None if outcomes is None else ceil(outcomes / draft.asked_share)
    return Plan(draft.difference, outcomes, documents)


def plans_beside(draft: ExperimentDraft) -> list[Plan]:
    """Return the plans for some larger differences that could be, which need less."""
    room = draft.differing_share if draft.mode == ExperimentMode.SHADOW else 1 - draft.expected_rate
    found = [round(draft.difference * factor, 4) for factor in _OTHERS]
    return [plan_of(replace(draft, difference=each)) for each in found if each < room]


@lru_cache(maxsize=64)
def _paired(differing: float, won: float) -> PowerPlan:
    return plan_paired(differing, won, power=POWER, alpha=ALPHA)


@lru_cache(maxsize=64)
def _unpaired(control: float, treatment: float, share: float) -> PowerPlan:
    return plan_unpaired(control, treatment, share=share, power=POWER, alpha=ALPHA)


def _check(draft: ExperimentDraft) -> None:
    if not 0 < draft.expected_rate < 1:
        raise InvalidPlanError("The model in use is right in more than 0 % and less than 100 % of the documents.")
    if draft.difference < LEAST_DIFFERENCE:
        raise InvalidPlanError("Differences below one point need more documents than anybody judges.")
    if not LEAST_SHARE <= draft.asked_share <= 1:
        raise InvalidPlanError("People are asked about 5 % to 100 % of the documents.")
    if draft.mode == ExperimentMode.SHADOW:
        if not draft.difference <= draft.differing_share <= 1:
            raise InvalidPlanError("The two models differ on at least as many documents as the difference to be found.")
        return
    if not LEAST_SHARE <= draft.share <= 1 - LEAST_SHARE:
        raise InvalidPlanError("Each model gets at least 5 % of the documents.")
    if draft.expected_rate + draft.difference >= 1:
        raise InvalidPlanError("No model is right in 100 % of the documents or more: choose a smaller difference.")
