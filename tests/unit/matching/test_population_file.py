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
from domain.population_import import RowRemark
from matching.population_file import (
    COLUMNS,
    AcceptedRow,
    RejectedRow,
    open_population,
    parse_population,
)

HEADER = ",".join(COLUMNS)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def row(**values: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([values.get(column, "") for column in COLUMNS])
    return out.getvalue()


def parse_rows(text: str) -> list[AcceptedRow | RejectedRow]:
    return list(parse_population(io.StringIO(text, newline=""), source="test", now=NOW))


def parse(text: str) -> list[Person | RejectedRow]:
    return [row.person if isinstance(row, AcceptedRow) else row for row in parse_rows(text)]


def people(count: int) -> list[str]:
    return [
        row(personal_id=f"{number:012}", full_name="Nguyễn Văn An")
        for number in range(1, count + 1)
    ]


def outcome(text: str) -> tuple[list[int], list[tuple[int, str]]]:
    """Lines of the rows taken; lines and reasons of the others."""
    rows = parse_rows(text)
    return (
        [row.line for row in rows if isinstance(row, AcceptedRow)],
        [(row.remark.line, row.remark.reason) for row in rows if isinstance(row, RejectedRow)],
    )


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
        ({"birth_date": "không nhớ"}, "birth_date_invalid"),
        ({"updated_at": "yesterday"}, "updated_at_invalid"),
        ({"home_town": "x" * 501}, "value_too_long"),
        ({"home_town": "x\0"}, "encoding_invalid"),
        ({"full_name": "<script>alert(1)</script>"}, "full_name_invalid"),
        ({"full_name": "Nguyễn Văn An 2"}, "full_name_invalid"),
        ({"full_name": "Lê An (<b>)"}, "full_name_invalid"),
        ({"full_name": "<>"}, "full_name_invalid"),
        ({"full_name": "(đã chết)"}, "full_name_invalid"),
        ({"updated_at": "0001-01-01T00:00:00+14:00"}, "updated_at_invalid"),
        ({"updated_at": "05/03/2026 25:00"}, "updated_at_invalid"),
        ({"updated_at": "ngày 5 tháng 3 năm 2026 lúc 7 giờ"}, "updated_at_invalid"),
        ({"updated_at": "05/03/2026 5:00:00 PM"}, "updated_at_invalid"),
        ({"updated_at": "2062-05-03"}, "updated_at_in_future"),
        ({"full_name": "NguyÔn V¨n An"}, "other_encoding"),
        ({"full_name": "Nguyeãn Vaên An"}, "other_encoding"),
        ({"full_name": "Nguyá»…n VÄƒn An"}, "other_encoding"),
        ({"full_name": "§Æng Thu"}, "other_encoding"),
        ({"full_name": "Nguy?n V?n An"}, "letters_lost"),
        ({"full_name": "Nguyễn V\ufffdn An"}, "letters_lost"),
        ({"full_name": "\ufffd"}, "letters_lost"),
        ({"full_name": "#REF!"}, "spreadsheet_error"),
        ({"full_name": "#N/A"}, "spreadsheet_error"),
        ({"full_name": "=CMD|calc"}, "spreadsheet_error"),
        ({"full_name": "Lê | An"}, "full_name_invalid"),
        ({"full_name": "Lê*An"}, "full_name_invalid"),
        ({"full_name": "Иван"}, "full_name_invalid"),
        ({"birth_date": "#VALUE!"}, "spreadsheet_error"),
    ],
)
def test_bad_rows_name_their_line_and_reason(values: dict[str, str], reason: str) -> None:
    good = row(personal_id="027098001234", home_town='thôn "Hạ",\r\nxã A, tỉnh B')
    bad = row(**({"personal_id": "027098001235"} | values))
    parsed = parse(HEADER + "\n" + good + bad + row(personal_id="027098001236", sex="nữ"))
    assert isinstance(parsed[0], Person)
    assert isinstance(parsed[1], RejectedRow)
    assert (parsed[1].remark.line, parsed[1].remark.reason) == (4, reason)
    assert isinstance(parsed[2], Person)
    assert parsed[2].sex == "female"


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("empty", [1, 3])
def test_a_separator_may_close_every_line(separator: str, empty: int) -> None:
    rows = [HEADER, *(one.rstrip("\r\n") for one in people(3))]
    text = "\n".join(one.replace(",", separator) + separator * empty for one in rows)
    assert outcome(text) == ([2, 3, 4], [])
    assert outcome(text + "thừa") == ([2, 3], [(4, "columns_count")])


def test_a_column_without_a_name_elsewhere_is_told() -> None:
    with pytest.raises(HosoError) as raised:
        parse("," + HEADER + "\n")
    assert raised.value.code is ErrorCode.POPULATION_HEADER_INVALID


def test_malformed_rows_do_not_stop_the_file() -> None:
    parsed = parse(f'{HEADER}\n1,2\n"a"b\n\n{row(personal_id="027098001236")}')
    assert [one.remark.reason for one in parsed if isinstance(one, RejectedRow)] == [
        "columns_count",
        "csv_malformed",
    ]
    assert isinstance(parsed[-1], Person)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_stray_quote_costs_its_own_row_only(line_end: str) -> None:
    rows = people(1000)
    rows[2] = rows[2].replace("Nguyễn", '"Nguyễn')
    text = (HEADER + "\r\n" + "".join(rows)).replace("\r\n", line_end)
    taken, rejected = outcome(text)
    assert rejected == [(4, "csv_malformed")]
    assert taken == [2, 3, *range(5, 1002)]


def test_a_stray_quote_before_a_quoted_value_costs_its_own_row_only() -> None:
    rows = people(6)
    rows[1] = rows[1].replace("Nguyễn", '"Nguyễn')
    rows[3] = row(personal_id="000000000004", residence="xã A, tỉnh B", full_name="Lê An")
    rows[4] = rows[4].replace("An", 'A"n')
    taken, rejected = outcome(HEADER + "\n" + "".join(rows))
    assert rejected == [(3, "csv_malformed")]
    assert taken == [2, 4, 5, 6, 7]


def test_stray_quotes_in_the_same_column_are_no_value_over_two_lines() -> None:
    rows = people(4)
    rows[1] = rows[1].replace("Nguyễn", '"Nguyễn')
    rows[2] = rows[2].replace("An", 'An"')
    taken, rejected = outcome(HEADER + "\n" + "".join(rows))
    assert rejected == [(3, "csv_malformed")]
    assert taken == [2, 4, 5]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("before", [0, 1, 2, 7, len(COLUMNS) - 1])
@pytest.mark.parametrize("second", ["Xã Tân Lập", "Xã Tân Lập, tỉnh Bắc Ninh"])
def test_a_value_of_two_lines_may_stand_in_any_column(
    before: int, line_end: str, second: str
) -> None:
    columns = [name for name in COLUMNS if name != "residence"]
    columns.insert(before, "residence")
    values = {"residence": f"Thôn 1,{line_end}{second}", "full_name": "Lê An"}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerow(columns)
    for number in range(1, 4):
        known = {**values, "personal_id": f"{number:012}"}
        writer.writerow([known.get(name, "") for name in columns])
    parsed = parse(out.getvalue())
    assert [one.residence for one in parsed if isinstance(one, Person)] == [f"Thôn 1, {second}"] * 3
    assert len(parsed) == 3


def test_a_value_may_have_as_many_line_ends_as_characters() -> None:
    rows = people(2)
    rows[0] = row(personal_id="000000000009", residence="\n" * 498 + "xã")
    assert outcome(HEADER + "\n" + "".join(rows)) == ([2, 501], [])


def test_every_row_after_a_stray_quote_is_reported_for_itself() -> None:
    rows = people(5)
    rows[0] = rows[0].replace("Nguyễn", '"Nguyễn')
    rows[1] = rows[1].replace("Nguyễn", '"Nguyễn')
    rows[2] = "too,short\r\n"
    rows[3] = row(personal_id="1")
    assert outcome(HEADER + "\n" + "".join(rows)) == (
        [6],
        [
            (2, "csv_malformed"),
            (3, "csv_malformed"),
            (4, "columns_count"),
            (5, "personal_id_invalid"),
        ],
    )


def test_a_quote_open_to_the_end_costs_no_line_after_it() -> None:
    short = "".join(f"{number},short\n" for number in range(30))
    taken, rejected = outcome(f'{HEADER}\n"open\n{short}{people(1)[0]}"open')
    assert taken == [33]
    assert [line for line, _ in rejected] == [2, *range(3, 33), 34]


def test_quoted_values_may_run_over_lines() -> None:
    rows = [
        row(personal_id=f"{number:012}", residence='thôn "Hạ",\nxã A,\r\n\ntỉnh B', sex="nam")
        for number in range(1, 50)
    ]
    taken, rejected = outcome(HEADER + "\n" + "".join(rows))
    assert taken == [2 + 4 * number for number in range(49)]
    assert rejected == []


@pytest.mark.parametrize(
    "name",
    [
        *("H’Hen Niê", "Giàng A Páo", "Y Tơ̆ Niê", "K'Brai", "Nguyễn-Văn An", "Trần V. An", "Ƀuôn"),
        *("Y. Ban", "HʼNga Ayŭn", "Y Bhiăt Aê", "Êñuôl", "Čư̆ Ŏng Brĕ", "Kbuôr"),
        *("Raphaël Anaïs", "Noël Raúl Araújo", "José Muñoz", "François", "Søren Müller", "Strauß"),
        *(
            "João Leão",
            "Seán Ó Briain",
            "Łukasz Dvořák",
            "Björk Þór",
            "Saâd",
            "Đoàn Hoà",
            "Bùi Quý Hoá",
        ),
    ],
)
def test_letters_and_signs_of_names_are_kept(name: str) -> None:
    (parsed,) = parse(HEADER + "\n" + row(personal_id="027098001236", full_name=name))
    assert isinstance(parsed, Person)
    kept = name.replace("’", "'").replace("ʼ", "'").replace(".", "")
    assert parsed.full_name == kept


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Nguyễn, Văn An", "Nguyễn Văn An"),
        ("Nguyễn Thị Lan/Hoa", "Nguyễn Thị Lan Hoa"),
        ('Nguyễn Thị "Út" Lan', "Nguyễn Thị Út Lan"),
        ("Lò Văn Ơn [Ón]", "Lò Văn Ơn Ón"),
        ("Nguyễn_Văn An", "Nguyễn Văn An"),
        ('A"B', "A B"),
        ("N/A", None),
        ("n/a", None),
        ("-", None),
        ("...", None),
        ("Không rõ", None),
    ],
)
def test_an_odd_sign_in_a_name_loses_nobody(written: str, name: str | None) -> None:
    (parsed,) = parse(HEADER + "\n" + row(personal_id="027098001236", full_name=written))
    assert isinstance(parsed, Person)
    assert parsed.full_name == name


@pytest.mark.parametrize("written", ["Lê Thị 2", "<b>", "(đã chết)", "?", "không rõ"])
@pytest.mark.parametrize("column", ["mother_full_name", "father_full_name"])
def test_a_child_is_not_lost_for_the_name_of_its_parent(column: str, written: str) -> None:
    (parsed,) = parse(
        HEADER + "\n" + row(personal_id="027098001236", full_name="Lê An", **{column: written})
    )
    assert isinstance(parsed, Person)
    assert (parsed.full_name, getattr(parsed, column)) == ("Lê An", None)


@pytest.mark.parametrize(
    "name",
    ["TRẦN THỊ CÚC,", "Trần Thị Cúc (đã chết)", "Trần Thị Cúc (đã chết).", "- Trần Thị Cúc."],
)
def test_what_stands_about_a_name_is_no_part_of_it(name: str) -> None:
    (parsed,) = parse(HEADER + "\n" + row(personal_id="027098001236", mother_full_name=name))
    assert isinstance(parsed, Person)
    assert parsed.mother_full_name == "Trần Thị Cúc"


@pytest.mark.parametrize(
    ("written", "marital", "written_vital", "vital"),
    [
        ("single", "single", "alive", "alive"),
        ("Đã ly hôn", "divorced", "Đã chết", "dead"),
        ("Chưa kết hôn", "single", "Còn sống", "alive"),
        ("Góa", "widowed", "mất tích", "missing"),
        ("Đang có vợ/chồng", "married", "sống", "alive"),
        ("Ly thân", "Ly thân", "đi nước ngoài", "đi nước ngoài"),
        ("unmarried", "single", "không rõ", None),
        ("not married", "not married", "", None),
        ("Chưa ly hôn", "Chưa ly hôn", "", None),
        ("Có vợ (người nước ngoài)", "Có vợ (người nước ngoài)", "", None),
        ("", None, "null", None),
    ],
)
def test_statuses_become_codes_and_others_stay_as_written(
    written: str, marital: str | None, written_vital: str, vital: str | None
) -> None:
    (parsed,) = parse(
        HEADER
        + "\n"
        + row(personal_id="027098001236", marital_status=written, vital_status=written_vital)
    )
    assert isinstance(parsed, Person)
    assert (parsed.marital_status, parsed.vital_status) == (marital, vital)


@pytest.mark.parametrize("header", ["x" * 200_000, "\0"])
def test_a_header_that_is_no_csv_is_refused(header: str) -> None:
    with pytest.raises(HosoError) as refused:
        parse(header)
    assert refused.value.code is ErrorCode.POPULATION_HEADER_INVALID


@pytest.mark.parametrize("header", ["", "a,b", HEADER + ",extra", HEADER + ",sex", HEADER[12:]])
def test_other_headers_are_refused(header: str) -> None:
    with pytest.raises(HosoError) as refused:
        parse(header + "\n")
    assert refused.value.code is ErrorCode.POPULATION_HEADER_INVALID


def test_the_refusal_of_a_header_says_which_columns_are_wanted() -> None:
    with pytest.raises(HosoError) as refused:
        parse("personal_id,full_name,name,name\n")
    assert refused.value.facts == {
        "missing": ", ".join(COLUMNS[2:]),
        "unknown": "name",
        "double": "name",
    }


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_told_as_such(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "population.csv"
    path.write_text(HEADER + "\n", encoding=encoding)
    with open_population(path) as lines, pytest.raises(HosoError) as refused:
        list(parse_population(lines, source="test", now=NOW))
    assert refused.value.code is ErrorCode.POPULATION_ENCODING_UNSUPPORTED


def test_a_file_parted_by_tabs_is_told_as_such() -> None:
    with pytest.raises(HosoError) as refused:
        parse("\t".join(COLUMNS) + "\n")
    assert refused.value.code is ErrorCode.POPULATION_SEPARATOR_UNSUPPORTED


def test_a_value_means_the_same_each_time_it_is_said() -> None:
    said = row(personal_id="027098001236", full_name="NGUYỄN VĂN AN", residence="P.5 ,Q.10,TP.HCM")
    bad = row(personal_id="027098001236", birth_date="31/02/1998")
    first, again = parse(HEADER + "\n" + said + bad), parse(HEADER + "\n" + said + bad)
    assert first == again
    assert isinstance(first[0], Person)
    assert first[0].residence == "phường 5, quận 10, thành phố Hồ Chí Minh"
    assert first[1] == RejectedRow(
        remark=RowRemark(line=3, reason="birth_date_invalid", column="birth_date")
    )


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
        parsed = list(parse_population(lines, source="test", now=NOW))
    assert isinstance(parsed[0], AcceptedRow)
    assert isinstance(parsed[1], RejectedRow)
    assert parsed[1].remark == RowRemark(line=3, reason="encoding_invalid")
    assert parsed[1].has_broken_letters


@given(st.lists(st.text(max_size=30), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_row_breaks_the_import(values: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    for one in parse(HEADER + "\n" + out.getvalue()):
        assert isinstance(one, Person | RejectedRow)
