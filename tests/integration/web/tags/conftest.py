"""Clients of every role, and a version of tags' heads with what it suggests."""

import pytest

from apps.accounts.models import User, Workspace
from apps.classification.engine.tags import ProposedTag
from apps.classification.models import ModelState, ModelVersion, ModelWeights
from apps.classification.selectors import TAGS
from apps.classification.suggestions.services import suggestions_store
from apps.documents.models import Document, Tag
from apps.documents.tagging import documents_tag, tags_decide
from tests.integration.web.documents.conftest import as_role, own_places, owner, sign_in
from tests.library import shelve

__all__ = ["as_role", "own_places", "owner", "sign_in"]


@pytest.fixture
def version(workspace: Workspace, alice: User) -> ModelVersion:
    """Give a version in use that learned the tag `acme`, put on one document and refused for another."""
    first = shelve(workspace, "text", title="Tagged one")
    documents_tag(documents=[first], name="acme", by=alice)
    tags_decide(document=shelve(workspace, "text", title="Refused one"), by=alice, refused=["acme"])
    score = {"name": "acme", "precision": 0.94, "recall": 0.81, "f1": 0.87, "documents": 16, "refused": 1}
    version = ModelVersion.objects.create(
        workspace=workspace,
        family=TAGS,
        version="learned-0123456789ab",
        artifact_sha256="a" * 64,
        dataset_hash="b" * 64,
        code_version="1.0",
        state=ModelState.ACTIVE,
        metrics={
            "documents": 40,
            "macro_f1": 0.87,
            "calibration_error": 0.03,
            "tags": {str(Tag.objects.get(name="acme").pk): {**score, "is_fitted": True}},
        },
    )
    ModelWeights.objects.create(version=version, config={}, tensors=b"")
    return version


@pytest.fixture
def wanting(workspace: Workspace, version: ModelVersion) -> Document:
    """Give a document for which `acme` is suggested."""
    document = shelve(workspace, "text", title="Wanting one")
    found = ProposedTag(str(Tag.objects.get(name="acme").pk), lead=2.0, probability=0.93)
    suggestions_store(workspace_id=workspace.pk, version=version, found={document.pk: [found]})
    return document
