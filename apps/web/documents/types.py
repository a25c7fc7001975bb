"""Document types in words: what a person can choose from, and how each is called."""

from uuid import UUID

from apps.review.selectors import known_types

NOT_TYPED = "Not typed yet"


def type_title(slug: str) -> str:
    """Return how a type is called; the empty slug stands for none."""
    return slug.replace("_", " ").replace("-", " ").capitalize() or NOT_TYPED


def type_choices(*, workspace_id: UUID) -> list[tuple[str, str]]:
    """Return slug and title of every type a document of the workspace may have, by title, `other` last."""
    choices = [(slug, type_title(slug)) for slug in known_types(workspace_id=workspace_id)]
    return sorted(choices, key=lambda choice: (choice[0] == "other", choice[1]))
