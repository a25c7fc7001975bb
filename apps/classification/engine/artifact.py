"""A head on disk: `head.json` with labels and settings, `head.safetensors` with the numbers, tied by a hash."""

import hashlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

CONFIG_FILE = "head.json"
WEIGHTS_FILE = "head.safetensors"
CARD_FILE = "card.json"
_FORMAT = "docintel.type-head/3"


class ArtifactError(RuntimeError):
    """The head's files are missing, damaged or do not belong together; the message says which."""


@dataclass(frozen=True, slots=True)
class HeadLabel:
    """A label as the head knows it; `learned` from examples, `single_source` if all of them came from one source.

    `by_sentence`: known by a name and what one sentence says (`sentences.names_of`), not by the catalogue's names.
    """

    slug: str
    names: tuple[str, ...]
    learned: bool
    single_source: bool = False
    by_sentence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadConfig:
    """Everything about a head that is not a tensor. Learned labels come first.

    `temperature` divides the learned labels' scores before the softmax; `known_weights` weigh the signs that a document
    is of a known type (`novelty.signs`), and below `other_threshold` no label fits; `description_offset` is added to
    the scores of labels known by description only, `sentence_offset` to those known by a sentence, and
    `likeness_share` times the likeness to those of learned ones.
    """

    name: str
    encoder: str
    labels: tuple[HeadLabel, ...]
    temperature: float
    known_weights: tuple[float, ...]
    other_threshold: float
    description_offset: float
    sentence_offset: float
    likeness_share: float
    weights_sha256: str = ""
    format: str = _FORMAT

    @property
    def version(self) -> str:
        """The name and the beginning of the weights' hash."""
        return f"{self.name}-{self.weights_sha256[:8]}"


def write_artifact(folder: Path, config: HeadConfig, tensors: dict[str, NDArray[np.generic]]) -> None:
    """Write both files; the weights' hash in `config` is replaced by that of the tensors."""
    folder.mkdir(parents=True, exist_ok=True)
    data = save({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()})
    config = replace(config, weights_sha256=hashlib.sha256(data).hexdigest())
    (folder / WEIGHTS_FILE).write_bytes(data)
    encoded = msgspec.json.format(msgspec.json.encode(asdict(config)), indent=2)
    (folder / CONFIG_FILE).write_bytes(encoded + b"\n")


def read_artifact(folder: Path) -> tuple[HeadConfig, dict[str, NDArray[np.generic]]]:
    """Read and check both files; raises `ArtifactError`."""
    config = read_config(folder)
    try:
        data = (folder / WEIGHTS_FILE).read_bytes()
    except OSError as error:
        raise ArtifactError(f"The head's weights cannot be read: {error}") from error
    if hashlib.sha256(data).hexdigest() != config.weights_sha256:
        raise ArtifactError(f"{folder / WEIGHTS_FILE} is not the file that {CONFIG_FILE} names: its hash differs")
    try:
        return config, load(data)
    except SafetensorError as error:
        raise ArtifactError(f"{folder / WEIGHTS_FILE} is not a safetensors file: {error}") from error


def read_config(folder: Path) -> HeadConfig:
    """Read `head.json`; raises `ArtifactError` when it is missing or of another format."""
    try:
        config = msgspec.json.decode((folder / CONFIG_FILE).read_bytes(), type=HeadConfig)
    except (OSError, msgspec.DecodeError) as error:
        raise ArtifactError(f"The head's settings cannot be read: {error}") from error
    if config.format != _FORMAT:
        raise ArtifactError(f"{folder / CONFIG_FILE} has the format {config.format!r}, expected {_FORMAT!r}")
    return config
