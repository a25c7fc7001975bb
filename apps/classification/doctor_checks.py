"""What classification needs: the files of encoder, model of entities and configured model of types; what computes."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from apps.classification.engine.checkpoint_types import CalibrationError, temperature_beside
from apps.classification.engine.tagging.artifact import CONFIG_FILE, TaggerError, read_tagger
from apps.classification.heads import ENTITIES
from apps.classification.runtime.device_errors import DeviceError
from apps.classification.runtime.model_files import ModelFilesError, find_model
from apps.core.doctor import Check, Finding, note, problem, well


def encoder_files() -> Iterator[Finding]:
    """Check the configured encoder's folder and the hash of its weights."""
    try:
        files = find_model(settings.ENCODER)
    except ModelFilesError as error:
        yield problem("encoder", f"{error}; run `make setup` or set DOCINTEL_ENCODER")
    else:
        yield well("encoder", f"{files.name}, weights {files.sha256[:12]}, in {files.folder}")


def entity_model_files() -> Iterator[Finding]:
    """Check the tagger that finds names, or the model configured in its place."""
    name = settings.ENTITIES_MODEL or str(ENTITIES)
    try:
        if (Path(name) / CONFIG_FILE).is_file():
            config, _ = read_tagger(Path(name))
            found = f"{config.version} for {config.encoder}"
        else:
            files = find_model(name)
            found = f"{files.name}, weights {files.sha256[:12]}, in {files.folder}"
    except (TaggerError, ModelFilesError) as error:
        yield problem("entities", f"{error}; set DOCINTEL_ENTITIES_MODEL, or leave it out for the shipped model")
    else:
        yield well("entities", found)


def type_model_files() -> Iterator[Finding]:
    """Check the model of types that is configured in place of the head, and its calibration, if there is one."""
    if not settings.TYPE_MODEL:
        return
    try:
        files = find_model(settings.TYPE_MODEL)
        temperature = temperature_beside(files.folder)
    except (CalibrationError, ModelFilesError) as error:
        yield problem("types", f"{error}; set DOCINTEL_TYPE_MODEL, or leave it out for the shipped head")
    else:
        fitted = "no calibration" if temperature is None else f"temperature {temperature:g}"
        yield well("types", f"{files.name}, weights {files.sha256[:12]}, {fitted}, in {files.folder}")


def device() -> Iterator[Finding]:
    """Have what models are to compute on compute something, and tell why no card does where one seems to be wanted."""
    from apps.classification.runtime.device import chosen  # noqa: PLC0415 - torch: 2 s

    try:
        found = chosen(settings.DEVICE)
    except DeviceError as error:
        yield problem("device", f"{error.message}; set DOCINTEL_DEVICE=auto to do without it")
        return
    yield well("device", str(found))
    if found.passed_over:
        yield note("card", f"{found.passed_over} (DOCINTEL_DEVICE=cpu asks for none)")


CHECKS: list[Check] = [encoder_files, entity_model_files, type_model_files, device]
