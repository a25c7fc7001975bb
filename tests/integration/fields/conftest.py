"""Documents with known words, read by the pipeline's own workers; types are said by a person, without the encoder."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from apps.accounts.models import User, Workspace
from apps.documents.models import Document, Source
from apps.extraction.engine.fields.types import FieldReading, LineItem, ValueType
from apps.pipeline.outcome import Outcome
from apps.pipeline.services import claims
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.steps import step_complete
from apps.pipeline.sweeper import hand_out_events
from apps.pipeline.table import STEPS
from apps.pipeline.tasks import work_reading
from apps.review.services import type_correct

Lines = list[tuple[float, float, str]]
ENCODER_STEPS = [step.name for step in STEPS if step.queue == "encoder"]


def pdf(lines: Lines) -> bytes:
    """Write texts at places (points from the left and from the top) on one page."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setFont("Helvetica", 10)
    for left, top, text in lines:
        canvas.drawString(left, A4[1] - top, text)
    canvas.save()
    return buffer.getvalue()


def letter(customer: str, meter: str, *, body: str = "We have read your meter and thank you for your help.") -> Lines:
    """Lay out a letter of one sender: letterhead, labels and footer return, the rest does not."""
    return [
        (60, 60, "Stadtwerke Lindenau Netz und Service"),
        (60, 75, "Am Alten Gaswerk, Lindenau an der Elbe"),
        (60, 160, "Customer number"),
        (220, 160, customer),
        (60, 180, "Meter reading"),
        (220, 180, meter),
        (60, 240, body),
        (60, 255, "Please check the figures above and write to us if anything is wrong."),
        (60, 780, "Registered office Lindenau, managing directors Petra Sommer and Jonas Falk"),
    ]


def stated(key: str, value: str | list[LineItem], kind: ValueType = "text", **more: Any) -> FieldReading:
    """Make a value that a file says of itself."""
    raw = value if isinstance(value, str) else "lines"
    return FieldReading(
        key=key, value=value, value_type=kind, raw_text=raw, method="embedded", producer="test-1", **more
    )


@pytest.fixture
def work() -> Callable[[], None]:
    """Give what all workers do until nothing is left; the encoder's parts succeed without results."""

    def run() -> None:
        while True:
            busy = bool(work_reading())
            while leases := claims.claim(queue="encoder", steps=ENCODER_STEPS, owner="test", limit=50):
                busy = True
                for lease in leases:
                    step_complete(lease=lease, outcome=Outcome())
            busy = bool(hand_out_events()) or busy
            if not busy:
                return

    return run


@pytest.fixture
def read(workspace: Workspace, alice: User, work: Callable[[], None]) -> Callable[..., Document]:
    """Give a maker of documents that were read, of a type that a person named."""

    def make(content: bytes | Lines, name: str = "letter.pdf", *, label: str = "letter", **more: Any) -> Document:
        chunks = [content if isinstance(content, bytes) else pdf(content)]
        options: dict[str, Any] = {"source": Source.API, "by": alice} | more
        document = ingest_upload(workspace_id=workspace.pk, chunks=chunks, file_name=name, **options).document
        if label:
            type_correct(document=document, label=label, by=alice)
        work()
        document.refresh_from_db()
        return document

    return make
