"""What a reading found on its pages: tables, typed values, entities; the schemas and the memory behind them."""

from apps.extraction.models.entities import Entity, Organisation, OrganisationAlias
from apps.extraction.models.memory import Example
from apps.extraction.models.refining import RankingCandidates, RankingJob, RankingState, RankingVersion
from apps.extraction.models.schemas import FieldSpec, Schema, SpecOrigin
from apps.extraction.models.tables import BundleProposal, Table
from apps.extraction.models.values import INDEXED_LENGTH, Extraction, FieldValue, Method, ValueState

__all__ = [
    "INDEXED_LENGTH",
    "BundleProposal",
    "Entity",
    "Example",
    "Extraction",
    "FieldSpec",
    "FieldValue",
    "Method",
    "Organisation",
    "OrganisationAlias",
    "RankingCandidates",
    "RankingJob",
    "RankingState",
    "RankingVersion",
    "Schema",
    "SpecOrigin",
    "Table",
    "ValueState",
]
