"""`manage.py train_contracts`: trains the ranker of contract fields and writes its weights with their card."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.extraction.engine.fields.contracts.dataset import LabelledContractFile, labelled_contracts
from apps.extraction.engine.fields.contracts.ranker import WEIGHTS
from apps.extraction.engine.fields.contracts.training import train
from apps.pipeline.labelled_documents import labelled_contract_readings


class Command(BaseCommand):
    """Train and write the ranker."""

    help = (
        "Train the ranker of contract fields. FOLDER holds manifest.jsonl with rows {path, gt, source, group, "
        'licence}; a truth is {"type": "contract", "fields": {key: [values]}} with all values of the keys.'
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
        parser.add_argument("--out", type=Path, default=WEIGHTS, metavar="FILE")
        parser.add_argument("--readings", type=Path, metavar="FILE", help="keep what was read, for another training")
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *_: object, **given: Any) -> None:
        try:
            files = labelled_contracts(given["data"])
            contracts = list(labelled_contract_readings(files, given["readings"], self.stderr.write))
            self.stderr.write(f"Training on {len(contracts)} contracts")
            weights = train(contracts, seed=given["seed"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        card = {**weights.card, "trained_on": f"{datetime.now(tz=UTC):%Y-%m-%d}", "sources": _sources(files)}
        encoded = msgspec.json.encode(msgspec.structs.replace(weights, card=card))
        given["out"].write_bytes(msgspec.json.format(encoded) + b"\n")
        self.stdout.write(json.dumps(card, indent=2, ensure_ascii=False))


def _sources(files: Sequence[LabelledContractFile]) -> list[dict[str, object]]:
    """Return how many contracts come from where, with the licence of each source."""
    counts = Counter((file.source, file.licence) for file in files)
    return [
        {"source": source, "licence": licence, "contracts": count}
        for (source, licence), count in sorted(counts.items())
    ]
