"""The memory of layouts: where people showed a field to be, found again on other documents. One example is enough."""

from apps.extraction.engine.fields.memory.places import place_of
from apps.extraction.engine.fields.memory.recall import recall
from apps.extraction.engine.fields.memory.template import template_of
from apps.extraction.engine.fields.memory.types import Place, Remembered

__all__ = ["Place", "Remembered", "place_of", "recall", "template_of"]
