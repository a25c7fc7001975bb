"""A tagger on disk: `tagger.json` with labels and settings, `tagger.safetensors` with the numbers, tied by a hash."""

import hashlib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

CONFIG_FILE: Final = "tagger.json"
WEIGHTS_FILE: Final = "tagger.safetensors"
CARD_FILE: Final = "card.json"
LARGEST_BYTES: Final = 5_000_000
_FORMAT: Final = "docintel.entity-tagger/1"


class TaggerError(RuntimeError):
    """The tagger's files are missing, damaged or do not belong together; the message says which."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Makes a probability of a mention's mean log probability: a logistic curve over its log odds (Platt 1999)."""

    slope: float
    offset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggerConfig:
    """Everything about a tagger that is not a tensor.

    The adapter belongs to the encoder whose weights have `encoder_sha256`: `scale` times B A is added to each adapted
    matrix. `layers` are those of the encoder that it keeps, by their places in it; none means all. The first `trunk` of
    them are the encoder's as they are. `outside_bias` is that of `LabelScheme`. A mention of a kind without a
    `calibration` has no probability.
    """

    name: str
    encoder: str
    encoder_sha256: str
    labels: tuple[str, ...]
    rank: int
    scale: float
    layers: tuple[int, ...] = ()
    trunk: int = 0
    outside_bias: float = 0.0
    calibration: dict[str, Calibration] = field(default_factory=dict)
    weights_sha256: str = ""
    format: str = _FORMAT

    @property
    def version(self) -> str:
        """The name and the beginning of the weights' hash."""
        return f"{self.name}-{self.weights_sha256[:8]}"


def write_tagger(folder: Path, config: TaggerConfig, tensors: dict[str, NDArray[np.generic]]) -> TaggerConfig:
    """Write both files and return the settings with the weights' hash; raises `TaggerError` if they are too large."""
    data = save({name: np.ascontiguousarray(tensor) for name, tensor in sorted(tensors.items())})
    if len(data) > LARGEST_BYTES:
        raise TaggerError(f"The weights take {len(data):,} bytes, more than {LARGEST_BYTES:,}; lower the rank")
    folder.mkdir(parents=True, exist_ok=True)
    config = replace(config, weights_sha256=hashlib.sha256(data).hexdigest())
    (folder / WEIGHTS_FILE).write_bytes(data)
    (folder / CONFIG_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(asdict(config)), indent=2) + b"\n")
    return config


def read_tagger(folder: Path) -> tuple[TaggerConfig, dict[str, NDArray[np.generic]]]:
    """Read and check both files; raises `TaggerError`."""
    config = read_tagger_config(folder)
    try:
        data = (folder / WEIGHTS_FILE).read_bytes()
    except OSError as error:
        raise TaggerError(f"The tagger's weights cannot be read: {error}") from error
    if hashlib.sha256(data).hexdigest() != config.weights_sha256:
        raise TaggerError(f"{folder / WEIGHTS_FILE} is not the file that {CONFIG_FILE} names: its hash differs")
    try:
        return config, load(data)
    except SafetensorError as error:
        raise TaggerError(f"{folder / WEIGHTS_FILE} is not a safetensors file: {error}") from error


def read_tagger_config(folder: Path) -> TaggerConfig:
    """Read `tagger.json`; raises `TaggerError` when it is missing or of another format."""
    try:
        config = msgspec.json.decode((folder / CONFIG_FILE).read_bytes(), type=TaggerConfig)
    except (OSError, msgspec.DecodeError) as error:
        raise TaggerError(f"The tagger's settings cannot be read: {error}") from error
    if config.format != _FORMAT:
        raise TaggerError(f"{folder / CONFIG_FILE} has the format {config.format!r}, expected {_FORMAT!r}")
    return config
