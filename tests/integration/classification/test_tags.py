"""Tags from end to end: people's words through the API, the worker's refit, proposals, yes and no, and what is kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import User, Workspace
from apps.classification.engine.training.tag_fit import fit
from apps.classification.models import (
    ModelState,
    ModelVersion,
    ModelWeights,
    Refit,
    RefitCause,
    RefitState,
    TagSuggestion,
)
from apps.classification.selectors import TAGS, active_version, refits_in
from apps.classification.services import version_activate
from apps.classification.suggestions.selectors import suggestions_of, tags_listed
from apps.classification.suggestions.services import suggestions_store
from apps.core.clock import now
from apps.core.models import AuditEvent, OutboxEvent
from apps.documents.models import Document, Tag, TagDecision
from apps.documents.selectors import visible_to
from apps.documents.tagging import UnknownTagError, documents_tag, tags_decide
from apps.pipeline.encoder import rescoring, tag_learning, tags
from apps.pipeline.encoder.tasks import work_encoder
from apps.pipeline.services.again import document_reprocess
from apps.pipeline.sweeper import sweep
from apps.pipeline.tasks import work_reading
from tests.integration.api.conftest import api, api_of
from tests.integration.classification.test_refits import BERRIES, note, read

__all__ = ["api", "api_of"]
pytestmark = pytest.mark.django_db
CITIES = ("Aachen", "Bremen", "Celle", "Dresden", "Essen", "Fulda", "Goslar", "Halle")


def minutes(city: str, number: int) -> str:
    """Write a document of another kind: what a choir's board decided."""
    return f"""Choir of {city}: meeting of the board, evening {number}

Present: the conductor, the treasurer and {3 + number % 4} members. The spring concert in {city} is moved to the old
church. The alto section rehearses on Tuesdays. The treasurer reports that the fees of {number} singers are paid. New
scores are ordered. The next meeting is in a month; whoever cannot come tells the secretary.
"""


@pytest.fixture
def papers(workspace: Workspace) -> list[Document]:
    """Give eight check sheets of a warehouse and eight minutes of a choir, that nobody tagged."""
    texts = [note(berry, number) for number, berry in enumerate(BERRIES, 11)]
    return read(workspace, [*texts, *(minutes(city, number) for number, city in enumerate(CITIES, 31))])


def learn() -> None:
    """Hand out what people said and let the worker learn from it."""
    sweep()
    work_encoder()


def wanted_by(document: Document) -> dict[str, float | None]:
    found = suggestions_of(document_ids=[document.pk]).get(document.pk, [])
    return {each.tag.name: each.probability for each in found}


def test_from_the_first_words_to_yes_and_no(
    workspace: Workspace, alice: User, papers: list[Document], api: Callable[..., Any]
) -> None:
    sheets, boards = papers[:8], papers[8:]
    for document, tag in [(each, "warehouse") for each in sheets[:6]] + [(each, "choir") for each in boards[:6]]:
        assert api("PATCH", f"documents/{document.pk}/", {"tags": [tag]}).status_code == 200
    learn()
    refit = Refit.objects.get(family=TAGS, state=RefitState.SUCCEEDED)
    assert (refit.cause, refit.example_count, refit.changed_count) == (RefitCause.CORRECTION, 12, 4)
    assert not refits_in(workspace_id=workspace.pk).exists(), "receipts of types are another matter"
    version = active_version(workspace_id=workspace.pk, family=TAGS)
    assert version is not None
    assert len(version.dataset_hash) == len(version.artifact_sha256) == 64
    scores = {score["name"]: score for score in version.metrics["tags"].values()}
    assert (scores["choir"]["precision"], scores["choir"]["documents"]) == (1, 6)
    assert [wanted_by(each) for each in sheets[6:]] == [{"warehouse": None}] * 2, "too few for a probability"
    assert [wanted_by(each) for each in boards[6:]] == [{"choir": None}] * 2
    assert not any(wanted_by(each) for each in [*sheets[:6], *boards[:6]]), "of these people said all there is"

    new = read(workspace, [note("cherry", 77)])[0]  # the pipeline proposes what the version in use knows
    shown = api("GET", f"documents/{new.pk}/").json()
    assert shown["suggested_tags"] == [{"tag": "warehouse", "confidence": None, "model": version.version}]
    assert shown["tags"] == []

    shown = api("PATCH", f"documents/{new.pk}/tags/", {"accept": ["warehouse"]}).json()
    assert (shown["tags"], shown["suggested_tags"], shown["refused_tags"]) == (["warehouse"], [], [])
    shown = api("PATCH", f"documents/{sheets[6].pk}/tags/", {"reject": ["warehouse"]}).json()
    assert (shown["tags"], shown["suggested_tags"], shown["refused_tags"]) == ([], [], ["warehouse"])
    learn()
    second = active_version(workspace_id=workspace.pk, family=TAGS)
    assert second is not None
    assert second.dataset_hash != version.dataset_hash
    assert {score["name"]: score["refused"] for score in second.metrics["tags"].values()}["warehouse"] == 1
    document_reprocess(document=sheets[6], by=alice)
    while work_reading() or work_encoder():
        pass
    assert wanted_by(sheets[6]) == {}, "what was refused is never proposed again there"
    told = AuditEvent.objects.filter(object_id=sheets[6].pk, action__contains="tag").values_list("action", flat=True)
    assert list(told) == ["document.refuse_tag"]

    api("PATCH", f"documents/{sheets[6].pk}/tags/", {"forget": ["warehouse"]})
    learn()
    assert set(wanted_by(sheets[6])) == {"warehouse"}, "open once more, as nobody has said anything"
    api("PATCH", f"documents/{new.pk}/", {"tags": []})  # taking a tag off is taking the yes back
    assert TagDecision.objects.get(document=new).is_wanted is False
    assert api("PATCH", f"documents/{new.pk}/tags/", {"accept": ["of no workspace"]}).json()["code"] == "unknown_tag"
    assert api("PATCH", f"documents/{new.pk}/tags/", {"accept": ["choir"], "reject": ["choir"]}).status_code == 400
    rows = {row["tag"]: row for row in api("GET", "tags/").json()}
    assert (rows["choir"]["confirmed"], rows["choir"]["suggested"], rows["choir"]["score"]["precision"]) == (6, 2, 1)
    assert len(api("GET", "documents/?suggested_tag=choir").json()["results"]) == 2


def test_versions_go_back_and_are_refused_when_they_were_changed(
    workspace: Workspace, alice: User, papers: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    documents_tag(documents=papers[:6], name="warehouse", by=alice)
    documents_tag(documents=papers[8:14], name="choir", by=alice)
    learn()
    first = active_version(workspace_id=workspace.pk, family=TAGS)
    assert first is not None
    assert wanted_by(papers[6]) == {"warehouse": None}
    tags_decide(document=papers[7], by=alice, refused=["warehouse"], accepted=["choir"])
    learn()
    second = active_version(workspace_id=workspace.pk, family=TAGS)
    assert second not in {None, first}
    version_activate(workspace_id=workspace.pk, version=first, by=alice, family=TAGS)
    work_encoder()
    assert active_version(workspace_id=workspace.pk, family=TAGS) == first
    assert set(TagSuggestion.objects.values_list("model_version", flat=True)) == {first.pk}
    ModelWeights.objects.filter(version=first).update(tensors=b"others")
    tags._kept.clear()  # another process
    assert read(workspace, [note("cherry", 77)]), "nothing is proposed, and the document is read all the same"
    assert Refit.objects.filter(family=TAGS, cause=RefitCause.UPGRADE).exists()
    work_encoder()
    again = active_version(workspace_id=workspace.pk, family=TAGS)
    assert again is not None
    assert again == second, "the same words make the same version"

    def chosen_meanwhile(*args: Any) -> Any:
        version_activate(workspace_id=workspace.pk, version=second, by=alice, family=TAGS)
        return fit(*args)

    monkeypatch.setattr(tag_learning, "fit", chosen_meanwhile)
    tags_decide(document=papers[6], by=alice, accepted=["warehouse"])
    learn()
    work_encoder()
    assert ModelVersion.objects.filter(family=TAGS).count() == 3, "what was learned meanwhile waits"
    assert active_version(workspace_id=workspace.pk, family=TAGS) == second
    assert not Refit.objects.filter(family=TAGS).exclude(state=RefitState.SUCCEEDED).exists()

    def said_meanwhile(**given: Any) -> int:
        tags_decide(document=papers[6], by=alice, accepted=["choir"])
        sweep()
        monkeypatch.setattr(tag_learning, "suggestions_store", suggestions_store)
        return suggestions_store(**given)

    monkeypatch.setattr(tag_learning, "fit", fit)
    monkeypatch.setattr(tag_learning, "suggestions_store", said_meanwhile)
    monkeypatch.setattr(rescoring, "AT_ONCE", 3)
    tags_decide(document=papers[6], by=alice, refused=["warehouse"])
    learn()
    work_encoder()
    counts = Refit.objects.filter(family=TAGS).order_by("-id").values_list("rescored_count", flat=True)[:2]
    assert list(counts) == [17, 3], "what more was said while documents were looked at has all of them looked at"


def test_too_little_and_no_longer_enough(workspace: Workspace, alice: User, papers: list[Document]) -> None:
    documents_tag(documents=papers[:8], name="warehouse", by=alice)
    learn()
    assert active_version(workspace_id=workspace.pk, family=TAGS) is None, "nobody said of a document that it is none"
    for document in papers[8:13]:
        tags_decide(document=document, by=alice, confirmed=True)
    learn()
    assert active_version(workspace_id=workspace.pk, family=TAGS) is not None
    for document in papers[:4]:
        tags_decide(document=document, by=alice, forgotten=["warehouse"])
    learn()
    assert active_version(workspace_id=workspace.pk, family=TAGS) is None
    assert not TagSuggestion.objects.exists()
    assert ModelVersion.objects.filter(family=TAGS, state=ModelState.RETIRED).exists()
    with pytest.raises(UnknownTagError):
        tags_decide(document=papers[0], by=alice, accepted=["never made"])


def test_tags_that_come_with_documents_are_learned_together_once_these_are_read(
    workspace: Workspace, alice: User
) -> None:
    with_tags = read(workspace, ["A letter about nothing much.", "Another letter about the weather."])
    assert not Refit.objects.filter(family=TAGS).exists()
    documents_tag(documents=with_tags, name="post", by=alice)
    OutboxEvent.objects.filter(kind="tags.decided").delete()
    for document in with_tags:
        document_reprocess(document=document, by=alice)
    while work_reading() or work_encoder():
        pass
    sweep()
    waiting = Refit.objects.get(family=TAGS)
    assert waiting.available_at > now() + timedelta(seconds=20)
    tags_decide(document=with_tags[0], by=alice, confirmed=True)
    sweep()
    waiting.refresh_from_db()
    assert waiting.available_at <= now(), "somebody who looks on does not wait for more"


def test_what_a_part_has_from_its_parent_teaches_nothing_of_the_part(
    workspace: Workspace, alice: User, papers: list[Document]
) -> None:
    documents_tag(documents=papers[:6], name="warehouse", by=alice)
    documents_tag(documents=papers[8:14], name="choir", by=alice)
    for document in papers[6:8]:
        document.tags.add(Tag.objects.get(name="choir"))
    learn()
    version = active_version(workspace_id=workspace.pk, family=TAGS)
    assert version is not None
    rows = {row.name: row for row in tags_listed(workspace_id=workspace.pk, documents=visible_to(user=alice))}
    assert (rows["choir"].document_count, rows["choir"].confirmed_count, rows["choir"].suggested_count) == (8, 6, 2)
    assert {score["name"]: score["documents"] for score in version.metrics["tags"].values()}["choir"] == 6
