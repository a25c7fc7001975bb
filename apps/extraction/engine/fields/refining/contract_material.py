"""Contracts as what a fit learns from, and their candidates packed small."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from apps.extraction.engine.fields.contracts import ranker
from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.parties import KEY as PARTY
from apps.extraction.engine.fields.contracts.ranker import Weights
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.normalise.organisations import organisation_name
from apps.extraction.engine.fields.refining.contracts import odds_of, scores_of
from apps.extraction.engine.fields.refining.material import Decided, Outcome, Rows, rows_of
from apps.extraction.engine.fields.refining.second_stage import Refinement
from apps.extraction.engine.fields.running import RunningText
from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.fields.types import FieldsInput

KEYS: Final = tuple(ranker.FEATURES)
_FORM: Final = "contract-candidates/1"
_NO_PLACE: Final = (0, 0)


class _Row(msgspec.Struct, frozen=True, array_like=True):
    value: str
    cues: tuple[float, ...]


def feature_hashes() -> dict[str, str]:
    """Return a hash of the names of the cues of every key."""
    return {key: hashlib.sha256("\n".join(names).encode()).hexdigest()[:16] for key, names in ranker.FEATURES.items()}


def made_by() -> str:
    """Name the form and the cues, so that others are made anew."""
    return hashlib.sha256(repr((_FORM, sorted(feature_hashes().items()))).encode()).hexdigest()


def packed(document: FieldsInput) -> bytes:
    """Find the candidates of a contract and pack them."""
    found = ranker.candidates_of(Zones(RunningText(document.pages)))
    return msgspec.msgpack.encode(
        {key: [_Row(each.value, each.cues) for each in candidates] for key, candidates in found.items()}
    )


def unpacked(data: bytes) -> dict[str, list[Candidate]]:
    """Return candidates that know their cues but not where they stand."""
    rows = msgspec.msgpack.decode(data, type=dict[str, list[_Row]])
    return {key: [Candidate(key, row.value, _NO_PLACE, row.cues) for row in own] for key, own in rows.items()}


@dataclass(frozen=True)
class ContractMaterial:
    """A contract as candidates with what people decided of it; see `Material`."""

    models: Weights
    candidates: dict[str, list[Candidate]]
    decided: Decided
    group: str

    def rows(self, key: str) -> Rows | None:
        """Return the candidates of a key, None where nobody decided it or the value is none of them."""
        candidates = self.candidates.get(key)
        if key not in self.decided or not candidates:
            return None
        odds, matrix = odds_of(candidates, self.models.keys[key])
        said = self.decided[key]
        right = np.array([_is_right(key, each.value, said) for each in candidates], dtype=np.bool_)
        try:
            return rows_of(odds, matrix, [()] * len(candidates), right, is_there=bool(said), are_alone=True)
        except LookupError:
            return None

    def outcomes(self, refinement: Refinement) -> list[Outcome]:
        """Return what would have been said of each decided key: several parties, one of everything else."""
        found = []
        for key, said in self.decided.items():
            model = self.models.keys[key]
            scored = scores_of(key, self.candidates.get(key, []), model, refinement)
            for choice in ranker.chosen(key, scored, model.threshold):
                is_right = _is_right(key, choice.candidate.value, said)
                found.append(Outcome(key, ranker.probability(choice, model), is_right=is_right))
        return found


def _is_right(key: str, value: str, said: Sequence[str]) -> bool:
    """Whether a value is one of those said; names of organisations in one form."""
    forms = [organisation_name(each) for each in said] if key == PARTY else said
    return any(bare(value) == bare(each) for each in forms)
