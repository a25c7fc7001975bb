"""`tags/` and `documents/{id}/tags/`: a workspace's tags with what was learned of them, and people's word on them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.base import WorkspaceView
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.document import OneDocument
from apps.api.v1.shapes import DocumentDetail
from apps.classification.suggestions.selectors import TagRow, tags_listed
from apps.documents.selectors import visible_to
from apps.documents.tagging import tags_decide

MOST_TAGS = 100


class TagScore(serializers.Serializer[dict[str, Any]]):
    """How good suggestions of a tag are, told by documents that the scored fit had not seen."""

    precision = serializers.FloatField()
    recall = serializers.FloatField()
    f1 = serializers.FloatField()
    documents = serializers.IntegerField(help_text="With the tag, among those that were held out.")
    calibrated = serializers.BooleanField(source="is_fitted", help_text="Its suggestions have a confidence.")


class KnownTag(serializers.Serializer[TagRow]):
    """A tag of the workspace."""

    tag = serializers.CharField(source="name")
    documents = serializers.IntegerField(source="document_count", help_text="Documents that have it.")
    confirmed = serializers.IntegerField(source="confirmed_count", help_text="Those on which somebody put it.")
    refused = serializers.IntegerField(source="refused_count", help_text="Documents of which somebody said no.")
    suggested = serializers.IntegerField(source="suggested_count", help_text="Documents for which it is suggested.")
    score = serializers.SerializerMethodField()

    @extend_schema_field(TagScore(allow_null=True))
    def get_score(self, row: TagRow) -> dict[str, Any] | None:
        """Give the figures, or null as long as too little was said for anything to be learned."""
        return dict(TagScore(row.score).data) if row.score else None


class Names(serializers.ListField):
    """Names of tags."""

    def __init__(self, *, help_text: str) -> None:
        each = serializers.CharField(max_length=60)
        super().__init__(child=each, required=False, default=list, max_length=MOST_TAGS, help_text=help_text)


class TagWords(serializers.Serializer[Any]):
    """What a person or program says of tags that the workspace has."""

    accept = Names(help_text="They belong on it: suggested ones, or others.")
    reject = Names(help_text="They do not: they come off, and are not suggested for it again.")
    forget = Names(help_text="Nobody has said anything of these any more: they come off, and may be suggested.")
    confirmed = serializers.BooleanField(
        required=False, default=False, help_text="With these it has all tags it shall have: no others are suggested."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse to say two things of one tag."""
        said = [*attrs["accept"], *attrs["reject"], *attrs["forget"]]
        if len(set(said)) < len(said):
            raise serializers.ValidationError("A tag is named twice.")
        return attrs


class TagList(WorkspaceView):
    """All tags of a workspace."""

    @extend_schema(
        operation_id="tags_list",
        tags=["tags"],
        summary="List the tags",
        responses={200: KnownTag(many=True), **problems()},
        extensions=example("tags/"),
    )
    def get(self, request: Request) -> Response:
        """List the tags by name, with what people said of them and how good suggestions are."""
        documents = visible_to(user=self.user, workspace_id=self.workspace_id)
        rows = tags_listed(workspace_id=self.workspace_id, documents=documents)
        return Response([KnownTag(row).data for row in rows])


class DocumentTags(OneDocument):
    """The tags of a document."""

    actions: ClassVar = {"PATCH": Action.REVIEW}
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="documents_decide_tags",
        tags=["documents"],
        summary="Accept or reject tags",
        request=TagWords,
        responses={200: DocumentDetail, **problems(400, 404, 415)},
        extensions=example(
            "documents/$ID/tags/",
            '-X PATCH -H "Content-Type: application/json" -d \'{"accept": ["acme"], "reject": ["2026"]}\'',
        ),
    )
    def patch(self, request: Request, document_id: object) -> Response:
        """Record a person's or program's word on tags, from which suggestions for other documents are learned.

        A tag that the workspace does not have is refused: `unknown_tag`. New ones are made by `PATCH documents/{id}/`.
        """
        given = TagWords(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        tags_decide(
            document=self.document,
            by=self.user,
            accepted=said["accept"],
            refused=said["reject"],
            forgotten=said["forget"],
            confirmed=said["confirmed"],
        )
        return self.answer()
