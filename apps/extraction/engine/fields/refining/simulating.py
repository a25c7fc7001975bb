"""Users simulated: people decide N documents of some vendors; those of others are read before and after."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from msgspec import structs

from apps.extraction.engine.fields.contracts.ranker import FEATURES, Weights, candidates_of
from apps.extraction.engine.fields.contracts.training import LabelledContract
from apps.extraction.engine.fields.contracts.training import train as train_contracts
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.ranking.ranker import Ranker, shipped
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.ranking.training.examples import Example, TrueDocument, example_of, generated
from apps.extraction.engine.fields.ranking.training.growing import grow
from apps.extraction.engine.fields.refining.bases import CONTRACT
from apps.extraction.engine.fields.refining.contract_material import ContractMaterial
from apps.extraction.engine.fields.refining.figures import figures_of
from apps.extraction.engine.fields.refining.material import Material
from apps.extraction.engine.fields.refining.ranked_material import RankedMaterial, seen_of
from apps.extraction.engine.fields.refining.refit import folds_of, refit
from apps.extraction.engine.fields.refining.second_stage import Refinement, Trust
from apps.extraction.engine.fields.running import RunningText
from apps.extraction.engine.fields.types import FieldsInput

COUNTS: Final = (5, 20, 100, 400)
_FOLDS: Final = 5  # of vendors
_DRAWS: Final = 2  # of the documents decided, where there are fewer than are there
_QUARTERS: Final = 4
_FEWEST: Final = 20  # documents of a collection
TESTED: Final = 150  # generated documents that are read before and after
_SEED: Final = 1_000  # of generated documents: others than the shipped rankers learned from
Say = Callable[[str], object]


@dataclass(frozen=True)
class Workspace:
    """A user's documents; `tests` are read after people decided others, by None: by folds of unseen groups."""

    name: str
    document_type: str
    materials: Sequence[Material]
    least: float
    tests: Sequence[Material] | None = None


@dataclass(frozen=True)
class Row:
    """What N decided documents change: figures of documents whose groups nobody decided a document of."""

    workspace: str
    document_type: str
    count: int  # of decided documents: what was asked for, or as many as there are
    learned: float  # share of the fits that were put to use
    before: dict[str, Any]
    after: dict[str, Any]


def simulated(workspace: Workspace, counts: Sequence[int], say: Say) -> Iterator[Row]:
    """Yield a row for each number of decided documents, up to all that there are."""
    materials = workspace.materials
    folds = folds_of([each.group for each in materials], _FOLDS) if workspace.tests is None else [0] * len(materials)
    most = max(counts)
    for before, count in zip((0, *counts), counts, strict=False):
        if before >= most:  # all there are were decided already
            return
        tested: list[Material] = []
        refinements: list[Refinement] = []
        used = []
        for fold in sorted(set(folds)):
            pool = [each for each, own in zip(materials, folds, strict=True) if own != fold or workspace.tests]
            most = min(most, len(pool))
            tests = workspace.tests or [each for each, own in zip(materials, folds, strict=True) if own == fold]
            for draw in range(_DRAWS if count < len(pool) else 1):
                order = np.random.default_rng([fold, draw]).permutation(len(pool))[:count]
                found = _learned([pool[int(place)] for place in order], workspace)
                used.append((len(order), found))
                tested += tests
                refinements += [found] * len(tests)
        say(f"{workspace.name}: {count}")
        yield _row(workspace, used, tested, refinements)


def _learned(materials: Sequence[Material], workspace: Workspace) -> Refinement:
    keys = tuple(FEATURES) if workspace.document_type == CONTRACT else tuple(FIELDS[_schema(workspace)])
    found = refit(materials, base="", keys=keys, least=workspace.least, beat=lambda: None)
    return found.refinement if found.is_better else Refinement("")


def _schema(workspace: Workspace) -> Schema:
    return "invoice" if workspace.document_type == "invoice" else "receipt"


def _row(
    workspace: Workspace,
    used: Sequence[tuple[int, Refinement]],
    tested: Sequence[Material],
    refinements: Sequence[Refinement],
) -> Row:
    plain = Refinement("")
    before = [each.outcomes(plain) for each in tested]
    after = [each.outcomes(own) for each, own in zip(tested, refinements, strict=True)]
    return Row(
        workspace=workspace.name,
        document_type=workspace.document_type,
        count=round(sum(count for count, _ in used) / len(used)),
        learned=sum(found != plain for _, found in used) / len(used),
        before=figures_of(tested, before, [Trust()] * len(tested), workspace.least),
        after=figures_of(tested, after, [each.trust for each in refinements], workspace.least),
    )


def labelled_workspaces(documents: Sequence[TrueDocument], schema: Schema, made: int, say: Say) -> Iterator[Workspace]:
    """Yield the collections as workspaces, each with trees that saw nothing of it, and as many generated documents.

    Probabilities are the shipped ones, which were fitted to outcomes on these collections too: what is gained over
    them is rather told too small.
    """
    examples = [example_of(document) for document in documents if document.schema == schema]
    extra = [example_of(document) for document in generated(schema, made, seed=_SEED)]
    for collection in sorted({_collection(each) for each in examples}):
        own = [each for each in examples if _collection(each) == collection]
        if len(own) < _FEWEST:
            continue
        say(f"{schema}: trees without {collection}")
        forests = grow([*extra, *(each for each in examples if _collection(each) != collection)], schema)
        ranker = Ranker(shipped(schema).settings, forests)
        yield Workspace(collection, schema, [_material(each, ranker) for each in own], ranker.settings.least)


def generated_workspaces(schema: Schema, most: int, tested: int = TESTED) -> Iterator[Workspace]:
    """Yield generated documents for the shipped ranker: as they are, and in a language that nobody foresaw."""
    ranker = shipped(schema)
    for name, change in (("generated", _as_it_is), ("generated, labels unknown", _unknown)):
        decided = [example_of(change(each)) for each in generated(schema, most, seed=_SEED)]
        tests = [example_of(change(each)) for each in generated(schema, tested, seed=_SEED + 1)]
        yield Workspace(
            name,
            schema,
            [_material(each, ranker) for each in decided],
            ranker.settings.least,
            [_material(each, ranker) for each in tests],
        )


def contract_workspaces(contracts: Sequence[LabelledContract], say: Say) -> Iterator[Workspace]:
    """Yield two workspaces: each has three quarters of the contracts, and models that saw the others only."""
    groups = sorted({contract.group for contract in contracts})
    for turn in (0, 1):
        seen = set(groups[turn::_QUARTERS])
        say("contract: models of a quarter")
        models = train_contracts([each for each in contracts if each.group in seen], seed=_SEED)
        own = [_contract(each, models) for each in contracts if each.group not in seen]
        yield Workspace(f"without quarter {turn + 1}", CONTRACT, own, 0.0)


def _collection(example: Example) -> str:
    """Return who made a collection: parts of one collection share sellers."""
    return example.document.source.partition("/")[0]


def _material(example: Example, ranker: Ranker) -> Material:
    document = example.document
    keys = FIELDS[document.schema]
    known = {key: value for key, value in document.truth.items() if key in keys and value}
    absent = set(keys) - set(known) if document.is_complete else set()
    decided = {**{key: (value,) for key, value in known.items()}, **dict.fromkeys(absent, ())}
    return RankedMaterial(ranker, seen_of(example.ranked), decided, document.group)


def _contract(contract: LabelledContract, models: Weights) -> Material:
    candidates = candidates_of(Zones(RunningText(contract.pages)))
    decided = {key: tuple(contract.truth.get(key, ())) for key in FEATURES}
    return ContractMaterial(models, candidates, decided, contract.group)


def _as_it_is(document: TrueDocument) -> TrueDocument:
    return replace(document, group=document.name)


def _unknown(document: TrueDocument) -> TrueDocument:
    """Return a document with the letters of every word that is part of a label reversed."""
    page = document.pages[0]
    labels = {
        index
        for piece in Sheet(FieldsInput(pages=[page])).pieces()
        for mention in piece.mentions
        for index in piece.words[mention.first : mention.last]
    }
    words = [
        structs.replace(word, text=word.text[::-1]) if index in labels else word
        for index, word in enumerate(page.words)
    ]
    return replace(document, group=document.name, pages=[structs.replace(page, words=words)])
