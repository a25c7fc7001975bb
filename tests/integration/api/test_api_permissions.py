"""The permission matrix: every address and method, and everybody who might call it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User, Workspace
from apps.api.v1.urls import urlpatterns
from apps.classification.models import Experiment, Label, ModelVersion, Refit
from apps.classification.selectors import FAMILY
from apps.core.models import AuditEvent
from apps.documents.models import Document
from apps.extraction.entities.services import organisations_named
from apps.extraction.models import FieldValue, Organisation, Schema
from apps.pipeline.models import Export, PipelineRun, Rerun
from apps.review.models import AcceptPolicy, Accounting, Correction, DocumentWarning, WarningKind

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db

READERS = {"owner", "editor", "reviewer", "viewer", "read-only", "browser"}
OWNERS = {"owner", "browser", "write-only"}
REVIEWERS = {"owner", "editor", "reviewer", "browser", "write-only"}
EDITORS = {"owner", "editor", "browser", "write-only"}
CALLERS = sorted(READERS | REVIEWERS | {"stranger", "stranger who reads", "viewer elsewhere", "anonymous"})
SECRET = "zq-secret-zq"


@dataclass(frozen=True)
class Row:
    """A call, who may make it, and what a caller from elsewhere gets (404 for what they must not know of)."""

    method: str
    path: str
    allowed: set[str]
    good: int = 200
    elsewhere: int = 404
    body: Any = None
    form: bool = False


ROWS = (
    Row("GET", "auto-accept/", READERS, elsewhere=200),
    Row("PATCH", "auto-accept/", OWNERS, elsewhere=200, body={"target_error": 0.02}),
    Row("GET", "documents/", READERS, elsewhere=200),
    Row("POST", "documents/", EDITORS, good=201, elsewhere=201, form=True),
    Row("GET", "documents/{id}/", READERS),
    Row("PATCH", "documents/{id}/", EDITORS, body={"title": "Changed"}),
    Row("DELETE", "documents/{id}/", EDITORS, good=204),
    Row("PATCH", "documents/{id}/accounting/", REVIEWERS, body={"state": "approved"}),
    Row("GET", "documents/{id}/analysis/", READERS),
    Row("GET", "documents/{id}/bibtex/", READERS),
    Row("GET", "documents/{id}/bibtex/", READERS),
    Row("GET", "documents/{id}/bundle/", READERS),
    Row("POST", "documents/{id}/bundle/", EDITORS, good=201, body={"parts": []}),
    Row("GET", "documents/{id}/entities/", READERS),
    Row("GET", "documents/{id}/events/", READERS),
    Row("POST", "documents/{id}/examples/", EDITORS, good=201, body={"label": "Account", "page": 1, "words": [0]}),
    Row("PATCH", "documents/{id}/fields/grand_total/", REVIEWERS, body={"value": "12.00"}),
    Row("GET", "documents/{id}/markdown/", READERS),
    Row("GET", "documents/{id}/original/", READERS),
    Row("POST", "documents/{id}/reprocess/", EDITORS, good=202),
    Row("GET", "documents/{id}/searchable/", READERS, good=409),  # a text has none
    Row("GET", "documents/{id}/tables/", READERS),
    Row("PATCH", "documents/{id}/tags/", REVIEWERS, body={"confirmed": True}),
    Row("PATCH", "documents/{id}/type/", REVIEWERS, body={"label": "receipt"}),
    Row("PATCH", "documents/{id}/warnings/{warning}/", REVIEWERS, body={"dismissed": True}),
    Row("GET", "experiments/", READERS, elsewhere=200),
    Row("POST", "experiments/", OWNERS, good=400, elsewhere=400, body={}),  # without a treatment
    Row("GET", "experiments/{experiment}/", READERS),
    Row("PATCH", "experiments/{experiment}/", OWNERS, body={"state": "stopped"}),
    Row("GET", "exports/", READERS, elsewhere=200),
    Row("POST", "exports/", REVIEWERS, good=202, elsewhere=409, body={"format": "csv"}),
    Row("GET", "exports/{export}/", READERS),
    Row("GET", "exports/{export}/file/", READERS),
    Row("GET", "fields/", READERS, elsewhere=200),
    Row("GET", "models/", READERS, elsewhere=200),
    Row("GET", "models/{version}/", READERS),
    Row("GET", "organisations/", READERS, elsewhere=200),
    Row("GET", "organisations/{organisation}/", READERS),
    Row("PATCH", "organisations/{organisation}/", EDITORS, body={"name": "Another name"}),
    Row("POST", "organisations/{organisation}/merge/", EDITORS, body={"into": "{other}"}),
    Row("GET", "refits/", READERS, elsewhere=200),
    Row("GET", "refits/{refit}/", READERS),
    Row("GET", "reruns/", READERS, elsewhere=200),
    Row("POST", "reruns/", EDITORS, good=202, elsewhere=409, body={"documents": ["{id}"]}),
    Row("GET", "reruns/{rerun}/", READERS),
    Row("PATCH", "reruns/{rerun}/", EDITORS, body={"decision": "promoted"}),
    Row("GET", "schemas/", READERS, elsewhere=200),
    Row("GET", "schemas/invoice/", READERS, elsewhere=200),
    Row("PUT", "schemas/invoice/", EDITORS, elsewhere=200, body={"fields": []}),
    Row("POST", "schemas/invoice/apply/", EDITORS, good=202, elsewhere=202),
    Row("GET", "schemas/invoice/versions/", READERS, elsewhere=200),
    Row("GET", "search/?q=secret", READERS, elsewhere=200),
    Row("GET", "stats/", READERS, elsewhere=200),
    Row("GET", "tags/", READERS, elsewhere=200),
    Row("GET", "types/", READERS, elsewhere=200),
    Row("POST", "types/", EDITORS, good=201, elsewhere=201, body={"name": "Type", "description": "A sentence."}),
    Row("PATCH", "types/delivery_note/", EDITORS, body={"description": "Another sentence."}),
    Row("GET", "warnings/", READERS, elsewhere=200),
)
PUBLIC = {"docs/", "schema/", ""}  # the last one answers unknown addresses


def test_the_matrix_names_every_address() -> None:
    known = {_pattern(row.path) for row in ROWS} | PUBLIC
    assert {str(each.pattern) for each in urlpatterns} == known


def _pattern(path: str) -> str:
    """Write an example of an address as the pattern it fits."""
    written = path.split("?", maxsplit=1)[0].replace("{id}", "<uuid:document_id>").replace("grand_total", "<slug:key>")
    written = written.replace("schemas/invoice/", "schemas/<slug:document_type>/")
    written = written.replace("types/delivery_note/", "types/<slug:slug>/")
    return re.sub(r"\{(\w+)\}", r"<uuid:\1_id>", written)


def beside(document: Document) -> dict[str, str]:
    """Make what hangs on a document or beside it: a warning, an export with its file, two organisations."""
    place = document.workspace
    FieldValue.objects.create(
        workspace=place,
        document=document,
        version=document.versions.get(),
        key="title",
        value_type="text",
        value=SECRET,
        raw_text=SECRET,
        method="HUMAN",
    )
    FieldValue.objects.create(
        workspace=place,
        document=document,
        version=document.versions.get(),
        key="title",
        value_type="text",
        value=SECRET,
        raw_text=SECRET,
        method="HUMAN",
    )
    warning = DocumentWarning.objects.create(
        workspace=place, document=document, kind=WarningKind.FAILED_CHECK, message=SECRET
    )
    export = Export.objects.create(
        workspace=place,
        format="CSV",
        document_count=1,
        by_label=SECRET,
        state="SUCCEEDED",
        file_key=storages["default"].save(f"{place.pk}/exports/{document.pk}.csv", ContentFile(SECRET.encode())),
    )
    words = {"name": "Delivery note", "description": SECRET}
    Label.objects.get_or_create(workspace=place, slug="delivery_note", defaults=words)
    names = (f"{SECRET} {document.pk}", f"other {document.pk}")
    with transaction.atomic():
        found = organisations_named(workspace_id=place.pk, names=names)
    return {
        "id": str(document.pk),
        "warning": str(warning.pk),
        "export": str(export.pk),
        "organisation": str(found[names[0]]),
        **learned(place),
        "other": str(found[names[1]]),
    }


def learned(place: Workspace) -> dict[str, str]:
    """Make a version, the receipt of a refit, and an experiment of the version against another."""
    first, second = (
        ModelVersion.objects.get_or_create(workspace=place, family=FAMILY, version=f"{SECRET} {number}")[0]
        for number in (1, 2)
    )
    refit = Refit.objects.create(workspace=place, cause="CORRECTION", state="SUCCEEDED", by_label=SECRET)
    experiment = Experiment.objects.create(
        workspace=place,
        family=FAMILY,
        name=SECRET,
        control=first,
        treatment=second,
        mode="LIVE",
        share=0.5,
        asked_share=1,
        salt="salt",
        alpha=0.05,
        power=0.8,
        expected_rate=0.9,
        difference=0.05,
        most_outcomes=100,
    )
    rerun = Rerun.objects.create(workspace=place, by_label=SECRET)
    return {"rerun": str(rerun.pk), "version": str(first.pk), "refit": str(refit.pk), "experiment": str(experiment.pk)}


@pytest.fixture
def callers(
    api_of: Call, alice: User, bob: User, charlie: User, member: Call, workspace: Workspace, anonymous: Any
) -> Callable[[str], Any]:
    """Give a maker of callers by name."""
    gamma = Workspace.objects.get(memberships__user=charlie)

    def browser() -> Any:
        anonymous.client.force_login(alice)
        return anonymous

    def viewer_elsewhere() -> Any:
        gamma.memberships.update(role=Role.VIEWER)
        return api_of(charlie, gamma)

    makers: dict[str, Callable[[], Any]] = {
        "owner": lambda: api_of(alice, workspace),
        "editor": lambda: api_of(member(Role.EDITOR), workspace),
        "reviewer": lambda: api_of(member(Role.REVIEWER), workspace),
        "viewer": lambda: api_of(bob, workspace),
        "read-only": lambda: api_of(alice, workspace, ("read",)),
        "write-only": lambda: api_of(alice, workspace, ("write",)),
        "browser": browser,
        "stranger": lambda: api_of(charlie, gamma),
        "stranger who reads": lambda: api_of(charlie, gamma, ("read",)),
        "viewer elsewhere": viewer_elsewhere,
        "anonymous": lambda: anonymous,
    }
    return lambda name: makers[name]()


def state() -> list[Any]:
    """Sum up everything that a call could change."""
    return [
        list(Document.objects.order_by("id").values_list("title", "type_label", "status", "deleted_at")),
        PipelineRun.objects.count(),
        Correction.objects.count(),
        AuditEvent.objects.exclude(object_kind__in=["token", "user", "workspace"]).count(),
        FieldValue.objects.count(),
        Schema.objects.count(),
        Export.objects.count(),
        Accounting.objects.count(),
        list(Organisation.objects.order_by("id").values_list("name", "merged_into")),
        DocumentWarning.objects.filter(dismissed_at=None).count(),
        list(AcceptPolicy.objects.order_by("id").values_list("target_error", "changed_at")),
        list(Experiment.objects.order_by("id").values_list("name", "state")),
        list(Label.objects.order_by("id").values_list("name", "description", "is_retired")),
    ]


def expected_status(row: Row, caller: str) -> int:
    if caller == "anonymous":
        return 401
    if caller in row.allowed:
        return row.good
    if caller in READERS | REVIEWERS:
        return 403
    if row.elsewhere == 404:
        return 404
    if row.elsewhere == 409 and caller == "stranger":
        return 409  # what they may do in their own workspace, which is empty
    return 403 if row.method != "GET" and caller != "stranger" else row.elsewhere


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
def test_matrix(row: Row, callers: Call, finished: Call) -> None:
    for caller in CALLERS:
        document = finished(f"text for {caller}", title=SECRET, texts=(SECRET,))
        names = beside(document)
        call, before = callers(caller), state()
        form = {"file": SimpleUploadedFile("new.txt", f"new from {caller}".encode())} if row.form else None
        body = row.body
        if row.path.startswith("organisations/{organisation}/") and body:
            body = {"into": names["other"], "name": f"Named by {caller}"}
        if row.path == "reruns/" and body:
            body = {"documents": [names["id"]]}
        if row.path == "types/" and body:
            body = {**body, "name": f"Type of {caller}"}
        answer = call(row.method, row.path.format(**names), body, form=form)
        assert answer.status_code == expected_status(row, caller), (caller, answer.content)
        if caller in row.allowed:
            continue
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert SECRET.encode() not in content
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert state() == before


@pytest.mark.parametrize("path", ["documents/", "documents/{id}/", "search/?q=secret"])
@pytest.mark.parametrize("caller", ["token", "browser"])
def test_the_membership_is_asked_for_once(
    api: Any, alice: User, queued: Call, django_assert_max_num_queries: Any, caller: str, path: str
) -> None:
    address = f"/api/v1/{path.format(id=queued().pk)}"
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_max_num_queries(40) as asked:
        answer = api("GET", address) if caller == "token" else client.get(address)
    assert answer.status_code == 200
    assert sum('FROM "accounts_membership"' in query["sql"] for query in asked.captured_queries) == 1
