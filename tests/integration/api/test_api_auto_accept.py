"""What is accepted automatically, by the API: the policy, certificates with their figures, marks on documents."""

from collections.abc import Callable
from typing import Any

from apps.documents.models import Document
from apps.review.models import Certificate
from tests.integration.web.acceptance.conftest import accepted, certificate

__all__ = ["accepted", "certificate"]


def test_the_policy_is_read_and_set(api: Callable[..., Any]) -> None:
    off: dict[str, Any] = {"target_error": None, "sample_share": 0.2, "audit_share": 0.03, "certificates": []}
    assert api("GET", "auto-accept/").json() == off
    set_now = api("PATCH", "auto-accept/", {"target_error": 0.02, "sample_share": 0.5}).json()
    assert set_now == off | {"target_error": 0.02, "sample_share": 0.5}
    assert api("PATCH", "auto-accept/", {"audit_share": 0.1}).json()["target_error"] == 0.02
    for wrong in ({"target_error": 0.9}, {"sample_share": 0}, {"audit_share": "much"}):
        assert api("PATCH", "auto-accept/", wrong).status_code == 400
    assert api("PATCH", "auto-accept/", {"target_error": None}).json()["target_error"] is None


def test_certificates_and_what_they_accepted(
    api: Callable[..., Any], certificate: Certificate, accepted: Document
) -> None:
    of_type, of_number = api("GET", "auto-accept/").json()["certificates"]
    assert (of_type["id"], of_type["type"], of_type["field"], of_number["field"]) == (
        str(certificate.pk),
        "invoice",
        "",
        "invoice_number",
    )
    assert (of_type["state"], of_type["threshold"], of_type["bound"], of_type["looks"]) == ("certified", 0.95, 0.045, 1)
    assert (of_type["automated_share"], of_type["accepted"]) == (0.8, 1)
    assert of_type["checks"] == {"made": 100, "wrong": 3, "waiting": 0, "missing": None}
    assert of_type["audits"] == {"made": 0, "wrong": 0, "waiting": 0, "evidence": 1.0}
    document = api("GET", f"documents/{accepted.pk}/").json()
    assert document["type"]["certificate"] == of_type["id"]
    assert [each["certificate"] for each in document["fields"]] == [of_number["id"]]
