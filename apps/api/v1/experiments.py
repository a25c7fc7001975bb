"""`experiments/`: two model versions compared by what people say: planning one, leading it, what it has shown."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.base import WorkspaceView
from apps.api.idempotency import once, request_hash
from apps.api.pagination import CursorPagination
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.documents import KEY_PARAMETER
from apps.api.v1.values import LowerChoice
from apps.classification.experiments.planning import ExperimentDraft
from apps.classification.experiments.results import ArmResult, Point, Result, result_of
from apps.classification.experiments.selectors import experiment_get, experiments_in
from apps.classification.experiments.services import (
    LONGEST_NAME,
    experiment_create,
    experiment_promote,
    experiment_roll_back,
    experiment_start,
    experiment_stop,
)
from apps.classification.models import Experiment, ExperimentMode, ExperimentState
from apps.classification.selectors import version_get

MOVES: Final[dict[str, Callable[..., None]]] = {
    "running": experiment_start,
    "stopped": experiment_stop,
    "promoted": experiment_promote,
    "rolled_back": experiment_roll_back,
}


class ArmFigures(serializers.Serializer[ArmResult]):
    """An arm's documents that were drawn and judged."""

    drawn = serializers.IntegerField(help_text="Documents about which people are asked whatever the models say.")
    judged = serializers.IntegerField(help_text="Those of them of which a person has said what they are.")
    right = serializers.IntegerField()
    accuracy = serializers.FloatField(source="rate", allow_null=True, help_text="Null without a judged document.")
    low = serializers.FloatField(help_text="Of a 95 % interval that holds at all times.")
    high = serializers.FloatField()


class EvidencePoint(serializers.Serializer[Point]):
    """The state of the test after so many judged documents."""

    judged = serializers.IntegerField()
    e_value = serializers.FloatField(help_text="The evidence against “no difference”.")
    p_value = serializers.FloatField(help_text="Valid whenever one looks.")


class ExperimentRow(serializers.Serializer[Experiment]):
    """An experiment with its plan, which stays as it was stored."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = LowerChoice(ExperimentState)
    mode = LowerChoice(ExperimentMode)
    control = serializers.CharField(source="control.version", help_text="The version that was in use.")
    treatment = serializers.CharField(source="treatment.version")
    share = serializers.FloatField(allow_null=True, help_text="The treatment's share; null in the shadow.")
    asked_share = serializers.FloatField(help_text="Share of documents about which people are asked in any case.")
    alpha = serializers.FloatField(help_text="Experiments without a difference that decide, at most.")
    power = serializers.FloatField(help_text="Chance to find the difference.")
    difference = serializers.FloatField(help_text="The smallest difference of the two rates that is to be found.")
    expected_rate = serializers.FloatField(help_text="How often the control was thought to be right.")
    differing_share = serializers.FloatField(
        allow_null=True, help_text="Shadow: documents on which only one is right, as was thought."
    )
    most_outcomes = serializers.IntegerField(help_text="What enters the test at most.")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(source="by_label")


class ExperimentResult(serializers.Serializer[Result]):
    """What has been shown so far."""

    verdict = serializers.ChoiceField(choices=["undecided", "control", "treatment"])
    is_over = serializers.BooleanField(help_text="By its rule it should end.")
    entered = serializers.IntegerField(help_text="Outcomes in the test, of `most_outcomes` at most.")
    control = ArmFigures()
    treatment = ArmFigures()
    difference = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        help_text="Treatment less control: a 95 % interval that holds at all times.",
    )
    e_value = serializers.FloatField(source="evidence.value")
    p_value = serializers.FloatField(source="evidence.p_value")
    points = EvidencePoint(many=True)


class ExperimentDetail(ExperimentRow):
    """An experiment and what it has shown so far."""

    result = serializers.SerializerMethodField()

    @extend_schema_field(ExperimentResult)
    def get_result(self, experiment: Experiment) -> dict[str, Any]:
        """Evaluate the outcomes now."""
        return dict(ExperimentResult(result_of(experiment)).data)


class ExperimentWish(serializers.Serializer[Any]):
    """An experiment of the version in use against another one. Shares, rates and differences are from 0 to 1."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    treatment = serializers.UUIDField(help_text="A version of `models/` that is not in use.")
    mode = serializers.ChoiceField(
        choices=[each.lower() for each in ExperimentMode.values],
        help_text="`shadow`: both look at every document, and only the one in use counts. `live`: the treatment types "
        "its share of the documents.",
    )
    difference = serializers.FloatField(help_text="The smallest difference of the two rates that is to be found.")
    expected_rate = serializers.FloatField(help_text="How often the version in use is right, about: to plan with.")
    differing_share = serializers.FloatField(
        default=0.1, help_text="Shadow: documents on which just one of the two is right, about: to plan with."
    )
    share = serializers.FloatField(default=0.5, help_text="Live: the treatment's share, from 0.05 to 0.95.")
    asked_share = serializers.FloatField(
        default=1.0, help_text="Share of documents about which people are asked in any case, drawn by chance."
    )


class ExperimentMove(serializers.Serializer[Any]):
    """Where an experiment shall stand."""

    state = serializers.ChoiceField(
        choices=list(MOVES),
        help_text="`running`: start it. `stopped`: end it with the control in use, or drop one that was planned. "
        "`promoted`: put the treatment to use. `rolled_back`: put the control to use again.",
    )


class ExperimentList(WorkspaceView, generics.GenericAPIView[Experiment]):
    """All experiments of a workspace."""

    queryset = Experiment.objects.none()
    serializer_class = ExperimentRow
    pagination_class = CursorPagination
    actions: ClassVar = {"POST": Action.MANAGE}
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="experiments_list",
        tags=["models"],
        summary="List experiments",
        responses={200: ExperimentRow(many=True), **problems(400)},
        extensions=example("experiments/"),
    )
    def get(self, request: Request) -> Response:
        """List the experiments, newest first."""
        page = self.paginate_queryset(experiments_in(workspace_id=self.workspace_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="experiments_plan",
        tags=["models"],
        summary="Plan an experiment",
        request=ExperimentWish,
        parameters=[KEY_PARAMETER],
        responses={201: ExperimentDetail, **problems(400, 404, 409, 415, 422)},
        extensions=example(
            "experiments/",
            '-X POST -H "Content-Type: application/json" -d \'{"name": "Better since May?", "treatment": '
            '"\'$MODEL\'", "mode": "shadow", "difference": 0.05, "expected_rate": 0.9}\'',
        ),
    )
    def post(self, request: Request) -> Response:
        """Store an experiment with its plan and its rule, which never change; it does not start yet. Owners may.

        `most_outcomes` of the answer tells how many judged documents it takes. 400 (`invalid_plan`) for what cannot
        be planned.
        """
        wish = ExperimentWish(data=request.data)
        wish.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self._plan(wish.validated_data)
        return once(
            workspace_id=self.workspace_id,
            key=key,
            request_hash=request_hash([], experiment={name: str(each) for name, each in wish.validated_data.items()}),
            act=lambda: self._plan(wish.validated_data),
        )

    def _plan(self, wish: dict[str, Any]) -> Response:
        version = version_get(workspace_id=self.workspace_id, version_id=wish["treatment"])
        mode = ExperimentMode(wish["mode"].upper())
        draft = ExperimentDraft(**{**wish, "treatment": version, "mode": mode})
        made = experiment_create(workspace_id=self.workspace_id, draft=draft, by=self.user)
        return Response(ExperimentDetail(made).data, status=201)


class ExperimentItem(WorkspaceView):
    """One experiment."""

    experiment: Experiment
    actions: ClassVar = {"PATCH": Action.MANAGE}
    parser_classes = (SmallJSONParser,)

    def find(self) -> None:
        """Load the experiment; raises NotFoundError."""
        self.experiment = experiment_get(workspace_id=self.workspace_id, experiment_id=self.kwargs["experiment_id"])

    @extend_schema(
        operation_id="experiments_get",
        tags=["models"],
        summary="Get an experiment",
        responses={200: ExperimentDetail, **problems(404)},
        extensions=example("experiments/$EXPERIMENT/"),
    )
    def get(self, request: Request, experiment_id: str) -> Response:
        """Tell plan, figures of both arms, the evidence over time, and the verdict so far."""
        return Response(ExperimentDetail(self.experiment).data)

    @extend_schema(
        operation_id="experiments_lead",
        tags=["models"],
        summary="Start, stop, promote or roll back an experiment",
        request=ExperimentMove,
        responses={200: ExperimentDetail, **problems(400, 404, 409, 415)},
        extensions=example(
            "experiments/$EXPERIMENT/", '-X PATCH -H "Content-Type: application/json" -d \'{"state": "running"}\''
        ),
    )
    def patch(self, request: Request, experiment_id: str) -> Response:
        """Move an experiment on; owners may. One that stands there already stays as it is, so it may be repeated.

        409 where it cannot go there from where it stands (`experiment_state`), another one runs
        (`experiment_running`), another version is in use since it was planned (`control_changed`), weights are gone
        (`weights_removed`), something is just being learned (`learning`), or a configured model types all documents
        (`type_model_configured`).
        """
        move = ExperimentMove(data=request.data)
        move.is_valid(raise_exception=True)
        wanted = move.validated_data["state"]
        if self.experiment.state != wanted.upper():
            MOVES[wanted](experiment=self.experiment, by=self.user)
        self.find()
        return Response(ExperimentDetail(self.experiment).data)
