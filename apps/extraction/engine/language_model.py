"""The arrays of py3langid's model. `python -m apps.extraction.engine.language_model` unpacks them into the environment.

The library ships them as one file packed by LZMA, which takes .5 s and 76 MB in every process. Unpacked once, at
installation, they are mapped: there at once, and in memory once for all processes.
"""

import lzma
import sys
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

NAMES = ("nextmove", "nextmove_row", "out_feat", "classes", "ptc", "pc")
PACKED = Path(MODEL_DIR) / MODEL_FILE


def model_arrays(folder: Path | None = None) -> Arrays:
    """Return the model's arrays by the library's names for them: mapped, or unpacked into memory."""
    unpacked = folder or unpacked_folder()
    if unpacked.is_dir():
        return {name: np.asarray(np.load(unpacked / f"{name}.npy", mmap_mode="r")) for name in NAMES}
    with np.load(BytesIO(lzma.decompress(PACKED.read_bytes())), allow_pickle=False) as packed:
        return {name: packed[name] for name in NAMES}


def unpacked_folder() -> Path:
    """Return where the arrays of the library that is installed lie; another release's are of another size."""
    return Path(sys.prefix) / "share" / "docintel" / f"py3langid-{PACKED.stat().st_size}"


def unpack(folder: Path) -> None:
    """Write the arrays there, if nobody has yet: 68 MB."""
    if folder.is_dir():
        return
    arrays = model_arrays(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        begun = Path(temporary) / folder.name
        begun.mkdir()
        for name, array in arrays.items():
            np.save(begun / f"{name}.npy", array, allow_pickle=False)
        begun.rename(folder)  # all of it, or nothing


if __name__ == "__main__":
    unpack(unpacked_folder())
