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


def test_beside_the_page_a_line_is_white_on_its_paper() -> None:
    line = Piece(x=10, y=50, width=100, height=20, angle=0.0)
    crop = cut(page_with_print(245, 20), line)
    assert crop.pixels[:, 0].tolist() == [255] * len(crop.pixels)
    assert crop.box(0, 1)[0, 0] < 0
