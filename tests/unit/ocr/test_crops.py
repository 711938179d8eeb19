"""Pictures of single lines: where they come from, and that print is dark on them."""

import numpy as np
import pytest

from ocr.crops import cut
from ocr.detection import Piece


def page_with_print(paper: int, ink: int) -> np.ndarray:
    page = np.full((100, 300), paper, np.uint8)
    page[40:60, 60:240:6] = ink
    return page


@pytest.mark.parametrize("angle", [0.0, 3.0])
def test_light_print_on_a_dark_band_is_turned_into_dark_on_light(angle: float) -> None:
    line = Piece(x=150, y=50, width=180, height=20, angle=angle)
    dark, light = (cut(page_with_print(*pair), line).pixels for pair in ((245, 20), (10, 235)))
    assert np.array_equal(light, dark)
    assert np.median(dark) == 245


@pytest.mark.parametrize(("paper", "ink"), [(245, 20), (10, 235)])
def test_beside_the_page_a_line_is_white(paper: int, ink: int) -> None:
    line = Piece(x=10, y=50, width=100, height=20, angle=0.0)
    crop = cut(page_with_print(paper, ink), line)
    assert crop.pixels[:, 0].tolist() == [255] * len(crop.pixels)
    assert np.median(crop.pixels[:, 50:]) == 245
    assert crop.box(0, 1)[0, 0] < 0


def test_dark_print_on_dark_grey_stays() -> None:
    crop = cut(page_with_print(110, 20), Piece(x=150, y=50, width=180, height=20, angle=0.0))
    assert np.median(crop.pixels) == 110


def test_colours_count_alike() -> None:
    yellow = np.zeros((100, 300, 3), np.uint8)
    yellow[:] = 60, 220, 240
    yellow[40:60, 60:240:6] = 20
    crop = cut(yellow, Piece(x=150, y=50, width=180, height=20, angle=0.0))
    assert crop.pixels[5, 0].tolist() == [60, 220, 240]
