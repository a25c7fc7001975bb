"""`search/`: finding documents by words, by meaning, or both."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from apps.api.base import WorkspaceView
from apps.api.v1.describe import example, problems
from apps.api.v1.inputs import Names
from apps.documents.models import Document, DocumentStatus
from apps.search.query import LARGEST_PAGE, MODES, SearchAnswer, SearchFilters, SearchHit, search
from apps.search.terms import LONGEST_QUERY

STATUSES: Final = [value.lower() for value in DocumentStatus.values]


class SearchQuery(serializers.Serializer[Any]):
    """What is looked for."""

    q = serializers.CharField(
        max_length=LONGEST_QUERY, help_text='Words, "a phrase", OR, -without; or a question, for the meaning.'
    )
    mode = serializers.ChoiceField(choices=MODES, default="hybrid")
    page_size = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=20)
    cursor = serializers.CharField(required=False, max_length=500, help_text="From the last answer's `next`.")
    type = Names(help_text="Any of these types.")
    status = Names(choices=STATUSES, help_text="Any of these statuses.")
    tag = Names(help_text="Any of these tags.")
    created_after = serializers.DateTimeField(required=False, help_text="Came in from this moment on.")
    created_before = serializers.DateTimeField(required=False, help_text="Came in before this moment.")


class HitDocument(serializers.Serializer[Document]):
    """The document that was found."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    file_name = serializers.CharField()


class Hit(serializers.Serializer[SearchHit]):
    """A document and its best page."""

    document = HitDocument()
    page = serializers.IntegerField()
    score = serializers.FloatField(help_text="Scores compare within one answer only.")
    snippet = serializers.CharField(help_text="HTML: escaped text of the page, matching words inside `<mark>`.")


class Found(serializers.Serializer[SearchAnswer]):
    """One page of results, one result a document."""

    results = Hit(many=True)
    facets = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()), help_text="All results, counted by value."
    )
    degraded = serializers.ListField(child=serializers.CharField(), help_text="What was left out, such as `semantic`.")
    total = serializers.IntegerField(help_text="How many documents were ranked; at most some 2,000.")
    next = serializers.SerializerMethodField()

    def get_next(self, found: SearchAnswer) -> str | None:
        """Give the address of the next page, null on the last one."""
        if found.next_cursor is None:
            return None
        return str(replace_query_param(self.context["address"], "cursor", found.next_cursor))


class Search(WorkspaceView):
    """Search over the documents outside the trash."""

    @extend_schema(
        operation_id="search",
        tags=["search"],
        summary="Search",
        parameters=[SearchQuery],
        responses={200: Found, **problems(400)},
        extensions=example("search/?q=notice+period&mode=hybrid"),
    )
    def get(self, request: Request) -> Response:
        """Find documents, best first. What could not be asked in time is named in `degraded`."""
        query = SearchQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked: dict[str, Any] = query.validated_data
        found = search(
            user=self.user,
            workspace_id=self.workspace_id,
            q=asked["q"],
            mode=asked["mode"],
            page_size=asked["page_size"],
            cursor=asked.get("cursor"),
            filters=SearchFilters(
                types=asked["type"],
                statuses=[status.upper() for status in asked["status"]],
                tags=asked["tag"],
                received_after=asked.get("created_after"),
                received_before=asked.get("created_before"),
            ),
        )
        return Response(Found(found, context={"address": request.build_absolute_uri()}).data)
