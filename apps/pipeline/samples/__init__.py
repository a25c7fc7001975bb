"""Documents of the sample workspace: made by program, realistic, with known truth."""

from apps.pipeline.samples.catalogue import generate
from apps.pipeline.samples.model import Sample, TableTruth, Truth

__all__ = ["Sample", "TableTruth", "Truth", "generate"]
