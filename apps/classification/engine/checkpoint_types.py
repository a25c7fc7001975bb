"""What a configured model's scores say of a document: labels by name, chunks into one, scores into a prediction."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.evidence import CHUNK_DECAY, READ_CHUNKS
from apps.classification.engine.head import UNKNOWN_TYPE, TypePrediction, softmax
from apps.classification.engine.labels import OTHER, TYPE_LABELS, slug_of_name

CALIBRATION_FILE: Final = "docintel_calibration.json"
UNFITTED: Final = "unfitted"
"""The flag of a type whose probability was fitted to no outcomes."""
_MOST_ALTERNATIVES: Final = 4


class CalibrationError(RuntimeError):
    """A calibration file that cannot be used; the message says which and why."""


class DescribedType(NamedTuple):
    """A type with the sentence by which its documents are recognised."""

    slug: str
    name: str
    description: str


def built_in_types() -> list[DescribedType]:
    """Return the types that docintel knows, each with the first of its descriptions."""
    return [DescribedType(each.slug, each.title, each.descriptions[0]) for each in TYPE_LABELS]


def slugs_of_labels(names: Sequence[str]) -> list[str]:
    """Return the type that each label of a model stands for; one without a Latin letter or digit goes by its number."""
    return [slug_of_name(name) or f"label_{number}" for number, name in enumerate(names)]


def temperature_beside(folder: Path) -> float | None:
    """Read `{"temperature": T}` from a model's calibration file; None where there is none. Raises CalibrationError."""
    file = folder / CALIBRATION_FILE
    if not file.is_file():
        return None
    try:
        temperature = msgspec.json.decode(file.read_bytes(), type=dict[str, float])["temperature"]
    except (msgspec.DecodeError, KeyError, OSError) as error:
        raise CalibrationError(f"{file} does not give a temperature: {error}") from error
    if not temperature > 0:
        raise CalibrationError(f"{file} gives the temperature {temperature}, which is not above 0")
    return temperature


def averaged(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average the scores of a document's leading chunks, shape (chunks, labels), by the weights of the type head.

    The weights were measured for vectors (see `evidence.py`); a model of another make is taken to read alike.
    """
    leading = scores[:READ_CHUNKS]
    weights = CHUNK_DECAY ** np.arange(len(leading))
    return np.asarray(weights @ leading / weights.sum(), dtype=np.float64)


def prediction(
    slugs: Sequence[str],
    scores: NDArray[np.float64],
    *,
    model: str,
    temperature: float | None = None,
    flags: tuple[str, ...] = (),
) -> TypePrediction:
    """Return what scores, shape (labels,), say; labels of one type add up.

    With a temperature, which somebody fitted to outcomes, confidences are the softmax of the scores over it; without
    one they are None.
    """
    shares = softmax(scores / (temperature or 1.0))
    of_type: dict[str, float] = {}
    for slug, share in zip(slugs, shares.tolist(), strict=True):
        of_type[slug] = of_type.get(slug, 0.0) + share
    order = sorted(of_type, key=lambda slug: -of_type[slug])[: _MOST_ALTERNATIVES + 1]
    ranked = [(slug, None if temperature is None else of_type[slug]) for slug in order]
    return TypePrediction(ranked[0][0], ranked[0][1], tuple(ranked[1:]), flags, model)


def nothing_read(model: str) -> TypePrediction:
    """Return what is said of a document without text."""
    return TypePrediction(OTHER, None, (), (UNKNOWN_TYPE,), model)
