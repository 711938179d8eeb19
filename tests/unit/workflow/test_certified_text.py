"""The invisible text of a copy says what the certified record says, and nothing that was corrected."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain.geometry import Box
from domain.record import FieldValue, Line, Record
from tests.fakes.house import sample_record
from workflow.certified_text import certified_lines

ROW = 44


def box(left: int, right: int, row: int, *, rows: int = 1) -> Box:
    return Box.upright(left=left, top=row * 60, right=right, bottom=(row + rows - 1) * 60 + ROW)


def record(lines: Mapping[int, str], **fields: FieldValue) -> Record:
    """A page of lines by row, each as wide as its letters: ten pixels."""
    read = tuple(
        Line(
            page=1,
            text=text,
            confidence=0.9,
            agreed=True,
            box=box(100, 100 + 10 * len(text), row),
        )
        for row, text in lines.items()
    )
    return replace(sample_record(), lines=read, fields=fields)


def value(text: str, place: Box | None, **facts: object) -> FieldValue:
    field = FieldValue(
        text=text, value=text, confidence=0.9, certain=True, page=1 if place else None, box=place
    )
    return replace(field, **facts)  # type: ignore[arg-type]


def corrected(text: str, place: Box | None, *, read: str) -> FieldValue:
    return value(text, place, corrected_by="officer", read_text=read)


def said(of: Record) -> list[str]:
    return [line.text for line in certified_lines(of, 1)]


LABEL = "Họ, chữ đệm, tên: "


def test_words_that_an_officer_corrected_give_way_and_the_label_stays() -> None:
    misread = "NGUYỄN THỊ PHƯƠNG ĐUYÊN"
    place = box(100 + 10 * len(LABEL), 100 + 10 * len(LABEL + misread), 1)
    paper = record(
        {0: "GIẤY KHAI SINH", 1: LABEL + misread, 2: "Giới tính: Nữ"},
        full_name=corrected("NGUYỄN THỊ PHƯƠNG DUYÊN", place, read=misread),
    )
    assert said(paper) == [
        "GIẤY KHAI SINH",
        "Họ, chữ đệm, tên: NGUYỄN THỊ PHƯƠNG DUYÊN",
        "Giới tính: Nữ",
    ]


def test_a_value_typed_with_its_marks_apart_stands_there_once() -> None:
    misread = "NGUYỄN THỊ PHƯƠNG ĐUYÊN"
    place = box(100 + 10 * len(LABEL), 100 + 10 * len(LABEL + misread), 1)
    apart = unicodedata.normalize("NFD", "NGUYỄN THỊ PHƯƠNG DUYÊN")
    paper = record({1: LABEL + misread}, full_name=corrected(apart, place, read=misread))
    assert said(paper) == ["Họ, chữ đệm, tên: NGUYỄN THỊ PHƯƠNG DUYÊN"]


def test_a_value_over_two_lines_is_replaced_in_both() -> None:
    paper = record(
        {0: "Nơi cư trú: xã Khao Mang, huyện Mù", 1: "Cang Chài, tỉnh Yên Bái (cũ)"},
        residence=corrected(
            "xã Khao Mang, huyện Mù Căng Chải, tỉnh Yên Bái",
            box(100, 440, 0, rows=2),
            read="xã Khao Mang, huyện Mù Cang Chài, tỉnh Yên Bái",
        ),
    )
    assert said(paper) == [
        "Nơi cư trú: xã Khao Mang, huyện Mù Căng Chải, tỉnh Yên Bái",
        "(cũ)",
    ]


@pytest.mark.parametrize(("read", "typed"), [("Nữ", "Nam"), ("Nam", "Nữ")])
def test_the_words_in_the_box_are_meant_and_not_their_like_elsewhere_in_the_line(
    read: str, typed: str
) -> None:
    behind = "   Dân tộc: Kinh   Quốc tịch: Việt Nam"
    paper = record(
        {0: f"Giới tính: {read}{behind}"},
        sex=corrected(typed, box(210, 240, 0), read=read),
    )
    assert said(paper) == [f"Giới tính: {typed}{behind}"]


def test_a_part_of_a_name_is_not_the_name() -> None:
    paper = record(
        {0: "Tên cha: LÊ ANH"}, father_full_name=corrected("LÊ AN", box(190, 250, 0), read="LÊ ANH")
    )
    assert said(paper) == ["Tên cha: LÊ AN"]


def test_where_nobody_vouches_for_a_value_the_certified_one_stands() -> None:
    line = "Tên mẹ: TRẦN THI HOA"
    paper = record(
        {0: line}, mother_full_name=value("TRẦN THỊ HÒA", box(180, 300, 0), certain=False)
    )
    assert said(paper) == ["Tên mẹ: TRẦN THỊ HÒA"]
    vouched = record({0: line}, mother_full_name=value("TRẦN THỊ HÒA", box(180, 300, 0)))
    assert said(vouched) == [line]


def test_a_line_in_which_the_words_are_not_found_is_left_out_and_values_stand_in_their_boxes() -> (
    None
):
    paper = record(
        {0: "GIẤY KHAI SINH", 1: "H0 t3n §§ 9zz xx  Kinh"},
        full_name=corrected("ĐỖ VĂN BÌNH", box(100, 250, 1), read="Q;Q"),
        ethnicity=value("Kinh", box(280, 320, 1)),
    )
    assert said(paper) == ["GIẤY KHAI SINH", "Kinh", "ĐỖ VĂN BÌNH"]


def test_words_that_are_not_that_value_stay_for_they_are_on_the_paper() -> None:
    paper = record({0: "Nơi sinh: Trạm y tế"}, birth_place=corrected("", None, read="Trạm y tế"))
    assert said(paper) == ["Nơi sinh: Trạm y tế"]


def test_a_record_nobody_corrected_is_carried_as_it_was_read() -> None:
    paper = sample_record()
    assert said(paper) == [line.text for line in paper.lines]
