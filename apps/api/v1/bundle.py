"""`documents/{id}/bundle/`: where documents could begin in a file of several, and splitting it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import DocumentView
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.shapes import PartRow
from apps.api.v1.values import Confidence
from apps.extraction.engine.operations.cut_pdf import PagePick
from apps.extraction.selectors import bundle_proposal_of
from apps.pipeline.services.bundles import Part, bundle_keep_whole, bundle_split
from apps.review.selectors import bundle_question_of

TURNS = (0, 90, 180, 270)


class BundlePlace(serializers.Serializer[dict[str, Any]]):
    """A page with which a document could begin."""

    page = serializers.IntegerField()
    probability = Confidence()
    reason = serializers.ChoiceField(
        choices=["separator", "numbering", "model"],
        help_text="A sheet says so, the printed page numbers do, or the model judged.",
    )


class BundleAnswer(serializers.Serializer[dict[str, Any]]):
    """What was proposed."""

    is_open = serializers.BooleanField(help_text="A person is asked, and has not answered yet.")
    boundaries = BundlePlace(many=True)
    dropped = serializers.ListField(child=serializers.IntegerField(), help_text="Separators and empty sheets.")


class PageChoice(serializers.Serializer[dict[str, Any]]):
    """A page of a new document."""

    number = serializers.IntegerField(min_value=1)
    turn = serializers.ChoiceField(choices=TURNS, default=0, help_text="Clockwise, in degrees.")


class PartChoice(serializers.Serializer[dict[str, Any]]):
    """A new document: its pages in order."""

    pages = PageChoice(many=True, allow_empty=False)
    title = serializers.CharField(required=False, default="", allow_blank=True, max_length=250)


class BundleDecision(serializers.Serializer[dict[str, Any]]):
    """How the file is split; no part at all says that it is one document."""

    parts = PartChoice(many=True, allow_empty=True)


class BundleParts(serializers.Serializer[dict[str, Any]]):
    """The documents that were made, in order."""

    children = PartRow(many=True)


class DocumentBundle(DocumentView):
    """A file of several documents."""

    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="documents_bundle",
        tags=["documents"],
        summary="Get where documents could begin",
        responses={200: BundleAnswer, **problems(404)},
        extensions=example("documents/$ID/bundle/"),
    )
    def get(self, request: Request, document_id: object) -> Response:
        """Tell every place between two pages with its probability; nothing for files that were not looked at."""
        reading_id = self.document.current_reading_id
        found = bundle_proposal_of(reading_id=reading_id) if reading_id else None
        answer = {
            "is_open": bundle_question_of(document_id=self.document.pk) is not None,
            "boundaries": found.boundaries if found else [],
            "dropped": found.dropped if found else [],
        }
        return Response(BundleAnswer(answer).data)

    @extend_schema(
        operation_id="documents_split",
        tags=["documents"],
        summary="Split a file into documents",
        request=BundleDecision,
        responses={201: BundleParts, **problems(400, 404, 409, 415)},
        extensions=example(
            "documents/$ID/bundle/",
            '-X POST -H "Content-Type: application/json" '
            '-d \'{"parts": [{"pages": [{"number": 1}]}, {"pages": [{"number": 2, "turn": 180}]}]}\'',
        ),
    )
    def post(self, request: Request, document_id: object) -> Response:
        """Make a document of each part; the original is kept. Parts of an earlier splitting go to the trash."""
        decision = BundleDecision(data=request.data)
        decision.is_valid(raise_exception=True)
        parts = [_part(each) for each in decision.validated_data["parts"]]
        if not parts:
            bundle_keep_whole(document=self.document, by=self.user)
            return Response(BundleParts({"children": []}).data, status=201)
        made = bundle_split(document=self.document, parts=parts, by=self.user)
        return Response(BundleParts({"children": made}).data, status=201)


def _part(given: dict[str, Any]) -> Part:
    return Part([PagePick(page["number"], page["turn"]) for page in given["pages"]], given["title"])
