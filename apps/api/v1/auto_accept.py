"""`auto-accept/`: what is accepted without a person, by which certificates, and how often it may be wrong."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.base import WorkspaceView
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.values import LowerChoice, declared
from apps.review.acceptance.overview import CertificateRow, certificate_rows
from apps.review.acceptance.policies import LEAST_SHARE, LEAST_TARGET, MOST_TARGET, PolicyDraft, policy_set
from apps.review.acceptance.selectors import policy_of
from apps.review.models import AcceptPolicy, CertificateState


class ChecksDetail(serializers.Serializer[CertificateRow]):
    """The random checks behind a certificate."""

    made = serializers.IntegerField(
        source="checks_made",
        help_text="In the order they were drawn, without a gap; a document counts once, whatever it has of values.",
    )
    wrong = serializers.IntegerField(source="checks_wrong")
    waiting = serializers.IntegerField(source="waiting_checks", help_text="Drawn, and no person has looked yet.")
    missing = serializers.IntegerField(
        allow_null=True,
        help_text="Further ones that it takes, about, if they are like those so far; null where it is certified, or "
        "more are wrong than the target allows.",
    )


class AuditsDetail(serializers.Serializer[CertificateRow]):
    """Random checks among what was accepted."""

    made = serializers.IntegerField(source="certificate.audits_judged")
    wrong = serializers.IntegerField(source="certificate.audits_wrong")
    waiting = serializers.IntegerField(source="waiting_audits")
    evidence = serializers.FloatField(
        source="certificate.audit_evidence", help_text="e-value against the target; an alarm comes at 20."
    )


class CertificateDetail(serializers.Serializer[CertificateRow]):
    """What was shown of a type, or of a field of a type's documents."""

    id = serializers.UUIDField(source="certificate.pk")
    type = serializers.CharField(source="certificate.document_type", help_text="As the model says it is.")
    field = serializers.CharField(source="certificate.key", help_text="Its key; empty for the type itself.")
    state = LowerChoice(CertificateState, source="certificate.state")
    target_error = serializers.FloatField(source="certificate.target_error")
    threshold = serializers.FloatField(
        source="certificate.threshold", allow_null=True, help_text="From this confidence on nobody is asked."
    )
    bound = serializers.FloatField(
        source="certificate.bound", allow_null=True, help_text="Upper limit of the error above the threshold."
    )
    judged = serializers.IntegerField(
        source="certificate.judged", allow_null=True, help_text="Checks above the threshold that showed it."
    )
    errors = declared(
        serializers.IntegerField(source="certificate.errors", allow_null=True, help_text="Of them, wrong.")
    )
    looks = serializers.IntegerField(source="looks_taken", help_text="Looks taken so far.")
    automated_share = serializers.FloatField(
        allow_null=True, help_text="Share of what was checked that lies above the threshold."
    )
    accepted = serializers.IntegerField(help_text="Types or values that stand as accepted by it.")
    checks = serializers.SerializerMethodField()
    audits = serializers.SerializerMethodField()
    certified_at = serializers.DateTimeField(source="certificate.certified_at", allow_null=True)
    suspended_at = serializers.DateTimeField(source="certificate.suspended_at", allow_null=True)

    @extend_schema_field(ChecksDetail)
    def get_checks(self, row: CertificateRow) -> dict[str, Any]:
        """Count the checks."""
        return dict(ChecksDetail(row).data)

    @extend_schema_field(AuditsDetail)
    def get_audits(self, row: CertificateRow) -> dict[str, Any]:
        """Count the audits."""
        return dict(AuditsDetail(row).data)


class AutoAcceptDetail(serializers.Serializer[AcceptPolicy]):
    """A workspace's policy, and its certificates."""

    target_error = serializers.FloatField(
        allow_null=True, help_text="Share that may be wrong; null: nothing is accepted automatically."
    )
    sample_share = serializers.FloatField(help_text="Share of documents that a person checks, drawn at random.")
    audit_share = serializers.FloatField(help_text="Share of what is accepted that is checked all the same.")
    certificates = serializers.SerializerMethodField()

    @extend_schema_field(CertificateDetail(many=True))
    def get_certificates(self, policy: AcceptPolicy) -> list[dict[str, Any]]:
        """List what holds now, by type and field; suspended ones until their successor is certified."""
        rows = certificate_rows(workspace_id=policy.workspace_id)
        return [dict(CertificateDetail(row).data) for row in rows]


class PolicyChange(serializers.Serializer[Any]):
    """What is to be different; what is left out stays."""

    target_error = serializers.FloatField(
        allow_null=True, required=False, min_value=LEAST_TARGET, max_value=MOST_TARGET
    )
    sample_share = serializers.FloatField(required=False, min_value=LEAST_SHARE, max_value=1)
    audit_share = serializers.FloatField(required=False, min_value=LEAST_SHARE, max_value=1)


class AutoAccept(WorkspaceView):
    """What is accepted without a person."""

    actions: ClassVar = {"PATCH": Action.MANAGE}
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="auto_accept_read",
        tags=["auto-accept"],
        summary="Read what is accepted automatically",
        responses={200: AutoAcceptDetail, **problems()},
        extensions=example("auto-accept/"),
    )
    def get(self, request: Request) -> Response:
        """Give the policy, and every certificate with the figures behind it."""
        return Response(AutoAcceptDetail(policy_of(workspace_id=self.workspace_id)).data)

    @extend_schema(
        operation_id="auto_accept_change",
        tags=["auto-accept"],
        summary="Set how often machines may be wrong unseen",
        request=PolicyChange,
        responses={200: AutoAcceptDetail, **problems(400, 415)},
        extensions=example(
            "auto-accept/", '-X PATCH -H "Content-Type: application/json" -d \'{"target_error": 0.02}\''
        ),
    )
    def patch(self, request: Request) -> Response:
        """Set the target and the shares; owners may. Another target starts every certificate anew."""
        given = PolicyChange(data=request.data)
        given.is_valid(raise_exception=True)
        before = policy_of(workspace_id=self.workspace_id)
        names = ("target_error", "sample_share", "audit_share")
        draft = PolicyDraft(**{name: given.validated_data.get(name, getattr(before, name)) for name in names})
        return Response(AutoAcceptDetail(policy_set(workspace_id=self.workspace_id, draft=draft, by=self.user)).data)
