"""A page image becomes ready for reading."""

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.page import CleanPage, PageImage, Pixels
from ingest.evening import PAPER, even_light, is_bitonal
from ingest.quality import assess_grey
from ingest.skew import find_skew

_LEAST_TURN = 0.08
"""Degrees; turning by less costs sharpness and gains nothing."""
_UPRIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def clean(page: PageImage) -> CleanPage:
    """Even the light, drop the red of stamps, straighten the lines, and judge the page.

    Pages without text are not turned. ``to_scan`` maps a point of the result back to ``page``.
    """
    grey = even_light(page.pixels)
    skew = find_skew(grey, page.dpi)
    quality = assess_grey(grey, dpi=page.dpi, skew=skew)
    pixels, to_scan = grey, _UPRIGHT.copy()
    if skew.found and abs(skew.degrees) >= _LEAST_TURN:
        pixels, to_scan = _straightened(grey, skew.degrees)
    return CleanPage(
        number=page.number,
        pixels=pixels,
        to_scan=to_scan,
        dpi=page.dpi,
        quality=quality,
        scan=None if page.pixels.ndim == 2 else page.pixels,
    )


def rotate(page: PageImage, degrees: int) -> PageImage:
    """The page turned counter-clockwise by a multiple of 90 degrees. Raises ``ValueError`` else."""
    turns, rest = divmod(degrees, 90)
    if rest:
        msg = f"only right angles: {degrees}"
        raise ValueError(msg)
    pixels = np.ascontiguousarray(np.rot90(page.pixels, turns % 4))
    return PageImage(number=page.number, pixels=pixels, dpi=page.dpi)


def _straightened(grey: Pixels, degrees: float) -> tuple[Pixels, NDArray[np.float64]]:
    """The page turned clockwise by ``degrees`` on a canvas that holds all of it."""
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    new_width = round(width * cosine + height * sine)
    new_height = round(width * sine + height * cosine)
    turn[0, 2] += (new_width - width) / 2
    turn[1, 2] += (new_height - height) / 2
    border = 255 if is_bitonal(grey) else PAPER
    turned = cv2.warpAffine(
        grey, turn, (new_width, new_height), flags=cv2.INTER_LINEAR, borderValue=(border,)
    )
    back = np.asarray(cv2.invertAffineTransform(turn), dtype=np.float64)
    return np.asarray(turned, dtype=np.uint8), back
