"""Personal numbers, provinces and blocking keys."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.blocking import (
    date_span,
    date_variants,
    name_key,
    personal_id_ends,
    personal_id_variants,
)
from domain.personal_number import IdentityNumberKind, kind_of, mismatches, parse
from domain.provinces import PROVINCES, successor_of

NUMBERS = st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii)


def test_a_number_says_sex_year_and_province() -> None:
    number = parse("027 198.001234")
    assert number is not None
    assert (number.digits, number.sex, number.birth_year) == ("027198001234", "female", 1998)
    assert (number.province_code, number.province) == ("027", "Bắc Ninh")
    newer = parse("001207012345")
    assert newer is not None
    assert (newer.sex, newer.birth_year) == ("male", 2007)


def test_other_shapes_are_no_personal_numbers() -> None:
    assert parse("123456789") is None
    assert parse("02719800123x") is None
    assert kind_of("123 456 789") is IdentityNumberKind.OLD_CARD
    assert kind_of("027198001234") is IdentityNumberKind.PERSONAL
    assert kind_of("12345678") is None


def test_mismatches_are_warnings_with_evidence() -> None:
    number = parse("024098001234")
    assert number is not None
    assert mismatches(number, sex="male", birth_date="1998", province="tỉnh Bắc Ninh") == ()
    assert mismatches(number) == ()
    found = mismatches(number, sex="female", birth_date="1973-01-02", province="xã A, tỉnh Hà Nam")
    assert [(one.code, one.in_number, one.stated) for one in found] == [
        ("personal_id_sex", "male", "female"),
        ("personal_id_birth_year", "1998", "1973"),
        ("personal_id_province", "Bắc Giang", "xã A, tỉnh Hà Nam"),
    ]


def test_codes_of_no_table_are_no_mismatch() -> None:
    number = parse("999098001234")
    assert number is not None
    assert number.province is None
    assert mismatches(number, province="Hà Nội") == ()


def test_63_provinces_became_34() -> None:
    assert len(PROVINCES) == 63
    assert len({province.successor for province in PROVINCES}) == 34


@pytest.mark.parametrize(
    ("place", "today"),
    [
        ("tỉnh Hà Giang", "Tuyên Quang"),
        ("Nam Định", "Ninh Bình"),
        ("Hà Nam", "Ninh Bình"),
        ("Quảng Nam", "Đà Nẵng"),
        ("P. 5, Q. 10, TP.HCM", "Hồ Chí Minh"),
        ("xã X, tỉnh Bà Rịa - Vũng Tàu", "Hồ Chí Minh"),
        ("thành phố Huế", "Huế"),
        ("tỉnh Thừa Thiên Huế", "Huế"),
        ("Moskva", None),
    ],
)
def test_todays_province(place: str, today: str | None) -> None:
    assert successor_of(place) == today


def test_name_keys_ignore_marks() -> None:
    assert name_key("H’HEN  NIÊ") == name_key("Hhen nie") == "hhen nie"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 12, 31)))
def test_date_variants_hold_swaps_and_one_digit_errors(day: date) -> None:
    variants = date_variants(day.isoformat())
    assert variants[0] == day.isoformat()
    assert len(set(variants)) == len(variants)
    assert variants[-1] == str(day.year)
    assert all(date.fromisoformat(other) for other in variants[:-1])
    assert all(day.isoformat() in date_variants(other) for other in variants[:-1])
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        assert other.isoformat() in variants or other.month != day.month
    assert f"{day.year - 1}-{day.month:02}-28" in date_variants(f"{day.year}-{day.month:02}-28")
    if day.day <= 12:
        assert f"{day.year}-{day.day:02}-{day.month:02}" in variants


def test_a_year_alone_has_no_variants() -> None:
    assert date_variants("1973") == ("1973",)
    first, last = date_span("1973")
    assert all(first <= date <= last for date in ("1973", "1973-01-01", "1973-12-31"))
    assert last < "1974"
    assert date_span("1973-05-06") == ("1973-05-06", "1973-05-06")


@given(NUMBERS, st.integers(0, 11), st.integers(0, 9))
def test_number_variants_hold_every_one_digit_error(number: str, at: int, digit: int) -> None:
    variants = personal_id_variants(number)
    assert variants[0] == number
    assert number[:at] + str(digit) + number[at + 1 :] in variants
    assert 109 <= len(variants) <= 120
    assert all(len(other) == 12 for other in variants)


def test_ends() -> None:
    assert personal_id_ends("012345678901") == ("01234567", "45678901")
    assert personal_id_variants("123456789") == ("123456789",)
