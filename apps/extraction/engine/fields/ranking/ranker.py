"""A ranker on disk and at work: trees for every field, how their scores become probabilities, and what they choose."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from safetensors.numpy import load, save

from apps.extraction.engine.fields.ranking.candidates import Kind
from apps.extraction.engine.fields.ranking.features import Ranked, feature_names
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.ranking.trees import Forest

SHIPPED = Path(__file__).with_name("shipped")
_SETTINGS, _WEIGHTS = "ranker.json", "ranker.safetensors"
_STEEPEST = 30.0


class RankerError(RuntimeError):
    """The files of a ranker are missing, damaged, or made for other features; the message says which."""


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """How probable it is that a field's best candidate is right.

    A logistic function of the signs that speak for it (see `signs.py`) and of the field. `fitted_on` names the
    documents whose outcomes it was fitted to; each was scored by trees that had not seen its group.
    """

    weights: dict[str, float]  # of the signs, by name
    by_key: dict[str, float]
    fitted_on: str

    def probability(self, key: str, signs: Mapping[str, float]) -> float:
        """Return the probability that the best candidate of a field is right."""
        total = sum(weight * signs[name] for name, weight in self.weights.items()) + self.by_key.get(key, 0.0)
        return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, total))))


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a ranker that is not a tensor. A value less probable than `least` is not given.

    Fields that no labelled document tells of have no calibration (`uncalibrated`) and are given above `least_score`.
    """

    schema: Schema
    name: str
    features: dict[str, str]  # a hash of their names, by kind of candidate
    calibration: Calibration
    least: float
    least_score: float = 0.0
    uncalibrated: list[str] = []
    weights_sha256: str = ""


@dataclass(frozen=True)
class Ranker:
    """Scores the candidates of the fields of one schema."""

    settings: Settings
    forests: Mapping[str, Forest]

    @property
    def producer(self) -> str:
        """Return the name and version that values carry."""
        return f"{self.settings.name}-{self.settings.weights_sha256[:8]}"

    def scores(self, ranked: Mapping[Kind, Ranked]) -> dict[str, npt.NDArray[np.float64]]:
        """Return the scores of the candidates of every field that has some."""
        kinds = FIELDS[self.settings.schema]
        return {
            key: forest.scores(ranked[kinds[key]].matrix)
            for key, forest in self.forests.items()
            if kinds[key] in ranked and len(ranked[kinds[key]].candidates)
        }

    def save(self, folder: Path) -> "Ranker":
        """Write both files and return the ranker with the hash of its weights."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {name: tensor for key, forest in self.forests.items() for name, tensor in forest.tensors(key).items()}
        data = save({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()})
        settings = msgspec.structs.replace(self.settings, weights_sha256=hashlib.sha256(data).hexdigest())
        (folder / _WEIGHTS).write_bytes(data)
        (folder / _SETTINGS).write_bytes(msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n")
        return Ranker(settings, self.forests)


def load_ranker(folder: Path) -> Ranker:
    """Read a ranker; raises RankerError where its files do not fit each other or this version's features."""
    try:
        settings = msgspec.json.decode((folder / _SETTINGS).read_bytes(), type=Settings)
        data = (folder / _WEIGHTS).read_bytes()
    except (OSError, msgspec.MsgspecError) as error:
        raise RankerError(f"{folder}: {error}") from error
    if hashlib.sha256(data).hexdigest() != settings.weights_sha256:
        raise RankerError(f"{folder}: weights and settings do not belong together")
    if settings.features != feature_hashes(settings.schema):
        raise RankerError(f"{folder}: trained on other features; run manage.py train_fields")
    tensors = load(data)
    keys = {name.rpartition(".")[0] for name in tensors}
    return Ranker(settings, {key: Forest.of_tensors(tensors, key) for key in sorted(keys)})


def feature_hashes(schema: Schema) -> dict[str, str]:
    """Return a hash of the names of the features of every kind of candidate that a schema uses."""
    kinds = sorted(set(FIELDS[schema].values()))
    return {kind: hashlib.sha256("\n".join(feature_names(kind)).encode()).hexdigest()[:16] for kind in kinds}


@cache
def shipped(schema: Schema) -> Ranker:
    """Return the ranker of this version."""
    return load_ranker(SHIPPED / schema)
