"""The schema and the reference page."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from django.conf import settings
from drf_spectacular.validation import validate_schema

from apps.api.schema import document, operations
from apps.api.v1.urls import urlpatterns

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_openapi_3_1(anonymous: Any) -> None:
    answer = anonymous("GET", "schema/", Accept="application/json")
    assert answer.status_code == 200
    body = json.loads(answer.content)
    assert body["openapi"].startswith("3.1")
    validate_schema(body)


def test_the_schema_comes_as_yaml_too(anonymous: Any) -> None:
    answer = anonymous("GET", "schema/?format=yaml")
    assert yaml.safe_load(answer.content) == document()


def test_the_committed_snapshot_is_up_to_date() -> None:
    assert yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text()) == document()


def test_the_schema_names_every_address() -> None:
    known = {"/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(each.pattern)) for each in urlpatterns}
    assert set(document()["paths"]) == known - {"/api/v1/", "/api/v1/docs/", "/api/v1/schema/"}


def test_every_endpoint_has_an_example_and_names_its_errors() -> None:
    for path, method, operation in operations(document()):
        assert operation["x-codeSamples"][0]["source"].startswith("curl"), path
        assert {"401", "403", "429"} <= set(operation["responses"]), (method, path)
        names_an_object = "{" in path and operation["operationId"] != "schemas_change"  # which makes what is not there
        names_an_object |= operation["operationId"] == "experiments_plan"  # a version, in what is sent
        assert ("404" in operation["responses"]) == names_an_object, (method, path)


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_page_shows_every_endpoint_and_leads_to_every_object(anonymous: Any, alice: Any, signed_in: bool) -> None:
    if signed_in:
        anonymous.client.force_login(alice)
    answer = anonymous("GET", "docs/")
    page = answer.content.decode()
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert {operation["operationId"] for *_, operation in operations(document())} <= anchors
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_the_page_lives_under_the_strict_policy(anonymous: Any) -> None:
    answer = anonymous("GET", "docs/")
    page = answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?://(?!testserver)", page)
    assert "<code>Retry-After</code>" in page


def test_threads_that_ask_first_at_the_same_time_all_get_it() -> None:
    script = (
        "import django; django.setup()\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from apps.api.schema import document\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    made = list(pool.map(lambda _: document(), range(8)))\n"
        "print(len({id(each) for each in made}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=settings.BASE_DIR, check=True
    )
    assert done.stdout.strip() == "1"
