"""The invisible text over a scan, so that a copy can be searched, copied and read aloud."""

import math
import unicodedata
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from fpdf import FPDF
from fpdf.enums import TextMode

from signing.ecopy import TextLine

FONT = "serif"
"""Name under which the composition registers the embedded font."""
_BASELINE = 0.78
"""Height of the baseline in a line box, counted from the top (measured on Tinos capitals)."""
_LEVEL = 0.2
"""Degrees below which a line counts as level."""
_SMALLEST = 2.0
"""Points; readers drop smaller text."""


def drawable(text: str, letters: AbstractSet[int]) -> str:
    """``text`` in NFC without signs the font lacks: PDF/A allows no reference to a missing glyph."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(sign for sign in composed if ord(sign) in letters and sign.isprintable())


def draw_text_layer(
    pdf: FPDF, lines: Iterable[TextLine], *, letters: AbstractSet[int], scale: float, top: float
) -> None:
    """Write ``lines`` invisibly on the current page.

    ``scale`` is points per pixel, ``top`` the distance of the scan from the page's upper edge in
    points. Each line is stretched to its box and turned with it, so a selection follows the print.
    """
    with pdf.local_context(text_mode=TextMode.INVISIBLE):
        for line in lines:
            text = drawable(line.text, letters).strip()
            if text:
                _draw_line(pdf, line, text, scale=scale, top=top)
    pdf.set_stretching(100)


def _draw_line(pdf: FPDF, line: TextLine, text: str, *, scale: float, top: float) -> None:
    upper_left, upper_right, _, lower_left = line.box.corners
    length = math.dist(upper_left, upper_right) * scale
    height = math.dist(upper_left, lower_left) * scale
    # the baseline starts on the left edge of the box, most of the way down
    x = (upper_left[0] + (lower_left[0] - upper_left[0]) * _BASELINE) * scale
    y = (upper_left[1] + (lower_left[1] - upper_left[1]) * _BASELINE) * scale + top
    turn = math.degrees(math.atan2(upper_left[1] - upper_right[1], upper_right[0] - upper_left[0]))
    pdf.set_font(FONT, "", max(_SMALLEST, height))
    pdf.set_stretching(100)
    natural = pdf.get_string_width(text)
    if natural <= 0:
        return
    pdf.set_stretching(100 * length / natural)
    if abs(turn) < _LEVEL:
        pdf.text(x, y, text)
        return
    with pdf.rotation(turn, x, y):
        pdf.text(x, y, text)
