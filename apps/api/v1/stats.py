"""`stats/`: the dashboard's figures."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import WorkspaceView
from apps.api.v1.describe import example, problems
from apps.insights.selectors import workspace_figures


class Stats(WorkspaceView):
    """Figures over all documents outside the trash."""

    @extend_schema(
        operation_id="stats",
        tags=["stats"],
        summary="Get the figures",
        responses={200: OpenApiResponse(OpenApiTypes.OBJECT), **problems()},
        extensions=example("stats/"),
    )
    def get(self, request: Request) -> Response:
        """Tell what came in, what it is, how processing goes and what waits; all but the queue is cached."""
        return Response(workspace_figures(user=self.user, workspace_id=self.workspace_id))
