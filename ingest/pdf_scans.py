"""Finds out whether a PDF page is nothing but one scan, and takes that scan out untouched.

A page is a scan when its content only places images (one, or strips one below the other) upright over
the whole page; text must be invisible (an OCR layer). Everything else is left to a renderer.
"""

import io
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pikepdf
from PIL import Image

from domain.page import Pixels
from ingest.raster import check_size, to_pixels

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_MAX_CONTENT = 1_000_000
"""Bytes; a page that says more than this does more than place scans."""
_HARMLESS = frozenset(
    "w J j M d ri i g G rg RG k K cs CS sc SC scn SCN W W* n re BDC BMC EMC MP DP BX EX "
    "BT ET Tf Td TD Tm T* Tc Tw Tz TL Ts".split()
)
_SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_STATE = frozenset(("q", "Q", "cm", "Tr"))
_INVISIBLE = 3


@dataclass(frozen=True, kw_only=True)
class PlacedImage:
    """An image with its place on the page, in points."""

    image: pikepdf.Object
    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class PageScan:
    """The images that make up one page, top first."""

    strips: tuple[PlacedImage, ...]

    @property
    def is_plain(self) -> bool:
        """One image whose samples are all there is: no mask decides what of it is seen."""
        image = self.strips[0].image
        return len(self.strips) == 1 and not _is_masked(image)

    @property
    def size(self) -> tuple[int, int]:
        """Pixels, width and height, of the strips put together."""
        width = int(self.strips[0].image.Width)
        return width, sum(int(strip.image.Height) for strip in self.strips)


def find_scan(page: pikepdf.Page) -> PageScan | None:
    """The scan that is the page, or ``None`` where the page must be rendered."""
    if "/Annots" in page.obj and len(page.obj.Annots) > 0:
        return None
    if _content_length(page) > _MAX_CONTENT:
        return None
    placed = _placed_images(page)
    return None if not placed else _as_scan(page, placed)


def _content_length(page: pikepdf.Page) -> int:
    contents = page.obj.get("/Contents")
    if contents is None:
        return 0
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return sum(int(stream.get("/Length", 0)) for stream in streams)


def _placed_images(page: pikepdf.Page) -> list[PlacedImage] | None:
    """Images in the order they are painted; ``None`` as soon as anything else is painted."""
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    painter = _Painter(known=resources.get("/XObject", pikepdf.Dictionary()))
    for instruction in pikepdf.parse_content_stream(page):
        if not painter.follows(str(instruction.operator), list(instruction.operands)):
            return None
    return painter.placed


class _Painter:
    """Follows the graphics state of a content stream as far as a mere scan needs it."""

    def __init__(self, *, known: pikepdf.Object) -> None:
        self.placed: list[PlacedImage] = []
        self._known = known
        self._matrix = _IDENTITY
        self._text_mode = 0
        self._stack: list[tuple[Matrix, int]] = []

    def follows(self, operator: str, operands: list[object]) -> bool:
        """Take one operator; ``False`` where the page is more than a scan."""
        if operator == "q":
            self._stack.append((self._matrix, self._text_mode))
        elif operator == "Q":
            if self._stack:
                self._matrix, self._text_mode = self._stack.pop()
        elif operator == "cm":
            self._matrix = _times(_matrix(operands), self._matrix)
        elif operator == "Tr":
            self._text_mode = int(str(operands[0]))
        elif operator == "Do":
            return self._place(str(operands[0]))
        elif operator in _SHOWS_TEXT:
            return self._text_mode == _INVISIBLE
        return operator in _HARMLESS or operator in _STATE

    def _place(self, name: str) -> bool:
        image = self._known.get(name)
        place = None if image is None else _place(image, self._matrix)
        if place is None:
            return False
        self.placed.append(place)
        return True


def _matrix(operands: object) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in operands)  # type: ignore[attr-defined]
    return (a, b, c, d, e, f)


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _place(image: pikepdf.Object, matrix: Matrix) -> PlacedImage | None:
    """Where an image stands; ``None`` for forms, and for turned or mirrored images."""
    a, b, c, d, e, f = matrix
    upright = a > 1 and d > 1 and abs(b) < 1e-3 * a and abs(c) < 1e-3 * d
    if image.get("/Subtype") != pikepdf.Name.Image or not upright:
        return None
    return PlacedImage(image=image, left=e, bottom=f, width=a, height=d)


def _as_scan(page: pikepdf.Page, placed: list[PlacedImage]) -> PageScan | None:
    """The images as one scan if they tile the page from top to bottom."""
    left, bottom, right, top = (float(one) for one in page.cropbox)
    width, height = right - left, top - bottom
    strips = sorted(placed, key=lambda one: -one.bottom)
    first, last = strips[0], strips[-1]
    slack_x, slack_y = 0.025 * width, 0.025 * height
    if any(
        abs(strip.left - left) > slack_x
        or abs(strip.width - width) > slack_x
        or int(strip.image.Width) != int(first.image.Width)
        for strip in strips
    ):
        return None
    if abs(first.bottom + first.height - top) > slack_y or abs(last.bottom - bottom) > slack_y:
        return None
    for upper, lower in pairwise(strips):
        # half a pixel of gap or overlap is rounding; more is another layout (layers, pictures)
        point = lower.height / max(1, int(lower.image.Height))
        if abs(upper.bottom - lower.bottom - lower.height) > point:
            return None
    return PageScan(strips=tuple(strips))


def decode_scan(scan: PageScan, *, max_pixels: int) -> Pixels | None:
    """The scan's pixels as stored, or ``None`` where a renderer must interpret them.

    JPEG in grey or RGB, and 1- or 8-bit samples in grey or RGB without masks are taken as they are;
    CMYK, JPEG 2000, JBIG2, palettes, masks and unusual ``/Decode`` are left to poppler.
    """
    check_size(*scan.size, max_pixels=max_pixels)
    parts = [_decode(strip.image) for strip in scan.strips]
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts) or len({part.shape[1:] for part in whole}) > 1:
        return None
    return whole[0] if len(whole) == 1 else np.ascontiguousarray(np.vstack(whole))


def _decode(image: pikepdf.Object) -> Pixels | None:
    if not isinstance(image, pikepdf.Stream):
        return None
    channels = _channels(image)
    if _is_masked(image) or channels is None or "/Decode" in image:
        return None
    filters = _filters(image)
    if filters == ["/DCTDecode"]:
        picture = Image.open(io.BytesIO(image.read_raw_bytes()), formats=("JPEG",))
        fits = picture.size == (int(image.Width), int(image.Height))
        if not fits or picture.mode != {1: "L", 3: "RGB"}[channels]:
            return None
        picture.getexif().clear()  # the page's own /Rotate counts, not the camera's
        picture.info.pop("exif", None)
        return to_pixels(picture)
    plain = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/CCITTFaxDecode"}
    bits = int(image.get("/BitsPerComponent", 1))
    if not set(filters) <= plain or bits not in {1, 8} or (bits == 1 and channels == 3):
        return None
    return to_pixels(pikepdf.PdfImage(image).as_pil_image())


def _is_masked(image: pikepdf.Object) -> bool:
    return any(key in image for key in ("/SMask", "/Mask")) or bool(image.get("/ImageMask"))


def _filters(image: pikepdf.Object) -> list[str]:
    value = image.get("/Filter")
    if value is None:
        return []
    if isinstance(value, pikepdf.Array):
        return [str(one) for one in value]
    return [str(value)]


def _channels(image: pikepdf.Object) -> int | None:
    """1 for grey, 3 for RGB, ``None`` for anything that needs interpretation."""
    space = image.get("/ColorSpace")
    simple = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}
    if isinstance(space, pikepdf.Name):
        return simple.get(str(space))
    if isinstance(space, pikepdf.Array) and len(space) > 0:
        if str(space[0]) == "/ICCBased":
            return {1: 1, 3: 3}.get(int(space[1].N))
        return simple.get(str(space[0]))
    return None
