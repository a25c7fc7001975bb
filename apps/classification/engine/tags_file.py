"""Heads of tags as settings and safetensors, tied by one hash."""

from typing import Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from apps.classification.engine.artifact import ArtifactError
from apps.classification.engine.correction_file import CorrectionFile, hash_of
from apps.classification.engine.tags import TagHeads

_FORMAT: Final = "docintel.tag-heads/1"
_HALF: Final = ("vectors", "words")
_WHOLE: Final = ("bias", "thresholds", "slopes", "intercepts", "fitted")


def dump(heads: TagHeads, *, base: str) -> CorrectionFile:
    """Write heads on features that the base named makes. Large tensors become half floats."""
    arrays = {name: np.ascontiguousarray(getattr(heads, name).astype(np.float16)) for name in _HALF}
    arrays |= {name: np.ascontiguousarray(getattr(heads, name)) for name in _WHOLE}
    config = {"format": _FORMAT, "base": base, "tags": list(heads.tags)}
    tensors = save(arrays)
    return CorrectionFile(config, tensors, hash_of(config, tensors))


def read(config: dict[str, Any], tensors: bytes, *, sha256: str) -> TagHeads:
    """Read what `dump` wrote; raises `ArtifactError` when the hash is not the stated one, or the format unknown."""
    if hash_of(config, tensors) != sha256:
        raise ArtifactError("The heads' tensors are not those that their version names: the hash differs")
    if config.get("format") != _FORMAT:
        raise ArtifactError(f"The heads have the format {config.get('format')!r}, expected {_FORMAT!r}")
    try:
        arrays: dict[str, Any] = load(tensors)
    except SafetensorError as error:
        raise ArtifactError(f"The heads' tensors are not safetensors: {error}") from error
    halves = {name: arrays[name].astype(np.float32) for name in _HALF}
    return TagHeads(tags=tuple(config["tags"]), **halves, **{name: arrays[name] for name in _WHOLE})
