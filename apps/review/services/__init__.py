"""Questions to people, their decisions, what is odd about documents, and where these stand with the clerk."""

from apps.review.services.tasks import task_close, task_open
from apps.review.services.types import UnknownTypeError, bundle_decide, type_correct, types_correct

__all__ = ["UnknownTypeError", "bundle_decide", "task_close", "task_open", "type_correct", "types_correct"]
