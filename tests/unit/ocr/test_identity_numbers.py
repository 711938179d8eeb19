"""Nine digits behind a label: an old card's number, or what can be read of a person's twelve."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]


def birth_extract(number: str) -> list[Row]:
    return [
        [(500.0, "TRÍCH LỤC KHAI SINH (BẢN SAO)")],
        "Họ, chữ đệm, tên: ĐẶNG THỊ BÍCH VUI",
        "Ngày, tháng, năm sinh: 12/06/2011",
        number,
        "Nơi sinh: xã Kỳ Tân, huyện Kỳ Anh, tỉnh Hà Tĩnh",
    ]


@pytest.mark.parametrize(
    "number",
    [
        "Số định danh cá nhân: 070311966",
        "Số CCCD: 070311966",
        "Số căn cước công dân: 070311966",
        "Số định danh cá nhân: 0 7 0 3 1 1 O 6 6",
    ],
)
def test_nine_digits_of_twelve_are_no_papers_number(lines_of: LinesOf, number: str) -> None:
    lines = lines_of(birth_extract(number))
    found = values(FormCode.BIRTH_EXTRACT, lines)
    assert "identity_paper" not in found
    assert found["personal_id"] is None, "an officer sees it"


def test_the_number_of_an_old_card_is_promised(lines_of: LinesOf) -> None:
    lines = lines_of(birth_extract("Số CMND: 184203117"))
    assert values(FormCode.BIRTH_EXTRACT, lines)["identity_paper"] == "184203117"
    assert "identity_paper" in certain(FormCode.BIRTH_EXTRACT, lines)


@pytest.mark.parametrize("label", ["Số CMND/CCCD", "Số định danh cá nhân/CMND"])
def test_behind_both_labels_it_may_be_either(lines_of: LinesOf, label: str) -> None:
    lines = lines_of(birth_extract(f"{label}: 184203117"))
    assert values(FormCode.BIRTH_EXTRACT, lines)["identity_paper"] == "184203117"
    assert "identity_paper" not in certain(FormCode.BIRTH_EXTRACT, lines)


def card(title: str, number: str) -> list[Row]:
    return [
        [(500.0, title)],
        [(600.0, number)],
        "Họ tên: NGUYỄN THỊ MÙI",
        "Sinh ngày: 15-10-1979",
        "Nguyên quán: Ninh Sơn, Việt Yên, Bắc Giang",
    ]


def test_nine_digits_of_a_card_are_found_where_their_label_was_misread(lines_of: LinesOf) -> None:
    lines = lines_of(card("GIẤY CHỨNG MINH NHÂN DÂN", "5Ố 366816310"))
    assert values(FormCode.IDENTITY_CARD, lines)["personal_id"] == "366816310"
    assert "personal_id" not in certain(FormCode.IDENTITY_CARD, lines)


@pytest.mark.parametrize("number", ["Số: 088034187", "5Ố 088034187"])
def test_a_card_of_twelve_digits_never_has_nine(lines_of: LinesOf, number: str) -> None:
    found = values(FormCode.IDENTITY_CARD, lines_of(card("CĂN CƯỚC CÔNG DÂN", number)))
    assert found.get("personal_id") is None


@pytest.mark.parametrize("number", ["001 088034187", "27/088034187", "088034187-1"])
def test_a_piece_of_a_longer_number_is_none(lines_of: LinesOf, number: str) -> None:
    found = values(FormCode.IDENTITY_CARD, lines_of(card("CHỨNG MINH NHÂN DÂN", f"5Ố {number}")))
    assert "personal_id" not in found


def test_a_paper_goes_on_behind_its_comma_where_it_was_issued(lines_of: LinesOf) -> None:
    left = [
        "Họ, chữ đệm, tên vợ: H'DUYÊN KBUÔR",
        "Giấy tờ tùy thân: Thẻ CCCD số: 066194017254,",
        "nơi cấp: Cục Cảnh sát QLHC về TTXH",
    ]
    right = [
        "Họ, chữ đệm, tên chồng: CÙ XUÂN HUẤN",
        "Giấy tờ tùy thân: CMND số 245123456",
        "Nơi cấp: Công an tỉnh Đắk Lắk",
    ]
    rows: list[Row] = [[(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")]]
    rows += [[(100.0, one), (900.0, other)] for one, other in zip(left, right, strict=True)]
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert found["wife_identity_paper"] == (
        "Thẻ CCCD số: 066194017254, nơi cấp: Cục Cảnh sát QLHC về TTXH"
    )
    assert found["husband_identity_paper"] == "CMND số 245123456"


@pytest.mark.parametrize(
    "below", ["tôn giáo: không", "ghi chú: đã cải chính theo Quyết định số 12", "số quyển: 01"]
)
def test_a_place_that_ends_in_a_comma_does_not_go_on_with_another_label(
    lines_of: LinesOf, below: str
) -> None:
    rows = [*birth_extract("Quê quán: xã Kỳ Tân, huyện Kỳ Anh, tỉnh Hà Tĩnh,")[:4], below]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found["home_town"] == "xã Kỳ Tân, huyện Kỳ Anh, tỉnh Hà Tĩnh"


@pytest.mark.parametrize(
    "died",
    ["10 giờ 30.15/03/2020", "10 giờ 30.15.03.2020", "10h30, ngày 1.5 tháng 03 năm 2020"],
)
def test_a_figure_of_the_day_is_never_lost_before_a_dot(lines_of: LinesOf, died: str) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ (BẢN SAO)")],
        "Họ, chữ đệm, tên: ĐẶNG THỊ BÍCH VUI",
        f"Đã chết vào lúc: {died}",
    ]
    assert values(FormCode.DEATH_EXTRACT, lines_of(rows))["death_date"] == "2020-03-15"


@pytest.mark.parametrize(
    "numbers",
    [
        ["CMND số: 184203117 Hộ chiếu số:", "Số định danh cá nhân: 024174003456"],
        ["Số CCCD: 024174003456", "CMND số: 184203117"],
    ],
)
def test_of_two_numbers_of_a_member_the_persons_counts(
    lines_of: LinesOf, numbers: list[str]
) -> None:
    rows: list[Row] = [
        [(500.0, "SỔ HỘ KHẨU")],
        "QUAN HỆ VỚI CHỦ HỘ: Vợ",
        "Họ và tên: Trần Thị Quyên",
        *numbers,
        "Nghề nghiệp: Làm ruộng",
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["members[1].personal_id"] == "024174003456"
    assert "members[2].full_name" not in found
