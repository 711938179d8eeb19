"""Opaque cursors of keyset pagination: the place after the last row of a page."""

import base64
import binascii
import json
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from domain.document import Lane
from domain.errors import ErrorCode, HosoError
from domain.ports import Order

_LARGEST_PAGE = 2**31 - 1
"""What the database's integers hold."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a document stands in a list, whatever its order: all that any order goes by."""

    lane: Lane
    at: datetime
    sha256: str
    page: int
    """The first of its pages, 0 while none is known."""
    id: str


def encode_cursor(order: Order, place: Place) -> str:
    """A URL-safe token, for lists of this order only."""
    lane, at, *rest = astuple(place)
    data = json.dumps([str(order), str(lane), at.isoformat(), *rest]).encode()
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def decode_cursor(token: str, order: Order) -> Place:
    """The place of a token. Raises ``request_invalid`` for one that we did not make, or for another order."""
    try:
        padded = token + "=" * (-len(token) % 4)
        given, lane, at, sha256, page, row_id = json.loads(
            base64.urlsafe_b64decode(padded.encode("ascii"))
        )
        moment = datetime.fromisoformat(at)
        is_ours = (
            given == order
            and moment.tzinfo is not None
            and all(isinstance(text, str) and text.isprintable() for text in (sha256, row_id))
            and type(page) is int
            and 0 <= page <= _LARGEST_PAGE
        )
        place = Place(
            lane=Lane(lane),
            # the database knows neither every offset nor every sign that Python does
            at=moment.astimezone(UTC),
            sha256=sha256,
            page=page,
            id=row_id,
        )
    except (
        binascii.Error,
        UnicodeError,
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise HosoError(ErrorCode.REQUEST_INVALID, problem="cursor") from error
    if not is_ours:
        raise HosoError(ErrorCode.REQUEST_INVALID, problem="cursor")
    return place
