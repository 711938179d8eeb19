"""The population CSV of the contract."""

import csv
import io
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ErrorCode, HosoError
from domain.person import Person
from matching.population_file import COLUMNS, RejectedRow, open_population, parse_population

HEADER = ",".join(COLUMNS)


def row(**values: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([values.get(column, "") for column in COLUMNS])
    return out.getvalue()


def parse(text: str) -> list[Person | RejectedRow]:
    return list(parse_population(io.StringIO(text, newline=""), source="test"))


def test_a_row_becomes_a_person() -> None:
    text = (
        HEADER
        + "\r\n"
        + row(
            personal_id="027 098 001234",
            full_name=unicodedata.normalize("NFD", "NGUYỄN VĂN AN"),
            birth_date="05/03/1998",
            sex="Nam",
            residence="P.5,Q.10, TP.HCM",
            updated_at="2025-07-01T08:00:00+07:00",
        )
    )
    assert parse("\ufeff" + text) == [
        Person(
            personal_id="027098001234",
            full_name="Nguyễn Văn An",
            birth_date="1998-03-05",
            sex="male",
            residence="phường 5, quận 10, thành phố Hồ Chí Minh",
            updated_at=datetime(2025, 7, 1, 1, tzinfo=UTC),
            source="test",
        )
    ]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"personal_id": ""}, "personal_id_invalid"),
        ({"personal_id": "12345678901"}, "personal_id_invalid"),
        ({"birth_date": "31/02/1998"}, "birth_date_invalid"),
        ({"sex": "x"}, "sex_invalid"),
        ({"full_name": "....."}, "full_name_invalid"),
        ({"spouse_personal_id": "1"}, "spouse_personal_id_invalid"),
        ({"updated_at": "yesterday"}, "updated_at_invalid"),
        ({"home_town": "x" * 501}, "value_too_long"),
    ],
)
def test_bad_rows_name_their_line_and_reason(values: dict[str, str], reason: str) -> None:
    good = row(personal_id="027098001234", home_town='thôn "Hạ",\r\nxã A, tỉnh B')
    bad = row(**({"personal_id": "027098001235"} | values))
    parsed = parse(HEADER + "\n" + good + bad + row(personal_id="027098001236", sex="nữ"))
    assert isinstance(parsed[0], Person)
    assert parsed[1] == RejectedRow(line=4, reason=reason)
    assert isinstance(parsed[2], Person)
    assert parsed[2].sex == "female"


def test_malformed_rows_do_not_stop_the_file() -> None:
    parsed = parse(f'{HEADER}\n1,2\n"a"b\n\n{row(personal_id="027098001236")}')
    assert [one.reason for one in parsed if isinstance(one, RejectedRow)] == [
        "columns_count",
        "csv_malformed",
    ]
    assert isinstance(parsed[-1], Person)


@pytest.mark.parametrize("header", ["", "a,b", HEADER + ",extra", HEADER + ",sex", HEADER[12:]])
def test_other_headers_are_refused(header: str) -> None:
    with pytest.raises(HosoError) as refused:
        parse(header + "\n")
    assert refused.value.code is ErrorCode.POPULATION_HEADER_INVALID


def test_any_order_and_semicolons() -> None:
    header = ";".join(reversed(COLUMNS))
    parsed = parse(header + "\n" + ";" * (len(COLUMNS) - 1) + "027098001236\n")
    assert isinstance(parsed[0], Person)


def test_bytes_that_are_no_utf8_spoil_only_their_row(tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    commas = "," * (len(COLUMNS) - 2)
    path.write_bytes(
        b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n"
        + f"027098001234,Nguy\u1ec5n{commas}\r\n".encode()
        + b"027098001235,Nguy\xea" + commas.encode() + b"\r\n"
    )  # fmt: skip
    with open_population(path) as lines:
        parsed = list(parse_population(lines, source="test"))
    assert isinstance(parsed[0], Person)
    assert parsed[1] == RejectedRow(line=3, reason="encoding_invalid")


@given(st.lists(st.text(max_size=30), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_row_breaks_the_import(values: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    for one in parse(HEADER + "\n" + out.getvalue()):
        assert isinstance(one, Person | RejectedRow)
