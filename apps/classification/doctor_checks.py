"""What classification needs: the encoder's files, whole and unchanged."""

from collections.abc import Iterator

from django.conf import settings

from apps.classification.runtime.model_files import ModelFilesError, find_model
from apps.core.doctor import Check, Finding, problem, well


def encoder_files() -> Iterator[Finding]:
    """Check the configured encoder's folder and the hash of its weights."""
    try:
        files = find_model(settings.ENCODER)
    except ModelFilesError as error:
        yield problem("encoder", f"{error}; run `make setup` or set DOCINTEL_ENCODER")
    else:
        yield well("encoder", f"{files.name}, weights {files.sha256[:12]}, in {files.folder}")


CHECKS: list[Check] = [encoder_files]
