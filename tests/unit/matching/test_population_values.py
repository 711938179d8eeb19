"""What a population row says: values that are taken in part, left out, or refused with the whole file."""

from datetime import UTC, datetime

import pytest

from domain.errors import ErrorCode, HosoError
from domain.person import Person
from matching.broken_text import flaw_of_name
from matching.population_file import AcceptedRow, RejectedRow
from tests.unit.matching.test_population_file import (
    HEADER,
    outcome,
    parse,
    parse_rows,
    people,
    row,
)


def remarks_of(**values: str) -> tuple[Person, list[tuple[str, str]]]:
    (parsed,) = parse_rows(HEADER + "\n" + row(personal_id="027098001236", **values))
    assert isinstance(parsed, AcceptedRow), parsed
    return parsed.person, [(one.column, one.reason) for one in parsed.remarks]


@pytest.mark.parametrize("written", ["012345678", "1", "#REF!"])
def test_nobody_is_lost_for_the_number_of_a_spouse(written: str) -> None:
    person, remarks = remarks_of(full_name="Lê An", spouse_personal_id=written)
    assert (person.full_name, person.spouse_personal_id) == ("Lê An", None)
    assert [column for column, _ in remarks] == ["spouse_personal_id"]


def test_nobody_is_married_to_oneself() -> None:
    person, remarks = remarks_of(full_name="Lê An", spouse_personal_id="027 098 001236")
    assert (person.full_name, person.spouse_personal_id) == ("Lê An", None)
    assert remarks == [("spouse_personal_id", "spouse_is_oneself")]


@pytest.mark.parametrize("written", ["1998/03/05", "1998.3.5", "1998-3-5", "05/03/1998"])
def test_a_birth_may_have_its_year_first(written: str) -> None:
    person, remarks = remarks_of(birth_date=written)
    assert (person.birth_date, remarks) == ("1998-03-05", [])


@pytest.mark.parametrize("written", ["2026-11-30", "30/11/2026", "2027", "2090/01/01"])
def test_nobody_is_born_in_the_future(written: str) -> None:
    text = HEADER + "\n" + row(personal_id="027098001236", birth_date=written)
    assert outcome(text) == ([], [(2, "birth_date_in_future")])


@pytest.mark.parametrize("written", ["2026-11-27", "2026-11-28", "2026"])
def test_the_newborn_are_taken_and_clocks_may_differ(written: str) -> None:
    assert remarks_of(birth_date=written)[0].birth_date == written


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "cp1258"])
@pytest.mark.parametrize("name", ["Bùi", "Lê", "Đỗ", "Ngô", "Võ", "Lý", "Trần", "Vũ", "Ưng"])
def test_a_single_name_of_another_encoding_shows(encoding: str, name: str) -> None:
    broken = name.encode().decode(encoding, "replace")
    flaw = flaw_of_name(f"Lê Văn {broken}")
    assert flaw is not None
    assert flaw.reason in {"other_encoding", "letters_lost"}
    assert flaw.of_the_file


@pytest.mark.parametrize(
    "name",
    "Păşcan,PĂŞCAN ION,Łukasz Żak,Tomáš Ťažký,Ľudovít Šťastný,Ćirić,Çağatay Şahin,Müller,Åsa,"
    "Ángel Muñoz,Ivaşcu,Beáta Śliwa,Ŝ,Nguyễn Tomáš,ĂN".split(","),
)
def test_foreign_names_stay(name: str) -> None:
    assert flaw_of_name(name) is None


@pytest.mark.parametrize(
    "written",
    "00/00/1980 --/--/1980 00/05/1980 05/1980 1980-00-00 1980-05-00 1980-05 .../.../1980".split(),
)
def test_of_a_day_that_nobody_knew_the_year_is_kept(written: str) -> None:
    person, remarks = remarks_of(birth_date=written)
    assert person.birth_date == "1980"
    assert remarks == [("birth_date", "birth_date_year_only")]


@pytest.mark.parametrize("written", ["13/1980", "00/00/0080", "00/00/3000", "1980-13"])
def test_a_year_that_cannot_be_is_not_kept(written: str) -> None:
    text = HEADER + "\n" + row(personal_id="027098001236", birth_date=written)
    assert outcome(text) == ([], [(2, "birth_date_invalid")])


@pytest.mark.parametrize("column", ["birth_place", "residence", "ethnicity", "mother_full_name"])
@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("x· T©n Héi", "other_encoding"),
        ("xaõ Taân Hoäi", "other_encoding"),
        ("xÃ£ TÃ¢n Há»™i", "other_encoding"),
        ("xã T\ufffdn", "letters_lost"),
        ("x? Tân H?i", "letters_lost"),
        ("#REF!", "spreadsheet_error"),
        ("=A1", "spreadsheet_error"),
    ],
)
def test_broken_text_is_no_value_and_is_told(column: str, written: str, reason: str) -> None:
    person, remarks = remarks_of(**{column: written})
    assert getattr(person, column) is None
    assert remarks == [(column, reason)]


def test_the_sign_that_shows_it_is_told() -> None:
    (parsed,) = parse(HEADER + "\n" + row(personal_id="027098001236", full_name="Lê | An"))
    assert isinstance(parsed, RejectedRow)
    assert (parsed.remark.column, parsed.remark.sign) == ("full_name", "|")


@pytest.mark.parametrize(
    "name", ["Bïi ThÞ Hßa", "Buøi Thò Hoøa", "BÃ¹i Thá»‹ HÃ²a", "B?i Th? H?a", "B\udcf9i"]
)
def test_a_file_of_broken_letters_is_refused_whole(name: str) -> None:
    sound = people(8)
    broken = [row(personal_id=f"{number:012}", full_name=name) for number in range(20, 23)]
    with pytest.raises(HosoError) as refused:
        parse(HEADER + "\n" + "".join(sound + broken))
    assert refused.value.code is ErrorCode.POPULATION_TEXT_BROKEN
    assert refused.value.facts == {"rows": 3, "line": 10}
    for few in ([*sound, *broken[:2]], [*people(19), *broken]):
        assert len(outcome(HEADER + "\n" + "".join(few))[0]) >= 8


@pytest.mark.parametrize(
    "rows",
    [
        [{"full_name": "Tran Van B", "residence": "Thon Dong?"}] * 3
        + [{"full_name": "Nguyen Van A", "residence": "Thon Dong"}] * 100,
        [{"full_name": "Tran Van B", "residence": "Thon D?ng"}] * 3
        + [{"full_name": "Nguyen Van A", "residence": "Thon Dong"}] * 100,
        [{"full_name": "Trần Văn Bình", "mother_full_name": "Nguyễn Thị ?"}] * 3
        + [{"full_name": "Trần Văn Bình"}] * 9,
        [{"full_name": "Trần Văn Bình", "residence": "Thôn Đông?, xã Vân Hà"}] * 12,
        [{"full_name": name} for name in ("Aäron de Vries", "Isaäc Vos", "Kanaän Smit")]
        + [{"full_name": "John Smith"}] * 10,
    ],
    ids=["doubt, no marks", "few lost, no marks", "half a name", "doubtful place", "foreigners"],
)
def test_a_sound_file_is_not_refused_for_single_values(rows: list[dict[str, str]]) -> None:
    text = "".join(row(personal_id=f"{at:012}", **values) for at, values in enumerate(rows, 1000))
    taken = parse_rows(HEADER + "\n" + text)
    assert [type(one) for one in taken] == [AcceptedRow] * len(rows)


def test_half_a_name_of_a_parent_is_left_out_and_told() -> None:
    person, remarks = remarks_of(full_name="Lê An", mother_full_name="Nguyễn Thị ?")
    assert (person.full_name, person.mother_full_name) == ("Lê An", None)
    assert remarks == [("mother_full_name", "letters_lost")]


@pytest.mark.parametrize(
    "name", ["Quoác Laäp", "Laäp Theá", "Nguyeãn Laäp", "Trần B×nh", "B×nh An"]
)
def test_letters_that_names_have_too_are_broken_beside_another_sign(name: str) -> None:
    text = HEADER + "\n" + row(personal_id="027098001236", full_name=name)
    assert not outcome(text)[0]


@pytest.mark.parametrize("name", ["Aäron", "AÄRON", "Isaäc Vanderveken", "Baäl", "Kanaän Smit"])
def test_nobody_is_lost_for_a_foreign_name(name: str) -> None:
    person, remarks = remarks_of(full_name=name)
    assert (person.full_name or "").casefold() == name.casefold()
    assert remarks == []


@pytest.mark.parametrize("written", ["=A1", "=1+2", "@SUM(A1:A3)", "=SUM(A1)"])
def test_a_formula_is_no_place(written: str) -> None:
    person, remarks = remarks_of(residence=written)
    assert (person.residence, remarks) == (None, [("residence", "spreadsheet_error")])


def test_addresses_and_signs_of_real_places_stay() -> None:
    for place in (
        "thôn Đá–Bạc, xã Hà Lâu",
        "số 5?, xã Vân Hà",
        "xã Ia H’Drai, khu 5 m²",
        "Vinhomes® Đà Nẵng",
        "XÃ\xa0TÂN HỘI",
        "Canaã dos Carajás, Brasil",
        "Haäselt",
        "Nhà B×C",
        "@12 Trần Phú",
    ):
        person, remarks = remarks_of(residence=place)
        assert person.residence
        assert remarks == []


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("2026-3-5 17:00:00", datetime(2026, 3, 5, 17, tzinfo=UTC)),
        ("2026-3-5 8:00", datetime(2026, 3, 5, 8, tzinfo=UTC)),
        ("2026/03/05 17:00:00", datetime(2026, 3, 5, 17, tzinfo=UTC)),
        ("05/03/2026 17:00", datetime(2026, 3, 5, 17, tzinfo=UTC)),
        ("05/03/2026 17:00:09", datetime(2026, 3, 5, 17, 0, 9, tzinfo=UTC)),
        ("5-3-2026T7:05", datetime(2026, 3, 5, 7, 5, tzinfo=UTC)),
        ("17:00 05/03/2026", datetime(2026, 3, 5, 17, tzinfo=UTC)),
        ("05/03/2026 17:00 +07:00", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("2026-03-05 17:00:00", datetime(2026, 3, 5, 17, tzinfo=UTC)),
        ("2026-03-05T17:00:00Z", datetime(2026, 3, 5, 17, tzinfo=UTC)),
        ("05/03/2026", datetime(2026, 3, 5, tzinfo=UTC)),
        ("05032026", datetime(2026, 3, 5, tzinfo=UTC)),
        ("ngày 5 tháng 3 năm 2026", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-11-28T11:59:00", datetime(2026, 11, 28, 11, 59, tzinfo=UTC)),
    ],
)
def test_the_time_of_day_counts(written: str, understood: datetime) -> None:
    assert remarks_of(updated_at=written)[0].updated_at == understood
