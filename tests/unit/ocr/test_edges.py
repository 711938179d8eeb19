"""Pieces that end within a word are carried on to its end, and no further."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from domain.page import Pixels
from ocr.crops import cut
from ocr.detection import Piece
from ocr.edges import with_whole_words
from ocr.layout import arrange
from ocr.leaders import without_leaders


def printed(text: str = "Quoc tich: Viet Nam") -> Pixels:
    page = np.full((200, 700), 245, np.uint8)
    cv2.putText(page, text, (100, 110), cv2.FONT_HERSHEY_SIMPLEX, 0.85, (20,), 2)
    return page


def between(left: float, right: float, angle: float = 0.0) -> Piece:
    return Piece(x=(left + right) / 2, y=100, width=right - left, height=30, angle=angle)


def ink(page: Pixels) -> tuple[int, int]:
    columns = np.flatnonzero((page < 128).any(axis=0))
    return int(columns[0]), int(columns[-1]) + 1


@pytest.mark.parametrize("short", [0, 5, 12, 20])
@pytest.mark.parametrize("angle", [0.0, 1.0])
def test_a_letter_cut_at_either_end_is_whole(short: int, angle: float) -> None:
    page = printed()
    left, right = ink(page)
    turned = cv2.getRotationMatrix2D(((left + right) / 2, 100), -angle, 1.0)
    page = np.asarray(cv2.warpAffine(page, turned, page.shape[::-1], borderValue=(245,)), np.uint8)
    piece = with_whole_words(between(left + short, right - short, angle), page)
    assert piece.left == pytest.approx(left, abs=2)
    assert piece.right == pytest.approx(right, abs=2)
    assert piece.y == pytest.approx(100, abs=1)


def test_lines_are_arranged_with_whole_words() -> None:
    page = printed()
    left, right = ink(page)
    (place,) = arrange([between(left + 12, right - 12)], page)
    assert place.piece.left == pytest.approx(left, abs=2)
    assert place.piece.right == pytest.approx(right, abs=2)


def test_what_is_whole_stays() -> None:
    page = printed()
    left, right = ink(page)
    piece = between(left - 1, right + 1)
    assert with_whole_words(piece, page) is piece


def rule(page: Pixels, right: int) -> None:
    page[:, right + 6 : right + 8] = 20


def leader(page: Pixels, right: int) -> None:
    for dot in range(right + 4, right + 60, 6):
        page[107:109, dot : dot + 2] = 20


def distant_word(page: Pixels, right: int) -> None:
    cv2.putText(page, "Ha", (right + 12, 110), cv2.FONT_HERSHEY_SIMPLEX, 0.85, (20,), 2)


@pytest.mark.parametrize("draw", [rule, leader, distant_word])
def test_what_follows_is_no_end_of_the_word(draw: Callable[[Pixels, int], None]) -> None:
    page = printed()
    left, right = ink(page)
    draw(page, right)
    piece = with_whole_words(between(left, right - 12), page)
    assert piece.right == pytest.approx(right, abs=2)


def test_print_is_followed_two_heights_at_most() -> None:
    page = printed("Quoc tich: Viet Nam")
    page[95:110, 90:650] = 60  # a bar: ink without end
    piece = with_whole_words(between(200, 300), page)
    assert piece.left >= 120
    assert piece.right <= 380


def test_a_led_word_keeps_its_last_letter() -> None:
    page = printed()
    left, right = ink(page)
    for dot in range(right + 12, right + 120, 9):
        page[107:110, dot : dot + 3] = 20
    (word,) = without_leaders(with_whole_words(between(left, right - 12), page), page)
    columns = (cut(page, word).pixels < 128).any(axis=0)
    assert columns.sum() == (page[80:120, left:right] < 128).any(axis=0).sum()
