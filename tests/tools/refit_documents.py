"""Generated documents for `bench_refit`, and what refits of types and tags take; needs Django to be set up.

The documents are generated: types are directions of vectors and sets of words, with noise. Measured is what the encoder
worker does between the claim and the new version, then the look through pending documents and the figures.
"""

import argparse
import sys
import time

import numpy as np
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from numpy.typing import NDArray

from apps.accounts.models import Workspace
from apps.accounts.services import user_create, workspace_create
from apps.classification.engine.features import DocumentFeatures
from apps.classification.engine.novelty import Scores
from apps.classification.models import Prediction, Refit, RefitCause, TypeFeatures
from apps.classification.selectors import FAMILY, TAGS
from apps.classification.services import refit_request, shipped_version
from apps.core.clock import now
from apps.documents.models import Blob, Document, DocumentVersion, Reading, Tag, TagDecision
from apps.pipeline.encoder import learning
from apps.pipeline.encoder.heads import workspace_model

WORDS, BUCKETS, DIMENSIONS = 250, 8192, 384


def main() -> None:
    """Make the documents, fit three times, print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--confirmed", type=int, default=10_000)
    parser.add_argument("--pending", type=int, default=2_000)
    parser.add_argument("--tags", type=int, default=50)
    arguments = parser.parse_args()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        workspace = workspace_create(owner=user_create(email="bench@example.org", password="none"), name="Bench")
        make_documents(workspace, arguments.confirmed, arguments.pending)
        put_tags(workspace, arguments.confirmed, arguments.tags)
        for family in (FAMILY, TAGS):
            for place in range(3):
                if family == TAGS:
                    say_more(workspace, place)
                measure(workspace, family)
    finally:
        teardown_databases(databases, verbosity=0)


def measure(workspace: Workspace, family: str) -> None:
    """Do one refit as the worker does, and print what it took."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    refit = refit_request(workspace_id=workspace.pk, cause=RefitCause.CORRECTION, family=family)
    wall, cpu = time.perf_counter(), time.process_time()
    learning.refit_next()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    refit = Refit.objects.get(pk=refit.pk)
    sys.stdout.write(
        f"{family}, {refit.state}: new version after {refit.fit_ms} ms, learned from {refit.example_count}; with "
        f"{refit.rescored_count} pending looked at and the figures {wall:.2f} s, CPU {cpu:.2f} s\n"
    )


def put_tags(workspace: Workspace, confirmed: int, count: int) -> None:
    """Have somebody put one to three tags on each of the first documents, and say that these are all.

    A tag goes with a type, so that it can be told, and one of a document's is of chance.
    """
    generator = np.random.default_rng(1)
    tags = Tag.objects.bulk_create(Tag(workspace=workspace, name=f"tag {place}") for place in range(count))
    documents = list(Document.objects.filter(workspace=workspace).order_by("pk")[:confirmed])
    slugs = sorted({document.type_label for document in documents})
    pairs = set()
    for document in documents:
        place = slugs.index(document.type_label)
        own = {place % count, (place + len(slugs)) % count, int(generator.integers(count))}
        pairs |= {(document.pk, tags[each].pk) for each in own}
    moment = now()
    Document.tags.through.objects.bulk_create(
        (Document.tags.through(document_id=document, tag_id=tag) for document, tag in pairs), batch_size=5000
    )
    TagDecision.objects.bulk_create(
        (
            TagDecision(workspace=workspace, document_id=document, tag_id=tag, is_wanted=True, decided_at=moment)
            for document, tag in pairs
        ),
        batch_size=5000,
    )
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(tags_confirmed_at=moment)


def say_more(workspace: Workspace, place: int) -> None:
    """Have somebody put one more tag on one of the first documents, so that what is learned is new."""
    document = Document.objects.filter(workspace=workspace).order_by("pk")[place]
    said = TagDecision.objects.filter(document=document).values("tag")
    tag = Tag.objects.filter(workspace=workspace).exclude(pk__in=said).order_by("pk")[0]
    TagDecision.objects.create(workspace=workspace, document=document, tag=tag, is_wanted=True, decided_at=now())


def make_documents(workspace: Workspace, confirmed: int, pending: int) -> None:
    """Store documents with their features, as the pipeline leaves them; the last ones are not confirmed."""
    model = workspace_model(workspace.pk)
    slugs = [label.slug for label in model.head.base.config.labels]
    count = confirmed + pending
    blobs = Blob.objects.bulk_create(
        Blob(workspace=workspace, sha256=f"{place:064x}", size=1) for place in range(count)
    )
    moment = now()
    documents = Document.objects.bulk_create(
        Document(
            workspace=workspace,
            title=f"Document {place}",
            file_name="file.pdf",
            source="API",
            received_at=moment,
            finished_at=moment,
            status="SUCCEEDED",
            type_label=slugs[place % len(slugs)],
            type_source="HUMAN" if place < confirmed else "MODEL",
        )
        for place in range(count)
    )
    versions = DocumentVersion.objects.bulk_create(
        DocumentVersion(workspace=workspace, document=document, blob=blob)
        for document, blob in zip(documents, blobs, strict=True)
    )
    readings = Reading.objects.bulk_create(
        Reading(workspace=workspace, version=version, producer="bench", config_hash="bench") for version in versions
    )
    for document, reading in zip(documents, readings, strict=True):
        document.current_reading = reading
    Document.objects.bulk_update(documents, ["current_reading"], batch_size=1000)
    shipped = shipped_version()
    Prediction.objects.bulk_create(
        Prediction(workspace=workspace, reading=reading, model_version=shipped, label="letter") for reading in readings
    )
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(len(slugs), DIMENSIONS))
    vocabularies = generator.integers(0, BUCKETS, size=(len(slugs), 2 * WORDS))
    TypeFeatures.objects.bulk_create(
        (
            TypeFeatures(
                reading=reading,
                made_by=model.made_by,
                data=features(centres[place % len(slugs)], vocabularies[place % len(slugs)], len(slugs), generator),
            )
            for place, reading in enumerate(readings)
        ),
        batch_size=1000,
    )


def features(
    centre: NDArray[np.float64], vocabulary: NDArray[np.int64], labels: int, generator: np.random.Generator
) -> bytes:
    """Make one document's packed features: near its type's centre, words from its vocabulary and from anywhere."""
    vector = centre + 2 * generator.normal(size=DIMENSIONS)
    own = generator.choice(vocabulary, WORDS // 2)
    indices = np.unique(np.concatenate([own, generator.integers(0, BUCKETS, WORDS // 2)]))
    made = DocumentFeatures(
        vector=(vector / np.linalg.norm(vector)).astype(np.float32),
        indices=indices,
        values=np.ones(len(indices), dtype=np.float32),
        scores=Scores(*generator.normal(size=(3, labels))),
        has_text=True,
    )
    return made.packed()
