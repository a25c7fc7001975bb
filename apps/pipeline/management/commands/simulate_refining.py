"""`manage.py simulate_refining`: what users' decisions gain over the shipped rankers, for vendors nobody decided."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.extraction.engine.fields.contracts.dataset import ContractDataError, labelled_contracts
from apps.extraction.engine.fields.ranking.schemas import FIELDS
from apps.extraction.engine.fields.ranking.training.dataset import DatasetError, labelled_files
from apps.extraction.engine.fields.refining.bases import CONTRACT
from apps.extraction.engine.fields.refining.simulating import (
    COUNTS,
    Row,
    Workspace,
    contract_workspaces,
    generated_workspaces,
    labelled_workspaces,
    simulated,
)
from apps.pipeline.labelled_documents import labelled_contract_readings, labelled_documents

_HEAD = "| documents of | decided | put to use | F1 | calibration error | AUROC | at 98 % precision |"
_FIGURES = ("f1", "calibration_error", "auroc", "coverage_at_98_percent")


class Command(BaseCommand):
    """Simulate users who decide values."""

    help = (
        "Let a simulated user decide 5, 20, 100 and 400 documents, and read documents of other vendors before and "
        "after. FOLDER is one that train_fields and train_contracts take; without it generated documents are used."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--type", choices=[*sorted(FIELDS), CONTRACT], required=True)
        parser.add_argument("--data", type=Path, metavar="FOLDER")
        parser.add_argument("--readings", type=Path, metavar="FILE", help="keep what was read, for another time")
        parser.add_argument("--generated", type=int, default=600, metavar="N", help="that trees learn from")
        parser.add_argument("--counts", type=int, nargs="+", default=list(COUNTS), metavar="N")

    def handle(self, *_: object, **given: Any) -> None:
        try:
            self.stdout.write(f"{_HEAD}\n|{'---|' * 7}")
            for workspace in self._workspaces(given):
                for row in simulated(workspace, given["counts"], self.stderr.write):
                    self.stdout.write(_line(row))
        except (DatasetError, ContractDataError) as error:
            raise CommandError(str(error)) from error

    def _workspaces(self, given: dict[str, Any]) -> Iterator[Workspace]:
        kind, data, say = given["type"], given["data"], self.stderr.write
        if data is None and kind == CONTRACT:
            raise CommandError("Contracts need --data", returncode=2)
        if data is None:
            yield from generated_workspaces(kind, max(given["counts"]))
        elif kind == CONTRACT:
            contracts = list(labelled_contract_readings(labelled_contracts(data), given["readings"], say))
            yield from contract_workspaces(contracts, say)
        else:
            documents = list(labelled_documents(labelled_files(data), given["readings"], say))
            yield from labelled_workspaces(documents, kind, given["generated"], say)


def _line(row: Row) -> str:
    told = [f"{row.before.get(name, 0):.3f} → {row.after.get(name, 0):.3f}" for name in _FIGURES]
    return f"| {row.workspace} | {row.count} | {row.learned:.0%} | {' | '.join(told)} |"
