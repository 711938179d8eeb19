import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.document import Lane
from domain.errors import ErrorCode, HosoError
from domain.ports import Order
from storage.cursor import Place, decode_cursor, encode_cursor

SHA256 = "ab" * 32


@given(
    at=st.datetimes(timezones=st.just(UTC)),
    row_id=st.uuids().map(str),
    page=st.integers(0, 2**31 - 1),
    lane=st.sampled_from(Lane),
    order=st.sampled_from(Order),
)
def test_a_cursor_comes_back(
    at: datetime, row_id: str, page: int, lane: Lane, order: Order
) -> None:
    place = Place(lane=lane, at=at, sha256=SHA256, page=page, id=row_id)
    token = encode_cursor(order, place)
    assert decode_cursor(token, order) == place
    assert len(token) < 500, "what REST and the list take"


def token_of(*place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        *("", "%", "é", "AAAA", "bnVsbA", "WzEsMl0", "WyIyMDI2LTAxLTAxIiwgIngiXQ", "W10"),
        token_of("oldest", "bulk", "2026-11-26T00:00:00+00:00", SHA256, 1, "x"),
        token_of("newest", "bulk", "2026-11-26T00:00:00", SHA256, 1, "x"),
        token_of("newest", "none", "2026-11-26T00:00:00+00:00", SHA256, 1, "x"),
        token_of("newest", "bulk", "2026-11-26T00:00:00+00:00", SHA256, True, "x"),
        token_of("newest", "bulk", "2026-11-26T00:00:00+00:00", SHA256, "1", "x"),
    ],
)
def test_what_we_did_not_make_is_refused(token: str) -> None:
    with pytest.raises(HosoError) as refused:
        decode_cursor(token, Order.NEWEST)
    assert refused.value.code is ErrorCode.REQUEST_INVALID


@pytest.mark.parametrize(
    "place",
    [
        ["2026-11-26T00:00:00+00:00", SHA256, 1, "\0"],
        ["2026-11-26T00:00:00+00:00", "\0", 1, "x"],
        ["2026-11-26T00:00:00+00:00", SHA256, 1, "\ud800"],
        ["2026-11-26T00:00:00+00:00", SHA256, 2**31, "x"],
        ["2026-11-26T00:00:00+00:00", SHA256, -1, "x"],
        ["0001-01-01T00:00:00+14:00", SHA256, 1, "x"],
        ["9999-12-31T23:59:59-14:00", SHA256, 1, "x"],
    ],
)
def test_what_no_database_takes_is_refused(place: list[object]) -> None:
    token = token_of("newest", "bulk", *place)
    with pytest.raises(HosoError) as refused:
        decode_cursor(token, Order.NEWEST)
    assert refused.value.code is ErrorCode.REQUEST_INVALID


@given(token=st.text())
def test_no_token_breaks_it(token: str) -> None:
    try:
        decode_cursor(token, Order.NEWEST)
    except HosoError as refused:
        assert refused.code is ErrorCode.REQUEST_INVALID  # noqa: PT017  # both outcomes are fine
