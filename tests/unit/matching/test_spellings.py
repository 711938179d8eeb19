"""Places whose marks no table knows."""

import pytest

from matching.spellings import other_spellings
from matching.unit_tables import commune_tables, unit_table


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("xã Nậm Cuối, huyện Sìn Hồ, tỉnh Lai Châu", {"Nậm Cuối": ("Nậm Cuổi",)}),
        ("thôn 3, xã Nậm Cuổi, huyện Sin Hồ, tỉnh Lai Châu", {"Sin Hồ": ("Sìn Hồ",)}),
        ("xã Nậm Cuổi, tỉnh Lài Châu", {"Lài Châu": ("Lai Châu",)}),
        # both are communes there, and this is neither
        (
            "phường Hương Vấn, thị xã Hương Trà, tỉnh Thừa Thiên Huế",
            {"Hương Vấn": ("Hương Vân", "Hương Văn")},
        ),
        # without kind words either a district or, since July 2025, a commune
        ("Sin Hồ, Lai Châu", {"Sin Hồ": ("Sìn Hồ",)}),
        ("Việt Yền, Bắc Ninh", {"Việt Yền": ("Việt Yên",)}),
        ("Tân Thanh, Tân Thạnh, Long An", {"Tân Thanh": ("Tân Thành", "Tân Thạnh")}),
    ],
)
def test_a_unit_known_with_other_marks_only(
    address: str, found: dict[str, tuple[str, ...]]
) -> None:
    assert other_spellings(address) == found


@pytest.mark.parametrize(
    "address",
    [
        "xã Nậm Cuổi, huyện Sìn Hồ, tỉnh Lai Châu",
        "xã Hoà Bình, huyện Hoà Vang, thành phố Đà Nẵng",  # the other way to place a mark
        "XÃ NẬM CUỔI, HUYỆN SÌN HỒ, TỈNH LAI CHÂU",
        "phường 05, quận 10, thành phố Hồ Chí Minh",
        "xã Không Có Trong Bảng, huyện Sìn Hồ, tỉnh Lai Châu",
        "thôn Nậm Cuối, xã Nậm Cuổi, huyện Sìn Hồ, tỉnh Lai Châu",  # villages are in no table
        "tỉnh Hà Tây",
        "Việt Yên, Bắc Ninh",
        "Tân An, Long An",
        "Luân Đôn, Vương quốc Anh",
        "",
    ],
)
def test_what_is_written_as_known_or_not_known_at_all_raises_no_doubt(address: str) -> None:
    assert other_spellings(address) == {}


def test_no_unit_of_the_tables_is_doubted() -> None:
    legacy = unit_table("parser_legacy")
    districts, provinces = legacy["DICT_PROVINCE_DISTRICT"], legacy["DICT_PROVINCE"]
    addresses = [
        f"{row['ward']}, {districts[province][district]['district']}, {provinces[province]['province']}"
        for table in commune_tables(legacy, "DICT_PROVINCE_DISTRICT_WARD")
        for province, within in table.items()
        for district, communes in within.items()
        for row in communes.values()
        if isinstance(row["ward"], str)
    ]
    today = unit_table("parser_from_2025")
    addresses += [
        f"{row['ward']}, {today['DICT_PROVINCE'][province]['province']}"
        for table in commune_tables(today, "DICT_PROVINCE_WARD")
        for province, communes in table.items()
        for row in communes.values()
    ]
    assert len(addresses) > 13_000
    assert [address for address in addresses if other_spellings(address)] == []
