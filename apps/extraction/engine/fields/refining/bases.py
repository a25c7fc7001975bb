"""The shipped rankers that can be learned on top of, by document type: what they are called, and what they weigh."""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Final

from apps.extraction.engine.fields.contracts import ranker as contract_ranker
from apps.extraction.engine.fields.contracts.reading import PRODUCER as CONTRACT_PRODUCER
from apps.extraction.engine.fields.ranking.ranker import feature_hashes as ranked_features
from apps.extraction.engine.fields.ranking.ranker import shipped
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.refining import contract_material
from apps.extraction.engine.fields.refining.contract_material import ContractMaterial
from apps.extraction.engine.fields.refining.material import Decided, Material
from apps.extraction.engine.fields.refining.packed import made_by as ranked_made_by
from apps.extraction.engine.fields.refining.packed import packed, unpacked
from apps.extraction.engine.fields.refining.ranked_material import RankedMaterial
from apps.extraction.engine.fields.types import FieldsInput

CONTRACT: Final = "contract"
_SENDERS: Final = {"invoice": "seller_name", "receipt": "merchant_name"}
_RANKED: Final[dict[str, Schema]] = {schema: schema for schema in FIELDS}


@cache
def base_name(document_type: str) -> str:
    """Return the name of a type's shipped ranker with the hash of its weights."""
    if document_type == CONTRACT:
        return f"{CONTRACT_PRODUCER}-{hashlib.sha256(contract_ranker.WEIGHTS.read_bytes()).hexdigest()[:8]}"
    return shipped(_RANKED[document_type]).producer


@cache
def features_of(document_type: str) -> dict[str, str]:
    """Return hashes of the names of the features that weights are for."""
    return contract_material.feature_hashes() if document_type == CONTRACT else ranked_features(_RANKED[document_type])


def keys_of(document_type: str) -> tuple[str, ...]:
    """Return the fields that are ranked."""
    return contract_material.KEYS if document_type == CONTRACT else tuple(FIELDS[_RANKED[document_type]])


def least_of(document_type: str) -> float:
    """Return the probability from which on values are given; contracts' rankers decide by their own thresholds."""
    return 0.0 if document_type == CONTRACT else shipped(_RANKED[document_type]).settings.least


@cache
def made_by(document_type: str) -> str:
    """Name the form of packed candidates: other ones are made anew."""
    return contract_material.made_by() if document_type == CONTRACT else ranked_made_by(_RANKED[document_type])


def packed_candidates(document_type: str, document: FieldsInput) -> bytes:
    """Find a document's candidates and pack them."""
    return contract_material.packed(document) if document_type == CONTRACT else packed(document, _RANKED[document_type])


def material_of(document_type: str, data: bytes, decided: Decided, *, name: str) -> Material:
    """Return what can be learned from a document; its group is its sender, as people said it, else itself."""
    if document_type == CONTRACT:
        group = _group(decided.get("party", ()), name)
        if len(decided.get("party", ())) == 1:  # of two sides; nobody has said yet what the other one is
            decided = {key: values for key, values in decided.items() if key != "party"}
        return ContractMaterial(contract_ranker.shipped(), contract_material.unpacked(data), decided, group)
    group = _group(decided.get(_SENDERS[document_type], ()), name)
    return RankedMaterial(shipped(_RANKED[document_type]), unpacked(data), decided, group)


def _group(values: Sequence[str], name: str) -> str:
    return " ".join(sorted(values)).casefold() or name
