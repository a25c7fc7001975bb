"""What machines may accept without a person: a workspace's policy, certificates, and the random checks behind them."""

import secrets
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from apps.classification.engine.certify import AUDIT_SHARE
from apps.core.clock import now
from apps.core.models import WorkspaceModel
from apps.documents.models import Document

SAMPLE_SHARE: Final = 0.2


def new_salt() -> str:
    """Return what makes a workspace's random choices its own: who knows a document's id cannot foresee them."""
    return secrets.token_hex(16)


class AcceptPolicy(WorkspaceModel):
    """How often a workspace lets machines be wrong where no person looks; without a target nothing is accepted."""

    target_error = models.FloatField(null=True, blank=True, help_text="Share; none: nothing is accepted automatically.")
    sample_share = models.FloatField(default=SAMPLE_SHARE, help_text="Of documents, checked whatever their score.")
    audit_share = models.FloatField(default=AUDIT_SHARE, help_text="Of what is accepted, checked all the same.")
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    changed_at = models.DateTimeField(default=now)
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at"]
        verbose_name_plural = "accept policies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace"], name="accept_policy_once"),
            models.CheckConstraint(
                condition=Q(target_error__isnull=True) | Q(target_error__gt=0, target_error__lt=1),
                name="accept_policy_target_share",
            ),
            models.CheckConstraint(
                condition=Q(sample_share__gt=0, sample_share__lte=1, audit_share__gt=0, audit_share__lte=1),
                name="accept_policy_shares",
            ),
        ]

    def __str__(self) -> str:
        return "off" if self.target_error is None else f"at most {self.target_error:.1%} wrong"


class CertificateState(models.TextChoices):
    """Where a certificate stands."""

    COLLECTING = "COLLECTING", "Collecting checks"
    CERTIFIED = "CERTIFIED", "Automatic"
    SUSPENDED = "SUSPENDED", "Suspended"
    ENDED = "ENDED", "Ended"


class Certificate(WorkspaceModel):
    """What random checks have shown so far of a type, or of a field of a type's documents, against one target.

    Each look is taken once, with the checks that it was planned for, and kept as it was then. A certificate that an
    audit suspended does not come back: another one begins, with checks of its own.
    """

    document_type = models.CharField(max_length=60, help_text="As the model says it is.")
    key = models.CharField(max_length=60, blank=True, help_text="The field; blank: the type itself.")
    target_error = models.FloatField()
    alpha = models.FloatField(help_text="Chance of a false certificate, all looks together.")
    state = models.CharField(max_length=10, choices=CertificateState.choices, default=CertificateState.COLLECTING)
    looks = models.JSONField(default=list, help_text="Taken so far: [{size, alpha, steps: [{threshold, judged, …}]}].")
    figures = models.JSONField(default=dict, help_text="Of all checks so far: {judged, errors, missing, others, rows}.")
    threshold = models.FloatField(null=True, help_text="From this confidence on nobody is asked.")
    bound = models.FloatField(null=True, help_text="Upper limit of the error above the threshold, at its look's alpha.")
    judged = models.PositiveIntegerField(null=True, help_text="Checks above the threshold, at its look.")
    errors = models.PositiveIntegerField(null=True)
    producers = models.JSONField(
        default=list, help_text="What had found the values that were checked: no other counts."
    )
    audits_judged = models.PositiveIntegerField(default=0)
    audits_wrong = models.PositiveIntegerField(default=0)
    audit_evidence = models.FloatField(default=1.0, help_text="e-value against the target; from 1 / alpha on an alarm.")
    certified_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["document_type", "key", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "document_type", "key"],
                condition=Q(state__in=["COLLECTING", "CERTIFIED"]),
                name="certificate_live_once",
            ),
            models.CheckConstraint(condition=Q(state__in=CertificateState.values), name="certificate_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["CERTIFIED", "SUSPENDED"])
                | Q(threshold__isnull=False, bound__isnull=False, certified_at__isnull=False),
                name="certificate_says_what",
            ),
            models.CheckConstraint(
                condition=Q(bound__isnull=True) | Q(bound__lte=models.F("target_error")), name="certificate_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_type} {self.key or 'type'}: {self.get_state_display()}"


class SpotCheckKind(models.TextChoices):
    """What an item was drawn from."""

    SAMPLE = "SAMPLE", "All that were read, whatever the score"
    AUDIT = "AUDIT", "What was accepted automatically"


class SpotCheckOutcome(models.TextChoices):
    """What the person found."""

    RIGHT = "RIGHT", "Right"
    WRONG = "WRONG", "Wrong"


class SpotCheck(WorkspaceModel):
    """One type or value that was drawn at random for a person to look at, recorded before anybody did.

    Values of one field in one document are drawn together (`drawn_with`, the document's id) and count as one, wrong if
    any of them is. A check says nothing of the document but the score, and so outlives it: what was shown stays shown.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="spot_checks")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.SET_NULL, related_name="spot_checks")
    drawn_with = models.UUIDField(help_text="Of what was drawn of one document together, and counts once.")
    position = models.PositiveIntegerField(default=0, help_text="Place among the values of a repeatable field.")
    kind = models.CharField(max_length=6, choices=SpotCheckKind.choices)
    score = models.FloatField(help_text="The confidence, as it was when it was drawn or last read anew.")
    producer = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=5, choices=SpotCheckOutcome.choices, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    by_label = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["certificate", "kind", "id"], name="spot_check_order"),
            models.Index(fields=["certificate"], condition=Q(judged_at__isnull=True), name="spot_check_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "document", "position", "kind"], name="spot_check_once"),
            models.CheckConstraint(condition=Q(kind__in=SpotCheckKind.values), name="spot_check_kind_known"),
            models.CheckConstraint(condition=Q(score__range=(0, 1)), name="spot_check_score_share"),
            models.CheckConstraint(
                condition=Q(outcome="", judged_at__isnull=True)
                | Q(outcome__in=SpotCheckOutcome.values, judged_at__isnull=False),
                name="spot_check_judged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.outcome or 'open'}"
