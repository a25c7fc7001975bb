"""`documents/{id}/accounting/` and `warnings/`: where a document stands with the clerk, and what is odd about it."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.base import WorkspaceView
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.document import OneDocument
from apps.api.v1.shapes import DocumentDetail, WarningDetail
from apps.core.errors import NotFoundError
from apps.review.models import AccountingState, DocumentWarning
from apps.review.selectors import open_warnings, warnings_of
from apps.review.services.accounting import accounting_set
from apps.review.services.warnings import warning_dismiss


class AccountingChange(serializers.Serializer[Any]):
    """The state a document shall have."""

    state = serializers.ChoiceField(choices=[value.lower() for value in AccountingState.values])


class DocumentAccounting(OneDocument):
    """Where a document stands with the clerk."""

    actions: ClassVar = {"PATCH": Action.REVIEW}
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="documents_set_accounting",
        tags=["documents"],
        summary="Approve a document, or take that back",
        request=AccountingChange,
        responses={200: DocumentDetail, **problems(400, 404, 415)},
        extensions=example(
            "documents/$ID/accounting/", '-X PATCH -H "Content-Type: application/json" -d \'{"state": "approved"}\''
        ),
    )
    def patch(self, request: Request, document_id: object) -> Response:
        """Move the document to a state; who did it and when is kept. An export moves approved ones to `exported`."""
        change = AccountingChange(data=request.data)
        change.is_valid(raise_exception=True)
        state = AccountingState(change.validated_data["state"].upper())
        accounting_set(documents=[self.document], state=state, by=self.user)
        return self.answer()


class WarningChange(serializers.Serializer[Any]):
    """What is done with a warning."""

    dismissed = serializers.BooleanField(help_text="True: somebody has seen it, and it is all right.")

    def validate_dismissed(self, value: bool) -> bool:
        """Refuse to take it back: history stays."""
        if not value:
            raise serializers.ValidationError("A warning can only be dismissed.")
        return value


class DocumentWarningItem(OneDocument):
    """A warning about a document."""

    actions: ClassVar = {"PATCH": Action.REVIEW}
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="documents_dismiss_warning",
        tags=["documents"],
        summary="Dismiss a warning",
        request=WarningChange,
        responses={200: DocumentDetail, **problems(400, 404, 415)},
        extensions=example(
            "documents/$ID/warnings/$WARNING/",
            '-X PATCH -H "Content-Type: application/json" -d \'{"dismissed": true}\'',
        ),
    )
    def patch(self, request: Request, document_id: object, warning_id: UUID) -> Response:
        """Note that the warning was seen; it is not shown again."""
        change = WarningChange(data=request.data)
        change.is_valid(raise_exception=True)
        warning = warnings_of(document_id=self.document.pk, dismissed=True).filter(pk=warning_id).first()
        if warning is None:
            raise NotFoundError("There is no such warning.")
        warning_dismiss(warning=warning, by=self.user)
        return self.answer()


class WarningRow(WarningDetail):
    """A warning and the document it is about."""

    document = serializers.UUIDField(source="document_id")
    document_title = serializers.CharField(source="document.title")


class WarningList(WorkspaceView, generics.GenericAPIView[DocumentWarning]):
    """What is odd about documents."""

    queryset = DocumentWarning.objects.none()
    serializer_class = WarningRow

    @extend_schema(
        operation_id="warnings_list",
        tags=["documents"],
        summary="List open warnings",
        responses={200: WarningRow(many=True), **problems(400)},
        extensions=example("warnings/"),
    )
    def get(self, request: Request) -> Response:
        """List the warnings that nobody dismissed, newest first."""
        page = self.paginate_queryset(open_warnings(user=self.user, workspace_id=self.workspace_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
