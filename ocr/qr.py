"""QR codes on a page: whatever they say, and those of identity cards, which are parsed by their shape.

A card's says ``CCCD|CMND|name|ddMMyyyy|sex|residence|ddMMyyyy``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from domain.addresses import tidy_address
from domain.dates import parse_date
from domain.geometry import Box
from domain.names import normalise_name
from domain.page import CleanPage, Pixels
from domain.text import fold, nfc
from ocr.text_line import to_scan_box

_SCALES = (1.0, 2.0, 0.5)
"""Small codes want enlarging, noisy large ones shrinking (measured: more codes than one size alone)."""
_LARGEST = 12_000_000
_MODULES = 21
"""Dots along the smallest code there is (ISO/IEC 18004): what is narrower holds none."""
_FINE = 3000
"""Pixels of a page's longer side from which half of them show its codes as well, in a third of the time."""
_COARSE = 1600
"""Up to so many, a code in the corner where copies bear theirs wants enlarging."""
_CORNER = (0.25, 0.4)
"""Share of height and width of that corner, upper left."""
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_PERSONAL_ID = re.compile(r"\d{12}")
_COMPACT_DATE = re.compile(r"\d{8}")


@dataclass(frozen=True, kw_only=True)
class CardCode:
    """What a card's QR code says, normalised as record values are; absent fields are ``None``."""

    personal_id: str
    full_name: str | None
    birth_date: str | None
    sex: str | None
    residence: str | None
    issue_date: str | None
    page: int
    box: Box


def texts_of_codes(page: CleanPage) -> tuple[str, ...]:
    """What the QR codes say that one look at the page shows: some milliseconds, with codes or without."""
    pixels = page.pixels
    height, width = pixels.shape[:2]
    if min(height, width) < _MODULES:
        return ()
    longer = max(height, width)
    looks = [(pixels, 0.5 if longer >= _FINE else 1.0)]
    if longer <= _COARSE:
        high, wide = _CORNER
        looks.append((pixels[: round(height * high), : round(width * wide)], 2.0))
    found = (text for picture, scale in looks for text in _texts(picture, scale))
    return tuple(dict.fromkeys(found))


def _texts(pixels: Pixels, scale: float) -> Iterator[str]:
    # a code is found however it is turned: what is left out looks for bars, negatives and in other sizes
    picture = _scaled(pixels, scale)
    for found in zxingcpp.read_barcodes(
        picture, formats=_QR, try_rotate=False, try_invert=False, try_downscale=False
    ):
        yield found.text


def find_card_code(page: CleanPage) -> CardCode | None:
    """The first readable code on the page that has the shape of a card's, else ``None``."""
    for scale in _SCALES:
        if scale > 1 and page.pixels.size * scale * scale > _LARGEST:
            continue
        if min(page.pixels.shape[:2]) * scale < _MODULES:
            continue
        for text, corners in _codes(page.pixels, scale):
            code = parse_card_code(text, page=page.number, box=to_scan_box(corners, page.to_scan))
            if code is not None:
                return code
    return None


def _codes(pixels: Pixels, scale: float) -> Iterator[tuple[str, np.ndarray]]:
    for found in zxingcpp.read_barcodes(_scaled(pixels, scale), formats=_QR):
        place = found.position
        corners = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
        yield found.text, _clockwise(np.array([[p.x / scale, p.y / scale] for p in corners]))


def _scaled(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1.0:
        return np.ascontiguousarray(pixels)
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=way), np.uint8)


def _clockwise(corners: np.ndarray) -> np.ndarray:
    """An upright rectangle around the code: its own corners may start anywhere."""
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def parse_card_code(text: str, *, page: int, box: Box) -> CardCode | None:
    """The code's content; fields are told apart by shape, for the old number may be left out."""
    fields = [nfc(field).strip() for field in text.split("|")]
    if len(fields) < 5 or not _PERSONAL_ID.fullmatch(fields[0]):
        return None
    dates = [index for index, field in enumerate(fields) if _COMPACT_DATE.fullmatch(field)]
    names = [index for index in range(1, 3) if fields[index] and not fields[index][0].isdigit()]
    if not dates or not names:
        return None
    birth = next((index for index in dates if index > names[0]), None)
    if birth is None:
        return None
    after = fields[birth + 1 :]
    issued = next((field for field in after[2:] if _COMPACT_DATE.fullmatch(field)), None)
    return CardCode(
        personal_id=fields[0],
        full_name=normalise_name(fields[names[0]]) or None,
        birth_date=parse_date(fields[birth]),
        sex={"nam": "male", "nu": "female"}.get(fold(after[0])) if after else None,
        residence=(tidy_address(after[1]) or None) if len(after) > 1 else None,
        issue_date=parse_date(issued) if issued else None,
        page=page,
        box=box,
    )
