import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ErrorCode, HosoError
from storage.cursor import decode_cursor, encode_cursor


@given(at=st.datetimes(timezones=st.just(UTC)), row_id=st.uuids().map(str))
def test_a_cursor_comes_back(at: datetime, row_id: str) -> None:
    assert decode_cursor(encode_cursor(at, row_id)) == (at, row_id)


@pytest.mark.parametrize(
    "token", ["", "%", "é", "AAAA", "bnVsbA", "WzEsMl0", "WyIyMDI2LTAxLTAxIiwgIngiXQ", "W10"]
)
def test_what_we_did_not_make_is_refused(token: str) -> None:
    with pytest.raises(HosoError) as refused:
        decode_cursor(token)
    assert refused.value.code is ErrorCode.REQUEST_INVALID


@pytest.mark.parametrize(
    "place",
    [
        ["2026-11-26T00:00:00+00:00", "\0"],
        ["2026-11-26T00:00:00+00:00", "\ud800"],
        ["0001-01-01T00:00:00+14:00", "x"],
        ["9999-12-31T23:59:59-14:00", "x"],
    ],
)
def test_what_no_database_takes_is_refused(place: list[str]) -> None:
    token = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    with pytest.raises(HosoError) as refused:
        decode_cursor(token)
    assert refused.value.code is ErrorCode.REQUEST_INVALID


@given(token=st.text())
def test_no_token_breaks_it(token: str) -> None:
    try:
        decode_cursor(token)
    except HosoError as refused:
        assert refused.code is ErrorCode.REQUEST_INVALID  # noqa: PT017  # both outcomes are fine
