"""Addresses that say the same in other words, and units that are two though they sound like one."""

import pytest

from domain.addresses import normalise_address, tidy_address
from domain.verdict import FindingKind
from matching.address_kinds import address_kind
from matching.places import PlaceRelation, relation

AGREES, DIFFERENT = FindingKind.AGREES, FindingKind.DIFFERENT
HOA_PHU = "thôn 7, xã Hòa Phú, thành phố Buôn Ma Thuột, tỉnh Đắk Lắk"


def kinds(one: str, other: str) -> set[FindingKind]:
    """Either on paper, the other in the population."""
    return {
        address_kind(tidy_address(paper), normalise_address(row))
        for paper, row in ((one, other), (other, one))
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "phường Phúc Xá, quận Ba Đình, thành phố Hà Nội",
            "phường Phúc Xá, quận Ba Đình, thành phố Hà Nội, Việt Nam",
        ),
        (
            "thôn 7, xã Xuân Lộc, huyện Phú Lộc, thành phố Huế",
            "thôn 7, xã Xuân Lộc, huyện Phú Lộc, thành phố Huế - VN",
        ),
        ("xã Hùng An, huyện Kim Động, tỉnh Hưng Yên", "X.Hùng An,H.Kim Động,T.Hưng Yên"),
        ("xã Lương Sơn, huyện Yên Lập, tỉnh Phú Thọ", "X.Lương Sơn, H.Yên Lập, T.Phú Thọ"),
        (HOA_PHU, "thôn 7, Hòa Phú, Đắk Lắk"),
        (HOA_PHU, "Thôn 07, Hòa Phú, Buôn Ma Thuột, Đắk Lắk"),
        (HOA_PHU, "thôn 7, Hoà Phú, TP. Buôn Mê Thuột, Đắc Lắc"),
        (HOA_PHU, "thôn 7, xã Hòa Phú, thành phố Ban Mê Thuột, tỉnh Đăk Lăk"),
        (HOA_PHU.replace("thôn 7", "Cư Êbur"), "Cư Êbur, Hòa Phú, Đắk Lắk"),
        (
            "thôn 3, xã Gia Bình, tỉnh Bắc Ninh",
            "thôn 3, Gia Bình, Bắc Ninh",
        ),
        ("phường 1, thành phố Đà Lạt, tỉnh Lâm Đồng", "Xuân Hương - Đà Lạt, Lâm Đồng"),
        (
            "xã Trạm Hành, thành phố Đà Lạt, tỉnh Lâm Đồng",
            "phường Xuân Trường - Đà Lạt, tỉnh Lâm Đồng",
        ),
        (
            "xã Xuân Trường, thành phố Đà Lạt, tỉnh Lâm Đồng",
            "Xuân Trường - Đà Lạt - Lâm Đồng",
        ),
        (
            "phường Khâm Thiên, quận Đống Đa, thành phố Hà Nội",
            "phường Văn Miếu-Quốc Tử Giám, thành phố Hà Nội",
        ),
        ("thị trấn Lăng Cô, huyện Phú Lộc, thành phố Huế", "Chân Mây - Lăng Cô, Huế"),
        (
            "phường Phước Mỹ, thành phố Phan Rang - Tháp Chàm, tỉnh Ninh Thuận",
            "Phước Mỹ - Phan Rang - Tháp Chàm - Ninh Thuận",
        ),
        (
            "phường Long Tâm, thành phố Bà Rịa, tỉnh Bà Rịa - Vũng Tàu",
            "Phường Long Tâm - Thành phố Bà Rịa - Tỉnh Bà Rịa - Vũng Tàu",
        ),
        (
            "phường 1, thành phố Vũng Tàu, tỉnh Bà Rịa - Vũng Tàu",
            "P.1-TP.Vũng Tàu-T.BR-VT",
        ),
        (
            "xã Lay Nưa, thị xã Mường Lay, tỉnh Điện Biên",
            "xã Lay Nưa-Thị Xã Mường Lay-Tỉnh Điện Biên",
        ),
        (
            "xã Nghĩa Ninh, thành phố Đồng Hới, tỉnh Quảng Bình",
            "xã Nghĩa Ninh Thành Phố Đồng Hới tỉnh Quảng Bình",
        ),
        (
            "thị trấn Chợ Rã, huyện Ba Bể, tỉnh Bắc Kạn",
            "thị trấn Chợ Rã, huyện Ba Bể, tỉnh Bắc Cạn",
        ),
        ("Trạm y tế xã Yên Phú", "TYT xã Yên Phú"),
        (
            "Bệnh viện Phụ sản Trung ương, Hà Nội",
            "BV Phụ sản Trung ương, thành phố Hà Nội",
        ),
        ("thị trấn Mường Tè, huyện Mường Tè, tỉnh Lai Châu", "Mường Tè, Mường Tè, Lai Châu"),
        ("phường Thanh Trì, quận Hoàng Mai, Hà Nội", "xã Thanh Trì, quận Hoàng Mai, Hà Nội"),
    ],
)
def test_one_place_in_other_words(one: str, other: str) -> None:
    assert kinds(one, other) == {AGREES}


@pytest.mark.parametrize(
    ("commune", "place"),
    [
        ("Mường Tè", "huyện Mường Tè, tỉnh Lai Châu"),
        ("Yên Viên", "huyện Gia Lâm, thành phố Hà Nội"),
        ("Đầm Hà", "huyện Đầm Hà, tỉnh Quảng Ninh"),
        ("Thới Bình", "huyện Thới Bình, tỉnh Cà Mau"),
        ("Ma Đa Guôi", "huyện Đạ Huoai, tỉnh Lâm Đồng"),
    ],
)
def test_a_town_and_a_commune_of_one_name_are_two(commune: str, place: str) -> None:
    town, village = f"thị trấn {commune}, {place}", f"xã {commune}, {place}"
    assert kinds(town, village) == {DIFFERENT}
    assert kinds(f"thôn 7, {town}", f"thôn 7, {village}") == {DIFFERENT}
    assert kinds(f"thôn 7, {town}", village) == {DIFFERENT}
    assert relation(town, village) is PlaceRelation.DIFFERENT
    for one in (town, village):
        assert kinds(one, one.upper()) == {AGREES}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HOA_PHU, "thôn 8, Hòa Phú, Đắk Lắk"),
        ("Cư Êbur, Hòa Phú, Đắk Lắk", "Buôn Tuôr, Hòa Phú, Đắk Lắk"),
        (
            "thôn 7, phường Liễu Giai, quận Ba Đình, thành phố Hà Nội",
            "thôn 7, Ba Đình, Hà Nội",
        ),
        ("phường 3, thành phố Đà Lạt, tỉnh Lâm Đồng", "phường Cam Ly - Đà Lạt, Lâm Đồng"),
        ("thành phố Hà Nội, Việt Nam", "thành phố Huế, Việt Nam"),
    ],
)
def test_two_places_stay_two(one: str, other: str) -> None:
    assert not kinds(one, other) & {AGREES, FindingKind.TONE_ONLY}
