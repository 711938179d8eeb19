"""Opaque cursors of keyset pagination: the place after the last row of a page."""

import base64
import binascii
import json
from datetime import UTC, datetime

from domain.errors import ErrorCode, HosoError


def encode_cursor(at: datetime, row_id: str) -> str:
    """A URL-safe token of (time, id)."""
    data = json.dumps([at.isoformat(), row_id]).encode()
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def decode_cursor(token: str) -> tuple[datetime, str]:
    """The (time, id) of a token. Raises ``request_invalid`` for one that we did not make."""
    try:
        padded = token + "=" * (-len(token) % 4)
        at, row_id = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        moment = datetime.fromisoformat(at)
        is_ours = moment.tzinfo is not None and isinstance(row_id, str) and row_id.isprintable()
        # the database knows neither every offset nor every sign that Python does
        moment = moment.astimezone(UTC)
    except (binascii.Error, UnicodeError, ValueError, TypeError, OverflowError) as error:
        raise HosoError(ErrorCode.REQUEST_INVALID, problem="cursor") from error
    if not is_ours:
        raise HosoError(ErrorCode.REQUEST_INVALID, problem="cursor")
    return moment, row_id
