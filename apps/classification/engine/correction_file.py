"""A workspace's correction as settings and safetensors, tied by a hash; loaded onto the types that there are now."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from apps.classification.engine.artifact import ArtifactError
from apps.classification.engine.correction import Correction

_FORMAT: Final = "docintel.type-correction/1"
_BY_LABEL: Final = ("vectors", "words", "bias", "like_vectors", "like_words", "fitted")


@dataclass(frozen=True, slots=True)
class CorrectionFile:
    """A correction on disk or in a database; `sha256` is that of settings and tensors together."""

    config: dict[str, Any]
    tensors: bytes
    sha256: str


def dump(correction: Correction, *, base: str, labels: Sequence[str]) -> CorrectionFile:
    """Write a correction of the base head named; `labels` are its columns. Large tensors become half floats."""
    arrays = {}
    for name in _BY_LABEL:
        array = getattr(correction, name)
        arrays[name] = np.ascontiguousarray(array.astype(np.float16) if array.ndim > 1 else array)
    config = {
        "format": _FORMAT,
        "base": base,
        "labels": list(labels),
        "scale": correction.scale,
        "temperature": correction.temperature,
    }
    tensors = save(arrays)
    return CorrectionFile(config, tensors, hash_of(config, tensors))


def read(config: dict[str, Any], tensors: bytes, *, sha256: str, labels: Sequence[str]) -> Correction:
    """Read a correction onto other labels: columns of those it does not know are zero, of those gone are left out.

    Raises `ArtifactError` when the hash is not the stated one, or the format unknown.
    """
    if hash_of(config, tensors) != sha256:
        raise ArtifactError("The model's tensors are not those that its version names: the hash differs")
    if config.get("format") != _FORMAT:
        raise ArtifactError(f"The model has the format {config.get('format')!r}, expected {_FORMAT!r}")
    try:
        arrays = load(tensors)
    except SafetensorError as error:
        raise ArtifactError(f"The model's tensors are not safetensors: {error}") from error
    known = {label: place for place, label in enumerate(config["labels"])}
    places = [known.get(label, -1) for label in labels]
    moved: dict[str, Any] = {name: _columns(arrays[name], places) for name in _BY_LABEL}
    return Correction(scale=config["scale"], temperature=config["temperature"], **moved)


def _columns(array: NDArray[Any], places: Sequence[int]) -> NDArray[Any]:
    """Return columns of the last axis by place; -1 stands for zeros."""
    widened = np.concatenate([array, np.zeros_like(array[..., :1])], axis=-1)
    picked = widened[..., list(places)]
    return picked if picked.dtype == np.bool_ else picked.astype(np.float32)


def hash_of(config: dict[str, Any], tensors: bytes) -> str:
    """Hash both; keys are sorted, as a database does not keep their order."""
    digest = hashlib.sha256(msgspec.json.encode(config, order="sorted"))
    digest.update(tensors)
    return digest.hexdigest()
