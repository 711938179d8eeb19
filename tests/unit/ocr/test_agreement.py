"""Readers of one line: what counts as agreement, and what takes it back."""

from collections.abc import Callable

import pytest

from ocr.agreement import (
    agree,
    unless_contradicted,
)
from ocr.recogniser import Reading
from ocr.text_line import TextLine, reread

LinesOf = Callable[..., list[TextLine]]


def both(lines_of: LinesOf, first: str, second: str, *, sure: float = 0.9) -> TextLine:
    (line,) = lines_of([first], agreed=None)
    return agree(line, Reading(text=second, confidence=sure))


def disagreed(line: TextLine) -> str:
    assert line.agreed is not None
    return "".join(
        letter for letter, same in zip(line.text, line.agreed, strict=True) if not same
    ).strip()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Họ, chữ đệm , tên: AN", "Họ,chữ đệm, tên : AN"),
        ("“Độc lập – Tự do”", '"Độc lập - Tự do"'),
        ("NGUYỄN VĂN AN ......", "NGUYỄN VĂN AN …"),
        ("số 12 / 2020", "số 12/2020"),
    ],
)
def test_signs_and_spaces_are_no_disagreement(lines_of: LinesOf, first: str, second: str) -> None:
    line = both(lines_of, first, second)
    assert line.text == first
    assert disagreed(line) == ""


def test_a_tone_is_a_disagreement(lines_of: LinesOf) -> None:
    line = both(lines_of, "Lê Thị Thu Hà", "Lê Thị Thu Hạ")
    assert disagreed(line) == "Hà"
    assert line.text == "Lê Thị Thu Hà"


def test_another_make_never_changes_the_text(lines_of: LinesOf) -> None:
    line = both(lines_of, "Nguyẽnh Văn  An", "Nguyễn Văn An", sure=0.99)
    assert line.text == "Nguyẽnh Văn  An"
    assert disagreed(line) == "Nguyẽnh"
    assert len(line.positions) == len(line.text)


@pytest.mark.parametrize(
    ("second", "doubted"), [("Cục Cảnh sát QLHC", "-"), ("Cục Cảnh sát — QLHC", "")]
)
def test_a_sign_that_stands_alone_needs_one_of_the_other_reader(
    lines_of: LinesOf, second: str, doubted: str
) -> None:
    assert disagreed(both(lines_of, "Cục Cảnh sát - QLHC", second)) == doubted


def test_a_word_only_the_second_reader_saw_casts_doubt(lines_of: LinesOf) -> None:
    line = both(lines_of, "xã Nghĩa Trung", "xã Nghĩa Trung Hạ")
    assert disagreed(line) == "Trung"


@pytest.mark.parametrize(("second", "same"), [("", True), ("—", True), ("An", False)])
def test_mere_signs_keep_their_text(lines_of: LinesOf, second: str, *, same: bool) -> None:
    line = both(lines_of, "- *", second)
    assert line.text == "- *"
    assert line.agreed == (same,) * 3


def test_a_better_reading_of_the_same_crop_takes_the_place_of_the_first(
    lines_of: LinesOf,
) -> None:
    (line,) = lines_of(["Lê Thị Thu Hạ"], agreed=None)
    better = Reading(text="Lê Thị Thu Hà", confidence=0.97, confidences=(0.97,) * 13)
    again = reread(line, better)
    assert (again.text, again.confidence, again.sure) == (better.text, 0.97, better.confidences)
    assert again.place is line.place
    nothing = reread(line, Reading(text="", confidence=0.0, others=(line.text, "")))
    assert (nothing.text, nothing.sure, nothing.others) == (line.text, line.sure, (line.text, ""))


@pytest.mark.parametrize(
    ("third", "doubted"),
    [
        ("Nguyễn Thị Ngọc Lệ", "Lẹ"),
        ("Nguyễn ThịNgọc Lẹ", ""),
        ("Nguyễn Thị Ngọc Lẹ An", "Lẹ"),
        ("Nguyễn Thị Ngọc Lẹ .", ""),
        ("", "Nguyễn Thị Ngọc Lẹ"),
    ],
)
def test_nothing_is_agreed_that_a_third_reading_contradicts(
    lines_of: LinesOf, third: str, doubted: str
) -> None:
    line = both(lines_of, "Nguyễn Thị Ngọc Lẹ", "Nguyễn Thị Ngọc Lẹ")
    again = unless_contradicted(line, third)
    assert again.text == line.text
    assert disagreed(again) == doubted.replace(" ", "")


def test_a_line_that_one_reader_saw_is_kept_as_not_agreed_on(lines_of: LinesOf) -> None:
    (unasked,), (agreed,) = lines_of(["Hà"], agreed=None), lines_of(["Hà"], agreed=True)
    assert (unasked.line().agreed, agreed.line().agreed) == (False, True)
