"""`schema/` and `docs/`: the API's own description, for programs and for people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api.reference import sections, things
from apps.api.schema import document


class Schema(APIView):
    """The OpenAPI document, as JSON or (`?format=yaml`) YAML; it is no secret."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2)
    metadata_class = None
    schema = None

    def get(self, request: Request) -> Response:
        """Give the document."""
        return Response(document())


@require_safe
def reference_page(request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document as a page that needs neither scripts nor anybody else's server."""
    described = document()
    context = {
        "introduction": described["info"]["description"],
        "sections": sections(described),
        "things": things(described),
        "base_url": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "api/reference.html", context)
