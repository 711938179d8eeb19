"""Lines across both columns of a form are cut where the right column begins, others are not."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from domain.form import FormCode
from ocr.columns import part_columns, parts_in_turn
from ocr.form_library import library
from ocr.text_line import TextLine

LinesOf = Callable[..., list[TextLine]]

_RIGHT = 1000.0
_MARGIN = 60.0


def _marriage(lines_of: LinesOf, papers: str) -> list[TextLine]:
    return lines_of(
        [
            "GIẤY CHỨNG NHẬN KẾT HÔN",
            [
                (100.0, "Họ, chữ đệm, tên vợ: Lê Thị Uyên"),
                (_RIGHT, "Họ, chữ đệm, tên chồng: Lê Hữu"),
            ],
            [(100.0, "Dân tộc: Kinh"), (_RIGHT, "Dân tộc: Kinh")],
            [(100.0, "Giấy tờ tùy thân: 075197070639"), (_RIGHT, "Giấy tờ tùy thân: CCCD số")],
            papers,
            "Nơi đăng ký kết hôn: xã Phú Thịnh",
        ]
    )


def _texts(lines: Sequence[TextLine]) -> list[str]:
    form = next(f for f in library().forms if f.code is FormCode.MARRIAGE_CERTIFICATE)
    return [line.text for line in part_columns(form, lines)]


def test_a_line_across_both_columns_is_cut(lines_of: LinesOf) -> None:
    (first,) = lines_of(["do Cục Cảnh sát cấp"])
    gap = " " * round((_RIGHT - first.right) / (first.right - first.left) * len(first.text))
    lines = _marriage(lines_of, f"do Cục Cảnh sát cấp{gap}030099651136")
    texts = _texts(lines)
    assert "do Cục Cảnh sát cấp" in texts
    assert "030099651136" in texts


def test_a_line_whose_picture_begins_left_of_its_print_stays_whole(lines_of: LinesOf) -> None:
    lines = _marriage(lines_of, "")
    index = next(number for number, line in enumerate(lines) if "chồng" in line.text)
    line = lines[index]
    lines[index] = replace(
        line,
        place=line.place - np.array([[_MARGIN, 0], [0, 0], [0, 0], [_MARGIN, 0]]),
        crop_width=line.crop_width + _MARGIN,
        positions=tuple((a + _MARGIN, b + _MARGIN) for a, b in line.positions),
    )
    assert _texts(lines) == [line.text for line in lines]


def _landscape(lines_of: LinesOf, *, own: str) -> list[TextLine]:
    return lines_of(
        [
            [(800.0, "GIẤY KHAI SINH")],
            [(100.0, own), (_RIGHT, "Họ, chữ đệm, tên người mẹ: TRẦN KHÁNH LỘC")],
            [(100.0, "Giới tính: Nữ"), (_RIGHT, "Năm sinh: 1996")],
            [(100.0, "Dân tộc: Kinh"), (_RIGHT, "Dân tộc: Tày")],
            [(100.0, "Quê quán: phường Khương Mai"), (_RIGHT, "Quốc tịch: Việt Nam")],
            [(100.0, "Người đi đăng ký khai sinh: AN"), (_RIGHT, "Giấy tờ tùy thân: CCCD")],
        ]
    )


def test_parts_side_by_side_without_headings_come_one_after_the_other(lines_of: LinesOf) -> None:
    form = next(f for f in library().forms if f.code is FormCode.BIRTH_CERTIFICATE)
    lines = _landscape(lines_of, own="Họ, chữ đệm, tên: NGHIÊM THU LIỄU")
    texts = [line.text for line in parts_in_turn(form, lines)]
    assert texts[1:5] == [
        "Họ, chữ đệm, tên: NGHIÊM THU LIỄU",
        "Giới tính: Nữ",
        "Dân tộc: Kinh",
        "Quê quán: phường Khương Mai",
    ]
    assert texts[5].startswith("Họ, chữ đệm, tên người mẹ")
    assert texts[-2:] == ["Người đi đăng ký khai sinh: AN", "Giấy tờ tùy thân: CCCD"]


def test_other_rows_of_two_labels_stay_as_they_are(lines_of: LinesOf) -> None:
    form = next(f for f in library().forms if f.code is FormCode.BIRTH_CERTIFICATE)
    lines = _landscape(lines_of, own="Nơi sinh: Hà Nội")
    assert list(parts_in_turn(form, lines)) == lines
