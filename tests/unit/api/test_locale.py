from datetime import UTC, datetime

import pytest

from api.explanations.locale import (
    Locale,
    parse_locale,
    preferred_locale,
    written_date,
    written_number,
    written_time,
)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Locale.VI),
        ("", Locale.VI),
        ("fr, de;q=0.8", Locale.VI),
        ("en-GB,en;q=0.9", Locale.EN),
        ("en_US", Locale.EN),
        ("en;q=0.4, vi;q=0.9", Locale.VI),
        ("vi;q=0.3, en", Locale.EN),
        ("en;q=broken, vi;q=0.1", Locale.VI),
    ],
)
def test_accept_language(header: str | None, expected: Locale) -> None:
    assert preferred_locale(header) is expected


def test_parse_locale() -> None:
    assert parse_locale("en-US") is Locale.EN
    assert parse_locale("../../etc") is None


def test_times_are_shown_in_vietnam() -> None:
    evening = datetime(2026, 11, 21, 18, 5, tzinfo=UTC)
    assert written_time(evening, Locale.VI) == "01:05 ngày 22/11/2026"
    assert written_time(evening, Locale.EN) == "22 Nov 2026, 01:05"


def test_dates_and_numbers() -> None:
    assert written_date("1998-03-05", Locale.VI) == "05/03/1998"
    assert written_date("1998", Locale.VI) == "1998"
    assert written_date("1998-99-99", Locale.EN) == "1998-99-99"
    assert written_number(1234567.5, Locale.VI, digits=1) == "1.234.567,5"
    assert written_number(1234567.5, Locale.EN, digits=1) == "1,234,567.5"
