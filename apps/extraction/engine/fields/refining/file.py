"""A refinement as settings and safetensors, tied by a hash."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from apps.extraction.engine.fields.refining.second_stage import KeyWeights, Refinement, Trust

_FORMAT: Final = "docintel.field-refinement/1"


class RefinementError(RuntimeError):
    """What was stored is not what its version names, or of an unknown format."""


@dataclass(frozen=True, slots=True)
class RefinementFile:
    """A refinement as it is stored; `sha256` is that of settings and tensors together."""

    config: dict[str, Any]
    tensors: bytes
    sha256: str


def dump(refinement: Refinement, *, features: dict[str, str]) -> RefinementFile:
    """Write a refinement; `features` are the hashes of the names of features that its weights are for."""
    config = {
        "format": _FORMAT,
        "base": refinement.base,
        "features": features,
        "keys": {key: {"slope": own.slope, "shift": own.shift} for key, own in sorted(refinement.keys.items())},
        "trust": {
            "slope": refinement.trust.slope,
            "shift": refinement.trust.shift,
            "by_key": dict(refinement.trust.by_key),
        },
    }
    tensors = save({key: np.ascontiguousarray(own.weights) for key, own in refinement.keys.items()})
    return RefinementFile(config, tensors, _hash(config, tensors))


def read(config: dict[str, Any], tensors: bytes, *, sha256: str, version: str) -> Refinement:
    """Read a refinement; raises RefinementError when the hash is not the stated one, or the format unknown."""
    if _hash(config, tensors) != sha256:
        raise RefinementError("What was learned is not what its version names: the hash differs")
    if config.get("format") != _FORMAT:
        raise RefinementError(f"What was learned has the format {config.get('format')!r}, expected {_FORMAT!r}")
    try:
        arrays = load(tensors)
    except SafetensorError as error:
        raise RefinementError(f"What was learned is not safetensors: {error}") from error
    keys = {
        key: KeyWeights(own["slope"], own["shift"], arrays[key].astype(np.float32))
        for key, own in config["keys"].items()
    }
    told = config["trust"]
    return Refinement(config["base"], keys, Trust(told["slope"], told["shift"], told["by_key"]), version)


def _hash(config: dict[str, Any], tensors: bytes) -> str:
    """Hash both; keys are sorted, as a database does not keep their order."""
    digest = hashlib.sha256(msgspec.json.encode(config, order="sorted"))
    digest.update(tensors)
    return digest.hexdigest()
