"""Numbers written one character to a box: found as one piece, read without the rules of the boxes."""

import cv2
import numpy as np
import pytest

from domain.page import Pixels
from ocr.crops import Crop
from ocr.detection import Piece
from ocr.layout import arrange
from ocr.number_boxes import boxed_crop, with_number_boxes
from ocr.recogniser import Reading
from ocr.text_line import text_line

_LEFT, _TOP, _PITCH, _HIGH = 500, 100, 50, 56
_NUMBER = "084301008947"
_LABEL = Piece(x=250, y=128, width=400, height=34, angle=0.0)


def paper(
    number: str = _NUMBER, *, cells: int = 12, width: int = _PITCH, touching: str = ""
) -> Pixels:
    """A page with a row of boxes; figures at ``touching`` run into the rules around them."""
    page = np.full((320, 1500), 245, np.uint8)
    for cell in range(cells):
        left = _LEFT + cell * width
        cv2.rectangle(page, (left, _TOP), (left + width, _TOP + _HIGH), (60,), 2)
        if cell < len(number) and number[cell] != " ":
            large = str(cell) in touching.split()
            place, size = ((left - 4, _TOP + 60), 2.5) if large else ((left + 14, _TOP + 42), 1.1)
            cv2.putText(page, number[cell], place, cv2.FONT_HERSHEY_SIMPLEX, size, (20,), 3)
    return page


def turned(page: Pixels, angle: float) -> Pixels:
    turn = cv2.getRotationMatrix2D((_LEFT, _TOP), -angle, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, page.shape[::-1], borderValue=(245,)), np.uint8)


def within(width: float = 12 * _PITCH) -> Piece:
    """What a detector finds of the boxes: some of their rules."""
    return Piece(x=_LEFT + width / 2 + 7, y=130, width=width, height=34, angle=0.0)


def boxes(page: Pixels) -> list[Piece]:
    return [piece for piece in with_number_boxes([_LABEL, within()], page) if piece.cells]


def letters(crop: Crop) -> int:
    """How many patches of ink of a character's height there are."""
    dark = (crop.pixels < 128).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    return int((stats[1:, cv2.CC_STAT_HEIGHT] > crop.pixels.shape[0] / 3).sum())


@pytest.mark.parametrize("angle", [0.0, 1.0, -1.0])
def test_a_row_of_boxes_is_one_piece_whose_picture_has_no_rules(angle: float) -> None:
    page = turned(paper(), angle)
    (row,) = boxes(page)
    assert row.cells == 12
    assert row.width == pytest.approx(12 * _PITCH, abs=4)
    crop = boxed_crop(page, row)
    assert crop.characters == 12
    assert letters(crop) == 12
    assert crop.pixels.shape[1] < 0.75 * 12 * _PITCH


def test_places_in_the_picture_are_places_on_the_page() -> None:
    page = paper()
    (row,) = boxes(page)
    crop = boxed_crop(page, row)
    columns = np.flatnonzero((crop.pixels < 128).any(axis=0))
    corners = crop.box(float(columns[0]), float(columns[-1]))
    ink = np.flatnonzero(
        (page[_TOP + 8 : _TOP + 48, _LEFT + 6 : _LEFT + 12 * _PITCH - 6] < 60).any(axis=0)
    )
    assert corners[0, 0] == pytest.approx(_LEFT + 6 + ink[0], abs=_PITCH / 3)
    assert corners[1, 0] == pytest.approx(_LEFT + 6 + ink[-1], abs=_PITCH / 3)
    assert _TOP < corners[:, 1].mean() < _TOP + _HIGH


@pytest.mark.parametrize("touching", ["0", "11", "5", "0 6 11", "0 1"])
def test_a_figure_that_touches_its_rules_does_not_cost_its_box(touching: str) -> None:
    (row,) = boxes(paper(touching=touching))
    assert row.cells == 12
    assert row.left == pytest.approx(_LEFT, abs=4)


def test_empty_boxes_stay_as_they_were() -> None:
    found = (_LABEL, within())
    assert with_number_boxes(found, paper("")) == found


@pytest.mark.parametrize("number", ["125-2021", "31.2019", "3104-72195", "12/2021"])
def test_a_sign_in_a_box_counts(number: str) -> None:
    page = paper(number)
    (row,) = boxes(page)
    assert boxed_crop(page, row).characters == len(number)


def test_small_figures_in_large_boxes_are_found() -> None:
    page = np.full((320, 1500), 245, np.uint8)
    for cell in range(12):
        left = 100 + cell * 76
        cv2.rectangle(page, (left, 100), (left + 76, 220), (60,), 2)
        cv2.putText(page, _NUMBER[cell], (left + 26, 172), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20,), 2)
    found = [Piece(x=556, y=160, width=900, height=60, angle=0.0)]
    (row,) = with_number_boxes(found, page)
    assert (row.cells, boxed_crop(page, row).characters) == (12, 12)


def test_a_table_of_words_is_no_row_of_boxes() -> None:
    page = np.full((400, 1500), 245, np.uint8)
    for cell, word in enumerate("Nam Kinh con nam Ba Lao Nu".split()):
        left = 100 + cell * 110
        cv2.rectangle(page, (left, 100), (left + 110, 190), (60,), 2)
        cv2.putText(page, word, (left + 14, 155), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (20,), 2)
    found = (Piece(x=485, y=145, width=770, height=40, angle=0.0),)
    assert with_number_boxes(found, page) == found


@pytest.mark.parametrize("apart", [1, 2])
def test_two_numbers_in_boxes_beside_one_another_are_two(apart: int) -> None:
    page = np.full((320, 1700), 245, np.uint8)
    starts = [100 + cell * 50 for cell in range(12)] + [
        700 + apart * 50 + cell * 50 for cell in range(9)
    ]
    for at, left in enumerate(starts):
        cv2.rectangle(page, (left, 100), (left + 50, 156), (60,), 2)
        cv2.putText(page, str(at % 10), (left + 14, 142), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (20,), 3)
    found = [Piece(x=700, y=128, width=1200, height=34, angle=0.0)]
    assert [piece.cells for piece in with_number_boxes(found, page) if piece.cells] == [12, 9]


def test_squared_paper_is_looked_at_once() -> None:
    page = np.full((1600, 1600), 245, np.uint8)
    page[::30], page[:, ::30] = 90, 90
    found = (Piece(x=700, y=128, width=300, height=20, angle=0.0),)
    assert with_number_boxes(found, page) == found


def test_empty_boxes_among_written_ones_are_gaps() -> None:
    page = paper("0843  8947  ")
    (row,) = boxes(page)
    assert boxed_crop(page, row).characters == 8


@pytest.mark.parametrize(("cells", "width"), [(5, _PITCH), (12, 110), (12, 20)])
def test_what_is_no_row_of_boxes_stays_as_it_was(cells: int, width: int) -> None:
    found = (_LABEL, within(cells * width))
    assert with_number_boxes(found, paper(cells=cells, width=width)) == found


def test_a_label_that_runs_into_the_boxes_ends_before_them() -> None:
    long = Piece(x=500, y=128, width=900, height=34, angle=0.0)
    label, row = with_number_boxes([long], paper())
    assert label.right == pytest.approx(row.left, abs=1)
    assert label.left == pytest.approx(50)


def test_label_and_boxes_are_two_lines_of_one_row() -> None:
    page = paper()
    close = Piece(x=290, y=128, width=400, height=34, angle=0.0)
    below = Piece(x=300, y=230, width=400, height=34, angle=0.0)
    places = arrange(with_number_boxes([close, within(), below], page), page)
    assert [(place.row, place.piece.cells) for place in places] == [(0, 0), (0, 12), (1, 0)]


@pytest.mark.parametrize(
    ("read", "agreed"), [("084301008947", None), ("08430100894", (False,) * 11)]
)
def test_nobody_agrees_with_a_reading_of_fewer_figures_than_boxes(
    read: str, agreed: tuple[bool, ...] | None
) -> None:
    page = paper()
    (row,) = boxes(page)
    reading = Reading(text=read, confidence=0.99)
    line = text_line(reading, crop=boxed_crop(page, row), page=1, row=0, to_scan=np.eye(2, 3))
    assert line.agreed == agreed


def test_a_woven_border_is_no_row_of_boxes() -> None:
    page = np.full((320, 1500), 245, np.uint8)
    x = np.arange(100, 1400)
    for shift in (0.0, np.pi):
        y = 130 + 22 * np.sin(x * np.pi / 40 + shift)
        cv2.polylines(page, [np.stack([x, y], axis=1).astype(np.int32)], False, (60,), 2)
    cv2.line(page, (100, 106), (1400, 106), (60,), 2)
    cv2.line(page, (100, 154), (1400, 154), (60,), 2)
    found = (_LABEL, within())
    assert with_number_boxes(found, page) == found
