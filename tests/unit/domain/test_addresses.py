"""Addresses as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import addresses
from domain.addresses import AddressLevel, address_key, normalise_address, split_address
from domain.provinces import PROVINCES

COMMUNE, DISTRICT, PROVINCE, DETAIL = (
    AddressLevel.COMMUNE,
    AddressLevel.DISTRICT,
    AddressLevel.PROVINCE,
    AddressLevel.DETAIL,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("P.5,Q.10 ,TP.HCM", "phường 5, quận 10, thành phố Hồ Chí Minh"),
        ("T.X Sơn Tây, T.P Hà Nội.", "thị xã Sơn Tây, thành phố Hà Nội"),
        ("Tp. Huế ; ...", "thành phố Huế"),
        ("TT. Đu,  H. Phú Lương, T. Thái Nguyên", "thị trấn Đu, huyện Phú Lương, tỉnh Thái Nguyên"),
        ("xã Hoà Bình, tỉnh Phú Thọ", "xã Hoà Bình, tỉnh Phú Thọ"),
        ("xã Kan Hồ huyện Mường Tè tỉnh Lai Châu", "xã Kan Hồ, huyện Mường Tè, tỉnh Lai Châu"),
        ("tổ 5 phường Láng Hạ thị xã Sơn Tây", "tổ 5, phường Láng Hạ, thị xã Sơn Tây"),
        ("thị xã Sơn Tây thành phố Hà Nội", "thị xã Sơn Tây, thành phố Hà Nội"),
        ("phường Viên Sơn Thị Xã Sơn Tây", "phường Viên Sơn, Thị Xã Sơn Tây"),
        ("xã Nghĩa Ninh Thành Phố Đồng Hới", "xã Nghĩa Ninh, Thành Phố Đồng Hới"),
        ("xã Tứ Quận huyện Yên Sơn", "xã Tứ Quận, huyện Yên Sơn"),
        ("Trạm Y tế xã Kan Hồ, tỉnh Lai Châu", "Trạm Y tế xã Kan Hồ, tỉnh Lai Châu"),
        ("số 1 đường tỉnh ủy xã tỉnh ủy, Hà Nội", "số 1 đường tỉnh ủy xã tỉnh ủy, Hà Nội"),
        ("xã Phú Xã, huyện Tỉnh Gia", "xã Phú Xã, huyện Tỉnh Gia"),
        ("xã Mỹ Lộc, tỉnh. Kiên Giang", "xã Mỹ Lộc, tỉnh Kiên Giang"),
        ("TP. Rạch Giá, tỉnh. Kiên Giang", "thành phố Rạch Giá, tỉnh Kiên Giang"),
        ("..........", ""),
        ("X.Lương Sơn, H.Yên Lập, T.Phú Thọ", "xã Lương Sơn, huyện Yên Lập, tỉnh Phú Thọ"),
        ("T.PHÚ THỌ", "tỉnh PHÚ THỌ"),
        ("t.p Hà Nội", "thành phố Hà Nội"),
        ("T.PHà Nội", "thành phố Hà Nội"),
        ("Q.1, T.PHCM", "quận 1, thành phố Hồ Chí Minh"),
        ("T. P. Hà Nội", "thành phố Hà Nội"),
        ("TX.Nghi Sơn, T.Thanh Hóa", "thị xã Nghi Sơn, tỉnh Thanh Hóa"),
        ("T.T Đu", "thị trấn Đu"),
        ("H. Phú Lộc, TT-Huế", "huyện Phú Lộc, Thừa Thiên Huế"),
        ("TP.Vũng Tàu, BR-VT", "thành phố Vũng Tàu, Bà Rịa - Vũng Tàu"),
        ("BV Từ Dũ, Q.1", "Bệnh viện Từ Dũ, quận 1"),
        ("BVĐK tỉnh Lai Châu", "Bệnh viện đa khoa tỉnh Lai Châu"),
        ("TYT xã Yên Phú", "Trạm y tế xã Yên Phú"),
    ],
)
def test_addresses_are_written_one_way(written: str, expected: str) -> None:
    assert normalise_address(written) == expected


@given(st.text(alphabet="PQTXHM.tphà Nội,;-…15 '", max_size=40))
def test_normalising_keeps_parts(text: str) -> None:
    for part in split_address(text):
        assert part.name.strip()


def levels(text: str) -> list[tuple[AddressLevel, str]]:
    return [(part.level, part.name) for part in split_address(text)]


def test_kind_words_set_the_tier() -> None:
    assert levels("Số 2, thôn Bả, xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang") == [
        (DETAIL, "Số 2"),
        (DETAIL, "thôn Bả"),
        (COMMUNE, "Nghĩa Trung"),
        (DISTRICT, "Việt Yên"),
        (PROVINCE, "Bắc Giang"),
    ]
    assert levels("phường Việt Yên, tỉnh Bắc Ninh") == [
        (COMMUNE, "Việt Yên"),
        (PROVINCE, "Bắc Ninh"),
    ]
    assert levels("Ea Tu, thành phố Buôn Ma Thuột, Đắk Lắk")[1] == (DISTRICT, "Buôn Ma Thuột")


def test_parts_without_kind_words_count_from_the_province() -> None:
    assert levels("Nghĩa Trung - Việt Yên - Bắc Giang") == [
        (COMMUNE, "Nghĩa Trung"),
        (DISTRICT, "Việt Yên"),
        (PROVINCE, "Bắc Giang"),
    ]


def test_hamlets_and_houses_are_below_the_commune_without_kind_words() -> None:
    assert levels("thôn 7, Hòa Phú, Đắk Lắk") == [
        (DETAIL, "thôn 7"),
        (DISTRICT, "Hòa Phú"),
        (PROVINCE, "Đắk Lắk"),
    ]
    assert levels("12/5A Lê Lợi, Bến Nghé, Quận 1, Hồ Chí Minh")[:2] == [
        (DETAIL, "12/5A Lê Lợi"),
        (COMMUNE, "Bến Nghé"),
    ]
    for hamlet in ("xóm 3", "Xóm Mới", "ấp Bình Hòa", "TỔ DÂN PHỐ 5", "khu 2", "bản Nà Khoang"):
        assert levels(f"{hamlet}, Thái Hòa, Nghệ An")[0] == (DETAIL, hamlet)
    for commune in ("Bản Phố", "Xóm Chiếu", "Đội Bình", "Đường 10", "1 Bảo Lộc", "Buôn Hồ", "7"):
        assert levels(f"{commune}, Bắc Hà, Lào Cai")[0] == (COMMUNE, commune)


def test_the_country_is_no_part() -> None:
    assert levels("quận Ba Đình, thành phố Hà Nội, Việt Nam") == [
        (DISTRICT, "Ba Đình"),
        (PROVINCE, "Hà Nội"),
    ]
    assert levels("Việt Nam") == [(PROVINCE, "Việt Nam")]


def test_hyphens_inside_names_part_nothing() -> None:
    assert levels("Phường Long Tâm - Thành phố Bà Rịa - Tỉnh Bà Rịa - Vũng Tàu") == [
        (COMMUNE, "Long Tâm"),
        (DISTRICT, "Bà Rịa"),
        (PROVINCE, "Bà Rịa Vũng Tàu"),
    ]
    assert levels("Xuân Hương - Đà Lạt, Lâm Đồng")[0] == (DISTRICT, "Xuân Hương Đà Lạt")


def test_keys_compare_what_is_said() -> None:
    assert address_key("P.05, Q.10, TP.HCM") == address_key("Phường 5 , quận 10, Tp. Hồ Chí Minh")
    assert address_key("xã Hoà Bình, tỉnh Phú Thọ") == address_key("Hòa Bình, Phú Thọ")
    assert address_key("Bà Rịa - Vũng Tàu") == address_key("tỉnh Bà Rịa-Vũng Tàu")
    assert address_key("xã Hòa Bình") != address_key("xã Hóa Bình")


@pytest.mark.parametrize("province", [province.name for province in PROVINCES])
def test_a_provinces_own_first_letter_is_no_abbreviation(province: str) -> None:
    for written in (f"T.{province}", f"T. {province}"):
        assert normalise_address(written) == f"tỉnh {province}"
    assert normalise_address(f"T.{province.upper()}") == f"tỉnh {province.upper()}"


@given(st.text(alphabet="TtPpXxQHhCcMmBVRYĐuế.5 ,;-–ãxứ", max_size=16))
def test_no_abbreviation_is_overlooked(text: str) -> None:
    if not addresses._MAY_BE_SHORT.search(text):
        assert not any(pattern.search(text) for pattern, _ in addresses._ABBREVIATIONS)
    if "hcm" not in text.lower():
        assert not addresses._CITY_SHORT.search(text)
