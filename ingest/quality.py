"""Is a page worth reading? A verdict with its reasons.

Thresholds, and why:

* resolution: 10 pt letters need about 20 dots of height to keep their tone marks apart, that is
  150 dpi; below 100 dpi marks vanish and the page is refused. NĐ 30/2020 asks 200 dpi of new scans, and
  of a page in black and white so do we: no grey tells where a stroke thinner than a dot went.
* blur: width of an edge of ink against paper, in millimetres. A stroke of 13 pt type is 0.35 mm wide;
  edges as wide as that leave no stroke: 1. Edges of 0.08 mm, a dot at 300 dpi, are sharp: 0.
* blank: fewer than a dozen letter-sized marks, so neither specks nor a punched hole count as text.
* faded: ink less than a quarter darker than the paper it stands on.
* skew: readers are made for lines within 10°; more is corrected but often hides a torn or folded sheet.
"""

import cv2
import numpy as np

from domain.page import PageImage, Pixels, Quality, QualityReason
from ingest.evening import even_light, is_bitonal
from ingest.skew import Skew, find_skew, letters

RISKY_DPI, UNUSABLE_DPI = 150, 100
RISKY_BITONAL_DPI = 200
RISKY_BLUR, UNUSABLE_BLUR = 0.55, 0.85
RISKY_SKEW = 10.0
_SHARP_MM, _BLURRED_MM = 0.08, 0.42
_LEAST_CONTRAST = 64
_TILE = 192
_MOST_TILES = 12
_UNUSABLE = frozenset({QualityReason.BLANK})


def assess(page: PageImage) -> Quality:
    """Quality verdict of a page as scanned."""
    grey = even_light(page.pixels)
    return assess_grey(grey, dpi=page.dpi, skew=find_skew(grey, page.dpi))


def assess_grey(grey: Pixels, *, dpi: int, skew: Skew) -> Quality:
    """The same for a page already evened out (``ingest.evening``), its skew known."""
    mask = letters(grey, dpi)
    if int(mask.sum()) < 120:
        reasons: tuple[QualityReason, ...] = (QualityReason.BLANK,)
        return Quality(dpi=dpi, skew=0.0, blur=0.0, usable=False, reasons=reasons)
    tiles = _text_tiles(grey, mask.astype(np.uint8))
    contrast = _contrast(tiles)
    bitonal = is_bitonal(grey)
    blur = 0.0 if bitonal else _blur(tiles, dpi)
    found = (
        (QualityReason.LOW_RESOLUTION, dpi < (RISKY_BITONAL_DPI if bitonal else RISKY_DPI)),
        (QualityReason.BLURRED, blur > RISKY_BLUR),
        (QualityReason.SKEWED, abs(skew.degrees) > RISKY_SKEW),
        (QualityReason.FADED, contrast < _LEAST_CONTRAST),
    )
    return Quality(
        dpi=dpi,
        skew=skew.degrees,
        blur=blur,
        usable=dpi >= UNUSABLE_DPI and blur <= UNUSABLE_BLUR,
        reasons=tuple(reason for reason, holds in found if holds),
    )


def _text_tiles(grey: Pixels, mask: Pixels) -> list[Pixels]:
    """The squares of the page that hold most text."""
    scale = mask.shape[0] / grey.shape[0]
    rows, columns = max(1, grey.shape[0] // _TILE), max(1, grey.shape[1] // _TILE)
    size = (columns, rows)
    inside = mask[: max(1, int(rows * _TILE * scale)), : max(1, int(columns * _TILE * scale))]
    share = cv2.resize(inside * 255, size, interpolation=cv2.INTER_AREA)
    order = np.argsort(share.ravel())[::-1][:_MOST_TILES]
    corners = [divmod(int(one), columns) for one in order]
    return [
        grey[row * _TILE : (row + 1) * _TILE, column * _TILE : (column + 1) * _TILE]
        for row, column in corners
    ]


def _contrast(tiles: list[Pixels]) -> float:
    """How much darker the ink is than the paper, 0 … 255: the darkest 4 % against the median."""
    depths = [float(np.median(tile)) - float(np.percentile(tile, 4)) for tile in tiles]
    return float(np.median(depths))


def _blur(tiles: list[Pixels], dpi: int) -> float:
    """Width of the edges, as 0 sharp … 1 unreadable."""
    widths = []
    for tile in tiles:
        soft = cv2.GaussianBlur(tile, (3, 3), 0)  # one grain of noise is no edge
        gradient = np.abs(cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=1)) / 2
        depth = float(np.percentile(soft, 90)) - float(np.percentile(soft, 3))
        steep = float(np.percentile(gradient, 99))
        if depth > 20 and steep > 1:
            widths.append(depth / steep)
    if not widths:
        return 1.0
    # the 3 x 3 smoothing widens a perfect edge to two dots
    millimetres = max(0.0, float(np.median(widths)) - 2.0) * 25.4 / dpi
    return float(np.clip((millimetres - _SHARP_MM) / (_BLURRED_MM - _SHARP_MM), 0.0, 1.0))
