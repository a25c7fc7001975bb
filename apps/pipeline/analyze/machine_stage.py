"""What a file says of itself in a machine's language, asked of its guarded process."""

from collections.abc import Sequence
from pathlib import Path

from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.fields.types import MachineData
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.operations import machine_data
from apps.extraction.engine.types import DocumentInfo, PageReading, Problem


class MachineStage:
    """For one file; what goes wrong costs these values and not the rest of the analysis."""

    def __init__(self, reader: GuardedReader, path: Path, info: DocumentInfo, password: str | None) -> None:
        self._reader = reader
        self._path = path
        self._info = info
        self._password = password

    def read(self, pages: Sequence[PageReading], type_label: str | None, problems: list[Problem]) -> MachineData:
        """Return it; `pages` with their text tell where codes may stand."""
        try:
            return self._reader.perform(
                machine_data,
                self._path,
                media_type=self._info.media_type,
                arguments=machine_data.arguments_for(pages, type_label),
                result=MachineData,
                password=self._password,
            )
        except ReadingError as error:
            problems.append(error.as_problem())
            return MachineData()
