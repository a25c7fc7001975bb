"""Where a page of results ends: a cursor names the last result, so that new documents neither repeat nor hide any."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from apps.core.errors import UserError
from apps.search.matches import Match


class InvalidCursorError(UserError):
    """The cursor is not one of ours."""

    code = "invalid_cursor"
    message = "This cursor is not valid. Start again with the first page."


class Position(msgspec.Struct, frozen=True, array_like=True):
    """The last result that was shown."""

    document_id: UUID
    score: float


def encode(match: Match) -> str:
    """Make the cursor that leads past a result."""
    return urlsafe_base64_encode(msgspec.msgpack.encode(Position(match.document_id, match.score)))


def after(ranking: Sequence[Match], cursor: str | None) -> int:
    """Return where in the ranking the next page begins; raises InvalidCursorError."""
    if not cursor:
        return 0
    try:
        last = msgspec.msgpack.decode(urlsafe_base64_decode(cursor), type=Position)
    except (ValueError, msgspec.MsgspecError) as error:
        raise InvalidCursorError from error
    for place, match in enumerate(ranking, 1):
        if match.document_id == last.document_id:
            return place
    below = (place for place, match in enumerate(ranking) if match.score < last.score)  # it is gone: go on below it
    return next(below, len(ranking))
