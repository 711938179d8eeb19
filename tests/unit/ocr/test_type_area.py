"""Where the print of a page stands: too much may be looked at, never too little."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from domain.page import Pixels
from ocr.type_area import TypeArea, find_type_area
from signing.font import serif_font

_SIZE = 34


def _page(*, pale: int | None = None, fold: bool = False) -> Pixels:
    """Three black lines in the middle; below them one of another shade, maybe a fold."""
    picture = Image.new("L", (1200, 1600), 250)
    pen, face = ImageDraw.Draw(picture), ImageFont.truetype(str(serif_font()), _SIZE)
    rows = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Họ, chữ đệm, tên: Lê An", "Dân tộc: Kinh")
    for number, row in enumerate(rows):
        pen.text((300, 600 + 70 * number), row, font=face, fill=20)
    if pale is not None:
        pen.text((300, 1300), "Số: 17/2019", font=face, fill=pale)
    if fold:
        pen.rectangle((0, 1400, 1200, 1425), fill=225)
    return np.asarray(picture, np.uint8)


def _found(page: Pixels) -> TypeArea:
    area = find_type_area(page)
    assert area is not None
    return area


@pytest.mark.parametrize("shade", [20, 120, 160, 200, 220])
def test_print_of_any_shade_is_inside(shade: int) -> None:
    area = _found(_page(pale=shade))
    assert area.bottom > 1300 + _SIZE
    assert area.letter_height == pytest.approx(_found(_page()).letter_height, rel=0.15)


def test_paper_and_folds_are_outside() -> None:
    for page in (_page(), _page(fold=True)):
        area = _found(page)
        assert 200 < area.left < 300
        assert 500 < area.top < 600
        assert area.bottom < 900


def test_a_page_with_hardly_any_print_has_no_area() -> None:
    assert find_type_area(np.full((1600, 1200), 250, np.uint8)) is None


@pytest.mark.parametrize("shape", [(1, 60_000), (60_000, 1), (1, 1)])
def test_a_strip_without_room_for_print_has_none(shape: tuple[int, int]) -> None:
    assert find_type_area(np.full(shape, 20, np.uint8)) is None
