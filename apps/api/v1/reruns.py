"""`reruns/`: documents read once more beside their readings, what differs, promoting and discarding."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.base import WorkspaceView
from apps.api.pagination import CursorPagination
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.values import LowerChoice
from apps.classification.selectors import version_get
from apps.documents.selectors import visible_to
from apps.pipeline.models import Rerun, RerunDecision, RerunItem, RunState
from apps.pipeline.reruns.figures import Figures, Sums, figures_of, sums
from apps.pipeline.reruns.selectors import items_of, rerun_get, reruns_in
from apps.pipeline.reruns.services import items_discard, items_promote, rerun_start

MOST_DOCUMENTS = 200


class ComparedReadings(serializers.Serializer[Figures]):
    """How a new reading differs from the one before; `ms` is the time of all steps, null where it is not known."""

    same = serializers.IntegerField()
    changed = serializers.IntegerField()
    gained = serializers.IntegerField()
    lost = serializers.IntegerField()
    decided = serializers.IntegerField(help_text="Fields that people decided.")
    agreed_before = serializers.IntegerField(help_text="On so many of them the reading before says the same.")
    agreed_after = serializers.IntegerField()
    type_before = serializers.CharField()
    type_after = serializers.CharField()
    type_decided = serializers.CharField(help_text="Empty unless a person said it.")
    ms_before = serializers.IntegerField(allow_null=True)
    ms_after = serializers.IntegerField(allow_null=True)


class SummedReadings(serializers.Serializer[Sums]):
    """The same of all documents that were read together."""

    documents = serializers.IntegerField()
    same = serializers.IntegerField()
    changed = serializers.IntegerField()
    gained = serializers.IntegerField()
    lost = serializers.IntegerField()
    decided = serializers.IntegerField()
    agreed_before = serializers.IntegerField()
    agreed_after = serializers.IntegerField()
    types_changed = serializers.IntegerField()
    types_decided = serializers.IntegerField()
    types_right_before = serializers.IntegerField()
    types_right_after = serializers.IntegerField()


class RerunDocument(serializers.Serializer[RerunItem]):
    """A document that was read beside."""

    document = serializers.UUIDField(source="document_id")
    decision = LowerChoice(RerunDecision)
    state = serializers.SerializerMethodField(help_text="Of its run; null once it was discarded.")
    figures = serializers.SerializerMethodField(help_text="Null until it was read.")

    @extend_schema_field(serializers.ChoiceField(choices=[each.lower() for each in RunState.values], allow_null=True))
    def get_state(self, item: RerunItem) -> str | None:
        """Tell where its run stands."""
        return item.run.state.lower() if item.run else None

    @extend_schema_field(ComparedReadings(allow_null=True))
    def get_figures(self, item: RerunItem) -> dict[str, Any] | None:
        """Give what differs, as it was noted."""
        found = figures_of(item)
        return dict(ComparedReadings(found).data) if found else None


class RerunRow(serializers.Serializer[Rerun]):
    """A re-run."""

    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    by = serializers.CharField(source="by_label")
    model = serializers.CharField(
        source="model_version.version", allow_null=True, default=None, help_text="Null: the one in use."
    )


class RerunDetail(RerunRow):
    """A re-run with its documents."""

    summary = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()

    @extend_schema_field(SummedReadings)
    def get_summary(self, rerun: Rerun) -> dict[str, Any]:
        """Add up what differs."""
        noted = [figures_of(item) for item in items_of(user=self.context["user"], rerun=rerun)]
        return dict(SummedReadings(sums(each for each in noted if each is not None)).data)

    @extend_schema_field(RerunDocument(many=True))
    def get_documents(self, rerun: Rerun) -> list[dict[str, Any]]:
        """List the documents."""
        return [dict(RerunDocument(item).data) for item in items_of(user=self.context["user"], rerun=rerun)]


class RerunWish(serializers.Serializer[Any]):
    """What is to be read beside."""

    documents = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_DOCUMENTS)
    model = serializers.UUIDField(required=False, help_text="A version of `models/`; without it the one in use.")


class RerunVerdict(serializers.Serializer[Any]):
    """What becomes of the new readings that wait for a decision."""

    decision = serializers.ChoiceField(choices=["promoted", "discarded"])


class RerunList(WorkspaceView, generics.GenericAPIView[Rerun]):
    """Re-runs, and starting one."""

    queryset = Rerun.objects.none()
    serializer_class = RerunRow
    pagination_class = CursorPagination
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="reruns_list",
        tags=["reruns"],
        summary="List re-runs",
        responses={200: RerunRow(many=True), **problems(400)},
        extensions=example("reruns/"),
    )
    def get(self, request: Request) -> Response:
        """List the re-runs, newest first."""
        page = self.paginate_queryset(reruns_in(workspace_id=self.workspace_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="reruns_start",
        tags=["reruns"],
        summary="Read documents beside",
        request=RerunWish,
        responses={202: RerunDetail, **problems(400, 409, 415)},
        extensions=example("reruns/", '-X POST -H "Content-Type: application/json" -d \'{"documents": ["\'$ID\'"]}\''),
    )
    def post(self, request: Request) -> Response:
        """Read documents once more beside their readings; those that are being processed are passed over."""
        wish = RerunWish(data=request.data)
        wish.is_valid(raise_exception=True)
        wanted = wish.validated_data
        seen = visible_to(user=self.user, workspace_id=self.workspace_id)
        version = version_get(workspace_id=self.workspace_id, version_id=wanted["model"]) if "model" in wanted else None
        made = rerun_start(
            workspace_id=self.workspace_id,
            chosen=seen.filter(pk__in=wanted["documents"]),
            by=self.user,
            version=version,
        )
        return Response(RerunDetail(made, context={"user": self.user}).data, status=202)


class OneRerun(WorkspaceView):
    """An endpoint about one re-run."""

    rerun: Rerun
    parser_classes = (SmallJSONParser,)

    def find(self) -> None:
        """Load the re-run; raises NotFoundError."""
        self.rerun = rerun_get(workspace_id=self.workspace_id, rerun_id=self.kwargs["rerun_id"])

    def answer(self) -> Response:
        """Show all of it."""
        return Response(RerunDetail(self.rerun, context={"user": self.user}).data)


class RerunOne(OneRerun):
    """One re-run."""

    actions: ClassVar = {"PATCH": Action.EDIT}

    @extend_schema(
        operation_id="reruns_get",
        tags=["reruns"],
        summary="Get a re-run",
        responses={200: RerunDetail, **problems(404)},
        extensions=example("reruns/$RERUN/"),
    )
    def get(self, request: Request, rerun_id: str) -> Response:
        """Tell what differs, in all documents together and in each."""
        return self.answer()

    @extend_schema(
        operation_id="reruns_decide",
        tags=["reruns"],
        summary="Promote or discard the new readings",
        request=RerunVerdict,
        responses={200: RerunDetail, **problems(400, 404, 415)},
        extensions=example(
            "reruns/$RERUN/", '-X PATCH -H "Content-Type: application/json" -d \'{"decision": "promoted"}\''
        ),
    )
    def patch(self, request: Request, rerun_id: str) -> Response:
        """Make all new readings current that wait for a decision, or remove them; what cannot be is passed over."""
        verdict = RerunVerdict(data=request.data)
        verdict.is_valid(raise_exception=True)
        waiting = list(items_of(user=self.user, rerun=self.rerun).filter(decision=RerunDecision.PENDING))
        decide = items_promote if verdict.validated_data["decision"] == "promoted" else items_discard
        decide(items=waiting, by=self.user)
        return self.answer()
