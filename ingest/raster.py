"""Pictures of every kind as 8-bit arrays, with their resolution."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from domain.errors import ErrorCode, HosoError
from domain.page import Pixels

A4_LONG_INCH = 297 / 25.4
CARD_LONG_INCH = 85.6 / 25.4
_CARD_RATIO = 85.6 / 53.98  # ID-1, ISO/IEC 7810
Decoding = Callable[[], tuple[Pixels, int]]
"""Decodes one page of a file: its pixels and their dots per inch. Raises whatever the parser raises."""
_GREY = {"1", "L", "I;16", "I;16L", "I;16B", "I"}


def to_pixels(picture: Image.Image) -> Pixels:
    """The picture as it should be looked at: turned by EXIF, over white, 8 bits, BGR or grey.

    Raises ``file_type_unsupported`` for pictures that are not photographs of paper (float, Lab).
    """
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"F", "LAB", "HSV"}:
        raise HosoError(ErrorCode.FILE_TYPE_UNSUPPORTED, mode=upright.mode)
    if upright.mode in _GREY and "transparency" not in upright.info:
        return _grey(upright)
    if upright.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in upright.info:
        with_alpha = upright.convert("RGBA")
        white = Image.new("RGBA", with_alpha.size, (255, 255, 255, 255))
        upright = Image.alpha_composite(white, with_alpha)
    return bgr(np.asarray(upright.convert("RGB")))


def bgr(rgb: NDArray[Any]) -> Pixels:
    """Channels in OpenCV's order, contiguous."""
    return np.ascontiguousarray(rgb[:, :, ::-1], dtype=np.uint8)


def _grey(picture: Image.Image) -> Pixels:
    if picture.mode in {"1", "L"}:
        return np.ascontiguousarray(picture.convert("L"), dtype=np.uint8)
    deep = np.asarray(picture).astype(np.int64)
    # 16 bits by the file's word; some scanners write 12 or 8 bits into them
    top = 65535 if deep.max(initial=0) > 4095 else (4095 if deep.max(initial=0) > 255 else 255)
    return np.clip(deep * 255 // top, 0, 255).astype(np.uint8)


def resolution(width: int, height: int, stated: float | None) -> int:
    """Dots per inch: as stated if it makes a sheet between a card and A2, else inferred.

    A picture of card proportions (ID-1, 1.586 ± 4 %) is taken for a card when small, all else for A4.
    """
    long, short = max(width, height), max(1, min(width, height))
    if stated and stated >= 100 and 2.0 <= long / stated <= 24.0:
        return round(stated)
    is_card = abs(long / short / _CARD_RATIO - 1) < 0.04 and long <= 2400
    return max(1, round(long / (CARD_LONG_INCH if is_card else A4_LONG_INCH)))


def stated_dpi(picture: Image.Image) -> float | None:
    """What the file says, ``None`` where it says nothing or nonsense."""
    value = picture.info.get("dpi")
    try:
        x, y = (float(one) for one in value)  # type: ignore[union-attr]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (x + y) / 2 if x > 0 and y > 0 and 0.8 < x / y < 1.25 else None


def check_size(width: int, height: int, *, max_pixels: int) -> None:
    """Refuse with ``image_too_large`` before anything is decoded, ``file_broken`` for no area."""
    if width <= 0 or height <= 0:
        raise HosoError(ErrorCode.FILE_BROKEN, problem="page without area")
    if width * height > max_pixels:
        raise HosoError(
            ErrorCode.IMAGE_TOO_LARGE, width=width, height=height, max_pixels=max_pixels
        )
