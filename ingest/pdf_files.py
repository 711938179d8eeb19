"""PDF files: counting pages and turning each into one picture. Runs in a cell."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pdf2image
import pikepdf
from pdf2image.exceptions import PDFPageCountError, PDFSyntaxError
from PIL import Image

from domain.errors import ErrorCode, HosoError
from domain.page import Pixels
from ingest.pdf_scans import PageScan, decode_scan, find_scan
from ingest.raster import Decoding, bgr, check_size, resolution, to_pixels

_KEYWORDS = 300
_MEGABYTE, _LEAST_FREE = 1024 * 1024, 16
RENDER_DPI = 300
"""Pages that are not scans are drawn at this resolution: the least at which 10 pt is read well."""


@dataclass(frozen=True, kw_only=True)
class RenderLimits:
    """What one page may cost."""

    max_pages: int
    max_pixels: int
    scratch: Path
    """An empty folder that the caller removes, whatever happens here."""


def _open(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise HosoError(ErrorCode.FILE_PASSWORD_PROTECTED) from error


def _checked_pages(pdf: pikepdf.Pdf, limits: RenderLimits) -> list[pikepdf.Page]:
    count = len(pdf.pages)
    if count == 0:
        raise HosoError(ErrorCode.FILE_BROKEN, problem="no pages")
    if count > limits.max_pages:
        raise HosoError(ErrorCode.FILE_TOO_MANY_PAGES, pages=count, max_pages=limits.max_pages)
    return list(pdf.pages)


def count_pages(data: bytes, limits: RenderLimits) -> int:
    """Number of pages; refuses what is locked, empty, too long, or where no page has a size."""
    with _open(data) as pdf:
        pages = _checked_pages(pdf, limits)
        if not any(_has_size(page) for page in pages):
            raise HosoError(ErrorCode.FILE_BROKEN, problem="page without a sensible size")
        return len(pages)


def keywords(data: bytes) -> str:
    """The keywords in a PDF's own description, at most some hundred letters; mostly none."""
    with _open(data) as pdf:
        try:
            return str(pdf.docinfo.get("/Keywords", ""))[:_KEYWORDS]
        except (pikepdf.PdfError, ValueError, TypeError):
            return ""  # a description that nobody can read is none


def _has_size(page: pikepdf.Page) -> bool:
    try:
        _size_in_points(page)
    except HosoError:
        return False
    return True


def decode_pages(data: bytes, path: Path, limits: RenderLimits) -> Iterator[Decoding]:
    """Each page, decoded where it is asked for; ``path`` names the same bytes for poppler."""
    with _open(data) as pdf:
        for number, page in enumerate(_checked_pages(pdf, limits), start=1):
            yield partial(_decoded, path, number, page, limits)


def _decoded(
    path: Path, number: int, page: pikepdf.Page, limits: RenderLimits
) -> tuple[Pixels, int]:
    scan = find_scan(page)
    if scan is None:
        return _rendered(path, number, page, limits), RENDER_DPI
    return _scan_pixels(path, number, page, scan, limits)


def _size_in_points(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height of the visible page, in points."""
    left, bottom, right, top = (float(one) for one in page.cropbox)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    if not (1 <= width <= 1e5 and 1 <= height <= 1e5):
        raise HosoError(ErrorCode.FILE_BROKEN, problem="page without a sensible size")
    return width, height


def _rotation(page: pikepdf.Page) -> int:
    """Clockwise turn asked for by ``/Rotate``, inherited values included."""
    value = page.obj.get("/Rotate")
    node: pikepdf.Object = page.obj
    for _ in range(32):  # page trees are shallow; a loop is an attack
        if value is not None or "/Parent" not in node:
            break
        node = node.Parent
        value = node.get("/Rotate")
    return int(value or 0) % 360


def _scan_pixels(
    path: Path, number: int, page: pikepdf.Page, scan: PageScan, limits: RenderLimits
) -> tuple[Pixels, int]:
    rotation = _rotation(page)
    width, height = scan.size
    inches = _size_in_points(page)[0] / 72
    dpi = resolution(width, height, width / inches)
    pixels = decode_scan(scan, max_pixels=limits.max_pixels)
    if pixels is None and scan.is_plain:
        pixels = _pdfimages(path, number, limits, size=scan.size)
    if pixels is None:
        return _poppler(path, number, size=_turned(scan.size, rotation)), dpi
    return np.ascontiguousarray(np.rot90(pixels, -(rotation // 90))), dpi


def _pdfimages(
    path: Path, number: int, limits: RenderLimits, *, size: tuple[int, int]
) -> Pixels | None:
    """The page's only image by poppler's ``pdfimages``: every filter and colour space, dot for dot.

    ``None`` where it finds another number of images or other sizes than the page promises.
    """
    program = _program("pdfimages")
    span = ["-f", str(number), "-l", str(number)]
    done = subprocess.run(  # noqa: S603  # fixed program; the path is our own descriptor
        [program, "-png", *span, str(path), str(limits.scratch / "scan")],
        check=False,
        capture_output=True,
    )
    _refuse_full_disk(limits.scratch)
    if done.returncode != 0:
        raise HosoError(ErrorCode.FILE_BROKEN, page=number, problem="pdfimages failed")
    found = sorted(limits.scratch.glob("scan*"))
    try:
        if len(found) != 1:
            return None
        with Image.open(found[0], formats=("PNG",)) as picture:
            return to_pixels(picture) if picture.size == size else None
    finally:
        for file in found:
            file.unlink()


def _program(name: str) -> str:
    """Where one of poppler's programs is. Raises ``tool_missing``: without it no page can be judged."""
    program = shutil.which(name)
    if program is None:
        raise HosoError(ErrorCode.TOOL_MISSING, tool=name, package="poppler-utils")
    return program


def _refuse_full_disk(folder: Path) -> None:
    """Raises ``disk_space_short``: a picture that was cut for want of room looks like a broken page."""
    free = shutil.disk_usage(folder).free // _MEGABYTE
    if free < _LEAST_FREE:
        raise HosoError(
            ErrorCode.DISK_SPACE_SHORT,
            folder=str(folder),
            needed=f"{_LEAST_FREE} MiB",
            free=f"{free} MiB",
        )


def _turned(size: tuple[int, int], rotation: int) -> tuple[int, int]:
    return size if rotation % 180 == 0 else (size[1], size[0])


def _rendered(path: Path, number: int, page: pikepdf.Page, limits: RenderLimits) -> Pixels:
    width, height = _size_in_points(page)
    scale = RENDER_DPI / 72
    size = (round(width * scale), round(height * scale))
    check_size(*size, max_pixels=limits.max_pixels)
    return _poppler(path, number, size=_turned(size, _rotation(page)))


def _poppler(path: Path, number: int, *, size: tuple[int, int]) -> Pixels:
    """One page by pdftoppm. Strict: what poppler can only guess at is refused, never certified."""
    _program("pdftoppm")
    try:
        pictures = pdf2image.convert_from_path(
            path,
            first_page=number,
            last_page=number,
            size=size,
            use_cropbox=True,
            strict=True,
        )
    except (PDFSyntaxError, PDFPageCountError) as error:
        raise HosoError(ErrorCode.FILE_BROKEN, page=number, problem="poppler refuses it") from error
    if len(pictures) != 1:
        raise HosoError(ErrorCode.FILE_BROKEN, page=number, problem="page cannot be drawn")
    rgb = np.asarray(pictures[0].convert("RGB"))
    if (rgb[:, :, 0] == rgb[:, :, 1]).all() and (rgb[:, :, 1] == rgb[:, :, 2]).all():
        return np.ascontiguousarray(rgb[:, :, 0])
    return bgr(rgb)
