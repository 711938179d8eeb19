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


def test_empty_boxes_are_no_text() -> None:
    assert with_number_boxes([_LABEL, within()], paper("")) == (_LABEL,)


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
