"""Evens the light of a page: shadows, yellow paper and red stamps go, ink stays.

The red channel alone drops red seals; division by the background drops everything slow. Measured on
degraded civil pages the two took recognition errors from 3.2 to 1.1 % (``docs/adr``).
"""

import cv2
import numpy as np

from domain.page import Pixels

PAPER = 245
"""Grey of clean paper after division: a little below white keeps faint strokes from clipping."""
_SHRINK = 4
_DARK = 100
"""A page whose middle grey is below this is mostly dark."""
_BROAD, _BROAD_SHARE = 9, 0.2
"""No stroke is so many shrunken dots wide; a label or a rim of a negative may be."""
_LONE, _LONE_SHARE = 80, 0.002
"""Difference in grey between a dot and all its neighbours, and the share of such dots that no clean scan has:
those measured have a ten-thousandth at most, dithered and noisy ones more than a hundredth."""
_NEIGHBOURS = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)
_DITHER_BLUR = 1.0
"""Standard deviation in dots: what the dots of a dithered page melt into grey by, and its strokes do not."""


def is_bitonal(grey: Pixels) -> bool:
    """Whether a grey page knows only black and white (looked up in one dot of 49)."""
    return grey.ndim == 2 and bool(np.isin(grey[::7, ::7], (0, 255)).all())


def is_negative(grey: Pixels) -> bool:
    """Whether a page is the negative of one, as microfilm and photostats of archives are.

    Most of it is dark, and what is bright is thin as strokes are: paper on a dark table is not.
    """
    small = _shrunken(grey)
    if float(np.median(small)) >= _DARK:
        return False
    _, bright = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    broad = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((_BROAD, _BROAD), np.uint8))
    return int(broad.sum()) < _BROAD_SHARE * int(bright.sum())


def has_lone_dots(grey: Pixels) -> bool:
    """Whether a page is strewn with single dots (its middle ninth is looked at).

    Fax machines and old scanners show grey by them; a broken sensor or line leaves them as noise.
    """
    height, width = grey.shape
    middle = grey[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3].astype(np.int16)
    if middle.size == 0:
        return False
    below = cv2.erode(middle, _NEIGHBOURS) - middle
    above = middle - cv2.dilate(middle, _NEIGHBOURS)
    return float(np.mean((below > _LONE) | (above > _LONE))) > _LONE_SHARE


def _shrunken(grey: Pixels) -> Pixels:
    height, width = grey.shape
    size = (max(1, width // _SHRINK), max(1, height // _SHRINK))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def even_light(pixels: Pixels) -> Pixels:
    """Grey page, evenly lit, without red and lone dots, black on white; bitonal pages are even already."""
    red = pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[:, :, 2])
    if is_negative(red):
        red = np.asarray(cv2.bitwise_not(red), np.uint8)
    bitonal = is_bitonal(red)
    if has_lone_dots(red):
        red = _without_lone_dots(red, bitonal=bitonal)
    elif bitonal:
        return red
    height, width = red.shape
    small = _shrunken(red)
    # letters are thinner than the dilation, shadows and folds wider than the median
    reach = min(101, max(15, small.shape[0] // 50)) | 1
    background = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), reach)
    whole = cv2.resize(background, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(red, whole, scale=PAPER), dtype=np.uint8)


def _without_lone_dots(grey: Pixels, *, bitonal: bool) -> Pixels:
    """In black and white dots are shades of grey, which are mixed; in grey they are noise, which goes."""
    if bitonal:
        return np.asarray(cv2.GaussianBlur(grey, (0, 0), _DITHER_BLUR), np.uint8)
    return np.asarray(cv2.medianBlur(grey, 3), np.uint8)
