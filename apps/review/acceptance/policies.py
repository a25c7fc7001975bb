"""How often machines may be wrong where nobody looks: a workspace's owner says it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.classification.engine.certify import AUDIT_SHARE
from apps.core import audit
from apps.core.clock import now
from apps.core.errors import UserError
from apps.core.generations import bump_on_commit
from apps.review.acceptance.certifying import certificate_replace
from apps.review.acceptance.selectors import LIVE
from apps.review.models import AcceptPolicy, Certificate, CertificateState
from apps.review.models.acceptance import SAMPLE_SHARE

LEAST_TARGET: Final = 0.001  # takes 3,688 checks without an error
MOST_TARGET: Final = 0.2
LEAST_SHARE: Final = 0.001  # that forms and programs may ask to be drawn
_SET: Final = ("target_error", "sample_share", "audit_share")


class InvalidPolicyError(UserError):
    """A policy that promises nothing, or what nobody could check."""

    code = "invalid_policy"


@dataclass(frozen=True)
class PolicyDraft:
    """A policy as somebody wants it; shares between 0 and 1, and no target for none."""

    target_error: float | None
    sample_share: float = SAMPLE_SHARE
    audit_share: float = AUDIT_SHARE


@transaction.atomic
def policy_set(*, workspace_id: UUID, draft: PolicyDraft, by: User) -> AcceptPolicy:
    """Set a workspace's policy. Raises InvalidPolicyError.

    Another target ends the certificates of the one before, and others begin with checks of their own: a target that is
    chosen by what the checks have shown already would promise too much. Without a target they rest, and go on where
    the same target is set again. What was accepted stays so.
    """
    _check(draft)
    AcceptPolicy.objects.bulk_create([AcceptPolicy(workspace_id=workspace_id)], ignore_conflicts=True)
    policy = AcceptPolicy.objects.select_for_update().get(workspace_id=workspace_id)
    before, after = ({name: getattr(given, name) for name in _SET} for given in (policy, draft))
    for name, value in after.items():
        setattr(policy, name, value)
    policy.changed_at, policy.by_id, policy.by_label = now(), by.pk, str(by)
    policy.save()
    if draft.target_error is not None:
        live = Certificate.objects.select_for_update(no_key=True).filter(workspace_id=workspace_id, state__in=LIVE)
        for certificate in live.exclude(target_error=draft.target_error).order_by("id"):
            certificate_replace(certificate=certificate, state=CertificateState.ENDED, at=policy.changed_at)
    audit.record(
        action="accept_policy.set",
        object_kind="accept_policy",
        object_id=policy.pk,
        workspace_id=workspace_id,
        actor=by,
        data={"before": before, "after": after},
    )
    bump_on_commit(workspace_id)
    return policy


def _check(draft: PolicyDraft) -> None:
    if draft.target_error is not None and not LEAST_TARGET <= draft.target_error <= MOST_TARGET:
        raise InvalidPolicyError("The error that is allowed is a share from 0.001 to 0.2, or none at all.")
    if not 0 < draft.sample_share <= 1 or not 0 < draft.audit_share <= 1:
        raise InvalidPolicyError("The shares that are checked at random are above 0 and at most 1.")
