"""Dates in figures and in words, times."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import (
    date_in_words,
    is_full_date,
    parse_date,
    parse_date_words,
    parse_time,
    parse_typed_date,
)

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("05/03/1998", "1998-03-05"),
        ("5-3-1998", "1998-03-05"),
        ("05.03.1998", "1998-03-05"),
        ("ngày 05 tháng 3 năm 1998", "1998-03-05"),
        ("05 tháng 3 năm 1998", "1998-03-05"),
        ("Ngày 05, tháng 03, năm 1998", "1998-03-05"),
        ("Ngày, tháng, năm sinh: 05/03/1998", "1998-03-05"),
        ("1998-03-05", "1998-03-05"),
        ("05031998", "1998-03-05"),
        ("0 5/0 3/1 998", "1998-03-05"),
        ("NGÀY 29 THÁNG 02 NĂM 2000", "2000-02-29"),
        ("1973", "1973"),
        ("Năm 1973", "1973"),
        ("1.5 tháng 05 năm 2015", None),  # the fifteenth with a leader's dot, not the fifth
        ("1.5/05/2015", None),
        ("10 giờ 30.15/03/2020", "2020-03-15"),
        ("2.15.03.2011", "2011-03-15"),
        ("22 giờ 12.5 tháng 3 năm 2020", "2020-03-05"),
        ("20/1.2/2025", None),  # the twentieth with a dot in its month, not the first of February
        ("on/1.2/2025", None),
        ("on/ 1.2/2025", None),
        ("20-1.2-2025", None),
        ("30/o1.2/2025", None),
        ("Ngày.15/03/2020", "2020-03-15"),
        ("/ 17/05/2022", "2022-05-17"),
        ("từ năm 2005 - 12/03/2010", "2010-03-12"),
        ("29/02/1999", None),
        ("31/04/2001", None),
        ("00/03/1998", None),
        ("05/03/98", None),
        ("05/03/19981", None),
        ("ngày … tháng … năm …", None),
        ("3024", None),
        ("", None),
    ],
)
def test_dates_in_figures(written: str, expected: str | None) -> None:
    assert parse_date(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mùng chín tháng mười một năm một nghìn chín trăm bảy mươi ba", "1973-11-09"),
        ("ngày mười lăm, tháng tám, năm hai nghìn không trăm hai mươi sáu", "2026-08-15"),
        ("mồng năm tháng năm năm một ngàn chín trăm năm mươi lăm", "1955-05-05"),
        ("ngày hai mươi mốt tháng chạp năm hai nghìn lẻ tám", "2008-12-21"),
        ("ngày hai mươi mốt tháng giêng năm hai nghìn không trăm linh tám", "2008-01-21"),
        ("ngày ba mốt tháng một năm một chín bảy ba", "1973-01-31"),
        ("ngày hai mươi nhăm tháng bốn năm một nghìn chín trăm chín mươi nhăm", "1995-04-25"),
        ("(Ghi bằng chữ: ngày hai tư tháng tư năm hai nghìn linh tư)", "2004-04-24"),
        ("ngay hai muoi tu thang tu nam hai nghin", "2004-04-24".replace("2004", "2000")),
        ("năm một nghìn chín trăm bảy ba", "1973"),
        ("Năm một nghìn chín trăm bảy mươi", "1970"),
        ("ngày ba mươi tháng hai năm hai nghìn", None),
        ("ngày năm tháng mười ba năm hai nghìn", None),
        ("ngày năm tháng năm", None),
        ("một nghìn chín trăm tám", None),
        ("Nguyễn Văn Ba", None),
        ("", None),
    ],
)
def test_dates_in_words(written: str, expected: str | None) -> None:
    assert parse_date_words(written) == expected


def test_every_day_survives_its_words() -> None:
    day, last = date(1900, 1, 1), date(2030, 12, 31)
    while day <= last:
        assert parse_date_words(date_in_words(day.isoformat())) == day.isoformat()
        day += timedelta(days=1)


def test_words_are_the_registrars() -> None:
    assert date_in_words("1973-11-09") == (
        "ngày mùng chín tháng mười một năm một nghìn chín trăm bảy mươi ba"
    )
    assert (
        date_in_words("2024-04-24")
        == "ngày hai mươi tư tháng tư năm hai nghìn không trăm hai mươi tư"
    )
    assert date_in_words("1965") == "năm một nghìn chín trăm sáu mươi lăm"
    with pytest.raises(ValueError, match="isoformat"):
        date_in_words("05/03/1998")


@given(DAYS, st.sampled_from(["{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "ngày {d} tháng {m:02} năm {y}"]))
def test_figures_come_back(day: date, pattern: str) -> None:
    assert parse_date(pattern.format(d=day.day, m=day.month, y=day.year)) == day.isoformat()


@given(
    DAYS,
    st.sampled_from(
        [("nghìn", "ngàn"), ("linh", "lẻ"), ("mùng", "mồng"), (" mươi", ""), ("tư", "bốn")]
    ),
)
def test_variants_mean_the_same(day: date, change: tuple[str, str]) -> None:
    words = date_in_words(day.isoformat())
    if change[0] == " mươi" and " mươi" in words:
        words = "".join(
            part
            if part.split()[:1] and part.split()[0] in UNITS
            else " mươi" + part
            if at
            else part
            for at, part in enumerate(words.split(" mươi"))
        )
    else:
        words = words.replace(*change)
    assert parse_date_words(words) == day.isoformat()


UNITS = set("mốt hai ba tư lăm sáu bảy tám chín".split())


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    for value in (parse_date(text), parse_date_words(text)):
        assert value is None or is_full_date(value) or (len(value) == 4 and value.isdigit())
    parse_time(text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("14 giờ 30 phút", "14:30"),
        ("14h30", "14:30"),
        ("7:05", "07:05"),
        ("08 giờ … phút, ngày 03 tháng 4", "08:00"),
        ("07 giờ 05 phút, ngày 11 tháng 12 năm 2020", "07:05"),
        ("25 giờ 10 phút", None),
        ("10 giờ 61 phút", None),
        ("… giờ … phút", None),
    ],
)
def test_times(written: str, expected: str | None) -> None:
    assert parse_time(written) == expected


@given(DAYS)
def test_every_day_in_words_is_taken_when_typed(day: date) -> None:
    words = date_in_words(day.isoformat())
    assert parse_typed_date(words) == parse_typed_date(f"({words})") == day.isoformat()


@given(DAYS, DAYS)
def test_two_days_in_words_are_refused_when_typed(one: date, other: date) -> None:
    words = date_in_words(one.isoformat()), date_in_words(other.isoformat())
    assert not any(parse_typed_date(sign.join(words)) for sign in (" ", ", ", "; ", "\n"))
