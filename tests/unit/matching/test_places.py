"""Administrative units before and after July 2025."""

import pytest

from domain.provinces import PROVINCES, successor_of
from matching.places import PlaceRelation, relation, resolve, same_place

OLD = "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (OLD, "phường Việt Yên, tỉnh Bắc Ninh", True),
        (OLD, "Việt Yên, Bắc Ninh", True),
        (OLD, "Nghĩa Trung - Việt Yên - Bắc Giang", True),
        (OLD, "xã Nghĩa Trung, tỉnh Bắc Giang", True),
        (OLD, "xã Hồng Thái, huyện Việt Yên, tỉnh Bắc Giang", False),
        (OLD, "xã Nghĩa Trung, huyện Bù Đăng, tỉnh Bình Phước", False),
        (OLD, "phường Bắc Giang, tỉnh Bắc Ninh", False),
        (OLD, "tỉnh Bắc Giang", None),
        (OLD, "xã Không Có, huyện Không Có, tỉnh Không Có", None),
        ("P. Trúc Bạch, Q. Ba Đình, TP. Hà Nội", "phường Ba Đình, thành phố Hà Nội", True),
        ("tỉnh Hà Giang", "tỉnh Bắc Ninh", False),
        ("tỉnh Bắc Giang", "tỉnh Bắc Ninh", None),
        ("xã Hoà Bình, huyện X, tỉnh Y", "xã Hòa Bình, huyện X, tỉnh Y", True),
    ],
)
def test_units(one: str, other: str, *, expected: bool | None) -> None:
    assert same_place(one, other) is expected
    assert same_place(other, one) is expected


def test_a_split_commune_is_a_set_never_a_guess() -> None:
    old = "xã Tân Thạnh, huyện Thới Lai, thành phố Cần Thơ"
    place = resolve(old)
    assert place is not None
    assert len(place.communes) == 2
    for commune in ("xã Tân Thạnh", "xã Trường Thành"):
        assert relation(old, f"{commune}, thành phố Cần Thơ") is PlaceRelation.POSSIBLE
    assert relation(old, "xã Thới Lai, thành phố Cần Thơ") is PlaceRelation.DIFFERENT


def test_former_provinces() -> None:
    assert same_place("xã Ba Vì, huyện Ba Vì, tỉnh Hà Tây", "xã Ba Vì, huyện Ba Vì, Hà Nội")
    hue = resolve("phường Vỹ Dạ, thành phố Huế, tỉnh Thừa Thiên Huế")
    assert hue is not None
    assert len(hue.communes) == 1


def test_the_domains_province_table_agrees_with_the_units() -> None:
    for province in PROVINCES:
        old = resolve(f"tỉnh {province.name}")
        new = resolve(f"tỉnh {province.successor}")
        assert old is not None
        assert new is not None
        assert old.provinces & new.provinces
        assert successor_of(province.name) == province.successor
