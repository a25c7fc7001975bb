"""Documents of the sample workspace: made by program, realistic, with known truth."""

from apps.pipeline.samples.bulk import BulkFile, bulk
from apps.pipeline.samples.catalogue import generate
from apps.pipeline.samples.model import Sample, TableTruth, Truth

__all__ = ["BulkFile", "Sample", "TableTruth", "Truth", "bulk", "generate"]
