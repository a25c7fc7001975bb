"""What every endpoint shares: who calls, in which workspace, and the document its address names."""

from typing import ClassVar, cast
from uuid import UUID

from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.models import Membership, User
from apps.accounts.policy import Action
from apps.api.permissions import membership_of
from apps.core.errors import NotFoundError
from apps.documents.models import Document
from apps.documents.selectors import document_with_tag_names


class WorkspaceView(APIView):
    """An endpoint inside a workspace; `actions` names what a method needs where that is not EDIT."""

    actions: ClassVar[dict[str, Action]] = {}
    metadata_class = None  # OPTIONS answers 405: the schema says what there is
    membership: Membership
    workspace_id: UUID

    @property
    def user(self) -> User:
        """The person who calls, or for whom the token was made."""
        return cast(User, self.request.user)

    def check_permissions(self, request: Request) -> None:
        """Find the caller's membership once, then decide."""
        if request.user and request.user.is_authenticated:
            self.membership = membership_of(request)
            self.workspace_id = self.membership.workspace_id
            self.find()
        super().check_permissions(request)

    def find(self) -> None:
        """Load what the address names: before scopes and roles, so that strangers' objects give 404 and not 403."""


class DocumentView(WorkspaceView):
    """An endpoint about one document."""

    document: Document

    def find(self) -> None:
        """Load the document; raises NotFoundError."""
        self.document = document_with_tag_names(
            user=self.user, document_id=self.kwargs["document_id"], workspace_id=self.workspace_id
        )


class UnknownAddress(APIView):
    """Every address below /api/ that is no endpoint."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Answer every method alike."""
        hint = "" if request.path.endswith("/") else " Addresses end with a slash."
        raise NotFoundError(f"There is no such address.{hint}")
