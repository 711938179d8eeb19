"""Print in red that cleaning has dropped is seen again; black print and stamps about it are left alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from domain.page import CleanPage, PageImage, Pixels
from ingest.cleaning import clean
from ocr.crops import Crop, cut
from ocr.detection import Piece
from ocr.red_print import in_red

RED, BLACK, BLUE, PALE = (190, 30, 40), (20, 20, 25), (25, 35, 140), (216, 230, 240)
LINE = Piece(x=300, y=120, width=400, height=60, angle=0)


def scanned(
    ink: tuple[int, int, int],
    *,
    ring: Sequence[float] = (),
    stroke: int = 4,
    grey: bool = False,
) -> CleanPage:
    picture = Image.new("RGB", (700, 300), PALE)
    draw = ImageDraw.Draw(picture)
    letters = ImageFont.load_default(size=52)
    draw.text((300, 120), "152739385", fill=ink, font=letters, anchor="mm")
    if ring:
        draw.ellipse(tuple(ring), outline=RED, width=stroke)
    pixels = np.asarray(picture)[:, :, ::-1] if not grey else np.asarray(picture.convert("L"))
    return clean(PageImage(number=1, pixels=np.ascontiguousarray(pixels), dpi=300))


def depth(pixels: Pixels) -> float:
    """How much darker than its paper the print of a line is."""
    return float(np.median(pixels)) - float(np.percentile(pixels, 3))


def line_of(page: CleanPage) -> Crop:
    return cut(page.pixels, LINE)


def test_a_red_number_that_cleaning_dropped_is_black_again() -> None:
    page = scanned(RED)
    crop = line_of(page)
    assert depth(crop.pixels) < 60
    seen = in_red(page, crop)
    assert seen is not None
    assert depth(seen.pixels) > 150
    assert seen.pixels.shape == crop.pixels.shape[:2]
    assert (seen.to_page == crop.to_page).all()


def test_it_stands_where_the_line_stands() -> None:
    page = scanned(RED)
    seen = in_red(page, line_of(page))
    black = scanned(BLACK)
    assert seen is not None
    darker = [pixels < 128 for pixels in (seen.pixels, line_of(black).pixels)]
    assert (darker[0] != darker[1]).mean() < 0.02


@pytest.mark.parametrize("ink", [BLACK, BLUE])
def test_other_inks_stay_as_they_are(ink: tuple[int, int, int]) -> None:
    page = scanned(ink)
    assert in_red(page, line_of(page)) is None


@pytest.mark.parametrize("stroke", [4, 14, 60])
def test_a_seal_across_black_print_stays_dropped(stroke: int) -> None:
    page = scanned(BLACK, ring=(220, 60, 420, 260), stroke=stroke)
    assert in_red(page, line_of(page)) is None


def test_empty_paper_and_scans_without_colours_have_no_red_print() -> None:
    grey = scanned(RED, grey=True)
    assert grey.scan is None
    assert in_red(grey, line_of(grey)) is None
    page = scanned(RED)
    assert in_red(page, cut(page.pixels, replace(LINE, y=250))) is None
