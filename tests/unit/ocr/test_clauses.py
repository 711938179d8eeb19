"""Running text without colons: clauses begin with labels in small letters, names stand in capitals."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.classification import classify_texts
from ocr.labels import find_labels
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]

LETTER: list[Row] = [
    [(300.0, "ỦY BAN NHÂN DÂN XÃ KRÔNG NÔ")],
    [(300.0, "Số: 94/GXN-UBND")],
    [(600.0, "GIẤY XÁC NHẬN")],
    [(600.0, "Tình trạng hôn nhân")],
    "Ủy ban nhân dân xã Krông Nô xác nhận bà HỒ THỊ SÁU, sinh ngày 13/03/1984, giới",
    "tính Nữ, dân tộc Kinh, quốc tịch Việt Nam, giấy tờ tùy thân: CCCD số 066184560967,",
    "nơi cư trú: Thôn Đoài, xã Krông Nô, huyện Lắk, tỉnh Đắk Lắk.",
    "Trong thời gian cư trú tại địa phương từ ngày 14/11/2002 đến ngày 04/12/2022, tình",
    "trạng hôn nhân: Có chồng là ông Trịnh Anh Đường đã chết (Trích lục khai tử số",
    "41/TLKT ngày 22/11/2021), sinh năm 1979, dân tộc Mường, hiện chưa đăng ký kết hôn.",
]


def test_a_letter_tells_a_person_in_one_sentence(lines_of: LinesOf) -> None:
    assert classify_texts([line.text for line in lines_of(LETTER)])[0] == (
        FormCode.MARITAL_STATUS_CONFIRMATION
    )
    found = values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(LETTER))
    assert found["full_name"] == "Hồ Thị Sáu"
    assert (found["birth_date"], found["sex"]) == ("1984-03-13", "female")
    assert (found["ethnicity"], found["nationality"]) == ("Kinh", "Việt Nam")
    assert found["residence"] == "Thôn Đoài, xã Krông Nô, huyện Lắk, tỉnh Đắk Lắk"
    assert (found["period_from"], found["period_to"]) == ("2002-11-14", "2022-12-04")
    # what is told of somebody else in the answer is a part of it
    assert str(found["marital_status"]).endswith("dân tộc Mường, hiện chưa đăng ký kết hôn")


def test_a_couple_told_one_after_the_other(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        "Chứng nhận anh DOÃN MINH NGÃI, sinh ngày 21/02/1975, dân tộc Kinh,",
        "quốc tịch Việt Nam, nơi thường trú: Thôn Trung, xã Mường Khương, huyện",
        "Mường Khương, tỉnh Lào Cai, số CMND: 106236201.",
        "Và chị NGUYỄN THỊ HỒNG BƯỞI, sinh ngày 03/10/1981, dân tộc Tày,",
        "quốc tịch Việt Nam, trú tại thôn Thượng Đồng, xã Mỹ Lộc.",
        [(300.0, "CHỒNG"), (700.0, "VỢ")],
    ]
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert found == {
        "husband_full_name": "Doãn Minh Ngãi",
        "husband_birth_date": "1975-02-21",
        "husband_ethnicity": "Kinh",
        "husband_nationality": "Việt Nam",
        "husband_residence": "Thôn Trung, xã Mường Khương, huyện Mường Khương, tỉnh Lào Cai",
        "husband_identity_paper": "106236201",
        "wife_full_name": "Nguyễn Thị Hồng Bưởi",
        "wife_birth_date": "1981-10-03",
        "wife_ethnicity": "Tày",
        "wife_nationality": "Việt Nam",
        "wife_residence": "thôn Thượng Đồng, xã Mỹ Lộc",
    }


def test_a_parent_told_in_clauses_whose_last_goes_on_below(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "1. Họ, chữ đệm, tên: TỐNG THỊ THANH LÀNH",
        "7. Họ, chữ đệm, tên người mẹ: VÕ THÙY NHIỄU; sinh năm 1962; dân tộc Kinh; quốc tịch",
        "Việt Nam",
        "8. Nơi cư trú của mẹ: phường Ghềnh Ráng, thành phố Quy Nhơn",
        "9. Nơi cư trú của cha: xã Trực Đại",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    mother = [found[f"mother_{name}"] for name in ("full_name", "birth_date", "nationality")]
    assert mother == ["Võ Thùy Nhiễu", "1962", "Việt Nam"]
    assert found["mother_residence"] == "phường Ghềnh Ráng, thành phố Quy Nhơn"
    assert found["father_residence"] == "xã Trực Đại"


@pytest.mark.parametrize(
    "text",
    [
        "Trường phổ thông, dân tộc nội trú tỉnh Lào Cai",  # no value in capitals behind it
        "Bà con dân tộc Kinh ở xã",  # no clause begins here
        "kể từ ngày cấp, sinh ngày mai",  # no figure
    ],
)
def test_words_of_labels_within_values_are_none(text: str) -> None:
    assert not find_labels(text, ["Dân tộc", "Sinh ngày"])


def test_a_name_behind_a_title_needs_a_colon_unless_it_ends_its_clause_in_capitals() -> None:
    label = ["xác nhận bà:"]
    assert find_labels("UBND xã xác nhận bà HỒ THỊ SÁU, sinh năm 1984", label)
    assert not find_labels("UBND xã xác nhận bà Hồ Thị Sáu và con", label)
    assert not find_labels("UBND xã xác nhận bà HỒ THỊ SÁU và con", label)


def test_nine_digits_are_a_papers_number_not_a_persons(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG TỬ")],
        "Họ, chữ đệm, tên: ĐẶNG THỊ BÍCH VUI",
        "Số CMND: Giấy CMND số 420265423, do Công an tỉnh Hà Tĩnh cấp ngày 07/11/2003",
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert "personal_id" not in found
    assert str(found["identity_paper"]).startswith("Giấy CMND số 420265423")
