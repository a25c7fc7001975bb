"""`experiments/`: two model versions compared by what people say; planned and led on the pages, read here."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import WorkspaceView
from apps.api.pagination import CursorPagination
from apps.api.v1.describe import example, problems
from apps.api.v1.values import LowerChoice
from apps.classification.experiments.results import ArmResult, Point, Result, result_of
from apps.classification.experiments.selectors import experiment_get, experiments_in
from apps.classification.models import Experiment, ExperimentMode, ExperimentState


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


class ExperimentList(WorkspaceView, generics.GenericAPIView[Experiment]):
    """All experiments of a workspace."""

    queryset = Experiment.objects.none()
    serializer_class = ExperimentRow
    pagination_class = CursorPagination

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


class ExperimentItem(WorkspaceView):
    """One experiment."""

    experiment: Experiment

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
