"""Comparators: kinds and the order of their weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.verdict import FindingKind
from matching.comparison import compare, compare_names
from matching.other_names import is_one_name, table
from matching.places import resolve

AGREES, TONE, SPELLING, DIFFERENT = (
    FindingKind.AGREES,
    FindingKind.TONE_ONLY,
    FindingKind.SPELLING,
    FindingKind.DIFFERENT,
)
NAMES = st.tuples(
    st.sampled_from(["Nguyễn", "Trần", "Âu", "Giàng"]),
    st.sampled_from(["Văn", "Thị", "", "Hữu Đức"]),
    st.sampled_from(["An", "Hùng", "Hường", "Khuê", "Páo", "Ý"]),
).map(lambda words: " ".join(" ".join(words).split()))


@pytest.mark.parametrize(
    ("field", "document", "population", "kind"),
    [
        ("full_name", "Nguyễn Văn An", "NGUYỄN VĂN AN", AGREES),
        ("full_name", "Trần Thị Hoà", "Trần Thị Hòa", AGREES),
        ("full_name", "NguyễnVăn An", "Nguyễn Văn An", AGREES),
        ("full_name", "H’Hen Niê", "H'Hen Niê", AGREES),
        ("full_name", "Nguyễn-Văn-An", "Nguyễn Văn An", AGREES),
        ("full_name", "Y-Thông Ayŭn", "Y Thông Ayŭn", AGREES),
        ("full_name", "Nguyễn-Văn-Ân", "Nguyễn Văn An", TONE),
        ("full_name", "KBrai", "K'Brai", SPELLING),
        ("home_town", "Bình-Long, Sài-gòn", "Bình Long, Sài Gòn", AGREES),
        ("full_name", "Lê Thị Hương", "Lê Thị Hường", TONE),
        ("full_name", "Đặng Văn An", "Dang Văn An", TONE),
        ("full_name", "Lê Thị Trinh", "Lê Thị Chinh", SPELLING),
        ("full_name", "Lê Thị Lan", "Lê Lan", SPELLING),
        ("full_name", "Lê Thị Linh", "Lê Thị Lin", SPELLING),
        ("full_name", "Lê Văn An", "Lê Hữu An", DIFFERENT),
        ("full_name", "Lê Văn An", "Trần Văn An", DIFFERENT),
        ("full_name", "Lê Văn An", "Lê Văn Bình", DIFFERENT),
        ("birth_date", "1998-03-05", "1998-03-05", AGREES),
        ("birth_date", "1998", "1998-03-05", AGREES),
        ("birth_date", "1998-03-05", "1998-05-03", DIFFERENT),
        ("birth_date", "1998", "1999", DIFFERENT),
        ("sex", "male", "female", DIFFERENT),
        ("personal_id", "027098001234", "027098001234", AGREES),
        ("personal_id", "027098001234", "027098001235", DIFFERENT),
        ("ethnicity", "Ê Đê", "Ê-đê", AGREES),
        ("ethnicity", "Kinh", "Tày", DIFFERENT),
        ("ethnicity", "Khmer", "Khơ-me", AGREES),
        ("ethnicity", "Gia Rai", "Jrai", AGREES),
        ("ethnicity", "Ba Na", "Bahnar", AGREES),
        ("ethnicity", "Cơ Ho", "K'Ho", AGREES),
        ("ethnicity", "Mông", "H'Mông", AGREES),
        ("ethnicity", "Kho me", "Khmer", TONE),
        ("ethnicity", "Tày", "Thái", DIFFERENT),
        ("ethnicity", "Thổ", "Tày", DIFFERENT),
        ("nationality", "Việt Nam", "VN", AGREES),
        ("nationality", "Việt Nam", "VNM", AGREES),
        ("nationality", "Việt Nam", "Vietnam", AGREES),
        ("nationality", "Việt Nam", "Lào", DIFFERENT),
        ("home_town", "tỉnh Hà Bắc", "tỉnh Bắc Giang", AGREES),
        ("home_town", "tỉnh Hải Hưng", "tỉnh Hưng Yên", AGREES),
        ("home_town", "tỉnh Hải Hưng", "tỉnh Hà Nam", DIFFERENT),
        ("home_town", "tỉnh Minh Hải", "tỉnh Cà Mau", AGREES),
        ("home_town", "tỉnh Nghệ Tĩnh", "tỉnh Nghệ An", AGREES),
        ("home_town", "tỉnh Bình Trị Thiên", "thành phố Huế", AGREES),
        ("home_town", "tỉnh Hà Sơn Bình", "tỉnh Hòa Bình", AGREES),
        ("home_town", "tỉnh Hoàng Liên Sơn", "tỉnh Lào Cai", AGREES),
        ("home_town", "tỉnh Sông Bé", "tỉnh Bình Phước", AGREES),
        ("home_town", "tỉnh Sông Bé", "tỉnh Cà Mau", DIFFERENT),
        ("home_town", "tỉnh Gia Lai - Kon Tum", "tỉnh Kon Tum", AGREES),
        ("home_town", "tỉnh Quảng Nam - Đà Nẵng", "tỉnh Quảng Nam", AGREES),
        ("home_town", "xã Yên Phú, huyện Ý Yên, Hà Nam Ninh", "xã Yên Phú, huyện Ý Yên, Nam Định", AGREES),
        ("home_town", "xã Yên Phú, huyện Ý Yên, Hà Nam Ninh", "xã Yên Mỹ, huyện Ý Yên, Nam Định", DIFFERENT),
        ("residence", "12 Lê Lợi, P. Việt Yên, Bắc Ninh", "số 12 phố Lê Lợi, P. Việt Yên, Bắc Ninh", AGREES),
        ("residence", "TDP Dưới, P. Việt Yên, Bắc Ninh", "tổ dân phố Dưới, P. Việt Yên, Bắc Ninh", AGREES),
        ("residence", "TDP Dưới, P. Việt Yên, Bắc Ninh", "tổ dân phố Đình, P. Việt Yên, Bắc Ninh", DIFFERENT),
        ("residence", "phường Phước Long B, Quận 9, TP.HCM", "Phước Long B, Thủ Đức, TP.HCM", AGREES),
        ("residence", "phường Phước Long B, Quận 9, TP.HCM", "Linh Tây, Thủ Đức, TP.HCM", DIFFERENT),
        ("home_town", "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang", "Việt Yên, Bắc Ninh", AGREES),
        ("home_town", "xã Nghĩa Trung, Việt Yên, Bắc Giang", "xã Nghĩa Trúng, Việt Yên, Bắc Giang", TONE),
        ("residence", "số 1, xã A, huyện B, tỉnh C", "số 1, xã A, huyện B, tỉnh C", AGREES),
        ("residence", "số 12, P. Trúc Bạch, Q. Ba Đình, Hà Nội", "số 95, phường Ba Đình, Hà Nội", DIFFERENT),
        ("residence", "số 12, P. Trúc Bạch, Q. Ba Đình, Hà Nội", "phường Ba Đình, Hà Nội", AGREES),
        ("residence", "xã Nghĩa Trung, Việt Yên, Bắc Giang", "xã Mường Vi, Bát Xát, Lào Cai", DIFFERENT),
        ("birth_place", "Bệnh viện Việt Đức", "Bệnh viện Việt Đúc", TONE),
    ],
)  # fmt: skip
def test_kinds(field: str, document: str, population: str, kind: FindingKind) -> None:
    assert compare(field, document, population).kind is kind
    assert compare(field, population, document).kind is kind


def test_a_rare_name_tells_more_than_a_common_one() -> None:
    common = compare_names("Nguyễn Văn Anh", "Nguyễn Văn Anh").weight
    rare = compare_names("Âu Khuê Lam", "Âu Khuê Lam").weight
    assert 8 < common < rare


def test_weights_fall_along_the_ladder() -> None:
    dates = [
        compare("birth_date", "1998-03-05", other).weight
        for other in ("1998-03-05", "1998-05-03", "1998", "1998-03-06", "1998-11-27", "1971-11-27")
    ]
    assert dates == sorted(dates, reverse=True)
    names = [
        compare_names("Lê Thị Hương", other).weight
        for other in ("Lê Thị Hương", "Lê Thị Hường", "Lê Thị Hưng", "Lê Thị Mai")
    ]
    assert names == sorted(names, reverse=True)
    assert names[-1] < 0
    assert compare("personal_id", "027098001234", "001198001999").weight < -5


def test_uncertain_values_weigh_less() -> None:
    for other in ("Lê Văn An", "Trần Thị Bình"):
        found = compare_names("Lê Văn An", other)
        assert abs(found.tempered(certain=False).weight) < abs(found.weight)
        assert found.tempered(certain=True) == found


@given(NAMES, NAMES)
def test_names_agree_only_when_equal_and_equal_is_best(one: str, other: str) -> None:
    found = compare_names(one, other)
    assert (found.kind is AGREES) == (one == other)
    assert found.weight <= compare_names(other, other).weight + 1e-9


def test_other_names_are_of_one_people_or_country_each_and_of_known_provinces() -> None:
    assert len(table("ethnicity")) == 54
    for kind in ("ethnicity", "nationality"):
        for main, others in table(kind).items():
            assert all(is_one_name(kind, main, other) for other in others), main
    for became in table("province").values():
        for name in became:
            assert resolve(f"tỉnh {name}") is not None
