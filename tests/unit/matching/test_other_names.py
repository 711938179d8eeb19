"""The table of other names: what it holds cannot make one person another."""

from itertools import chain

import pytest

from domain.text import comparison_key
from domain.verdict import FindingKind
from matching.comparison import compare
from matching.other_names import is_one_name, is_one_name_unmarked, table
from matching.places import PlaceRelation, relation
from matching.unit_tables import commune_tables, unit_table


def assert_one(kind: str, one: str, other: str) -> None:
    assert is_one_name(kind, one, other)
    assert compare(kind, one, other).kind is FindingKind.AGREES


@pytest.mark.parametrize("kind", ["ethnicity", "nationality"])
def test_no_name_is_two_peoples_or_two_countries(kind: str) -> None:
    names = list(
        chain.from_iterable(
            {comparison_key(name) for name in (main, *others)}
            for main, others in table(kind).items()
        )
    )
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mèo Hoa", "Hmông"), ("Đliê Hruê", "Ê-đê"), ("Quần Chẹt", "Dao"), ("Xạ Phạng", "Hoa")],
)
def test_names_of_the_lists_of_1979_and_2008(one: str, other: str) -> None:
    assert is_one_name("ethnicity", one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kinh (Việt)", "Kinh"),
        ("Dân tộc Kinh", "Kinh"),
        ("Jarai", "Gia Rai"),
        ("Mông (Mèo)", "H'Mông"),
        ("DÂN TỘC KHƠ-ME", "Khmer"),
    ],
)
def test_peoples_as_papers_write_them(one: str, other: str) -> None:
    assert_one("ethnicity", one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cộng hòa Pháp", "Pháp"),
        ("Cộng hoà Pháp", "FRA"),
        ("CHLB Đức", "Đức"),
        ("CHND Trung Hoa", "Trung Quốc"),
        ("CHDCND Lào", "Lào"),
        ("Xinh-ga-po", "Singapore"),
        ("Thái Lan", "Thailand"),
        ("Vương quốc Thái Lan", "Thailand"),
        ("Cộng hòa Séc", "Czechia"),
        ("Italia", "Ý"),
        ("Cộng hòa Ba Lan", "POL"),
        ("Cộng hòa Hàn Quốc", "Đại Hàn Dân Quốc"),
        ("U-crai-na", "Ukraine"),
        ("Phi-líp-pin", "Philippines"),
        ("Quốc tịch Việt Nam", "CHXHCN Việt Nam"),
    ],
)
def test_countries_as_papers_write_them(one: str, other: str) -> None:
    assert_one("nationality", one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dominica", "Cộng hòa Dominica"),
        ("Cộng hòa Congo", "Cộng hòa Dân chủ Congo"),
        ("CHDCND Triều Tiên", "Hàn Quốc"),
        ("Cộng hòa Triều Tiên", "CHDCND Triều Tiên"),
        ("Trung Hoa Dân Quốc", "CHND Trung Hoa"),
        ("Sudan", "Cộng hòa Nam Sudan"),
        ("Guinea", "Guinea-Bissau"),
        ("Niger", "Nigeria"),
        ("Áo", "Úc"),
        ("Ấn Độ", "Indonesia"),
        ("Kinh (Mường)", "Kinh"),
    ],
)
def test_two_countries_stay_two(one: str, other: str) -> None:
    assert not is_one_name("nationality", one, other)
    assert not is_one_name("ethnicity", one, other)


def test_the_thai_who_call_themselves_tay_are_not_the_tay_whose_mark_was_lost() -> None:
    assert is_one_name_unmarked("ethnicity", "Tay", "Tày")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("tỉnh Quảng Đức", "tỉnh Đắk Nông", PlaceRelation.POSSIBLE),
        ("tỉnh Chương Thiện", "tỉnh Kiên Giang", PlaceRelation.POSSIBLE),
        ("tỉnh Chương Thiện", "tỉnh Nghệ An", PlaceRelation.DIFFERENT),
    ],
)
def test_southern_provinces_until_1976(one: str, other: str, expected: PlaceRelation) -> None:
    assert relation(one, other) is expected


def test_a_former_province_has_no_name_that_many_communes_bear() -> None:
    """``Tân An`` alone is a commune of somewhere, not the province of 1976."""
    legacy = unit_table("parser_legacy")
    bearers: dict[str, int] = {}
    for rows in commune_tables(legacy, "DICT_PROVINCE_DISTRICT_WARD"):
        for districts in rows.values():
            for communes in districts.values():
                for row in communes.values():
                    name = comparison_key(str(row["wardShort"]))
                    bearers[name] = bearers.get(name, 0) + 1
    assert {name for name in table("province") if bearers.get(comparison_key(name), 0) > 5} == set()
