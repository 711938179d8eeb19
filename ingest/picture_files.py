"""JPEG, PNG, WebP and TIFF files: counting and decoding their pages. Runs in a cell."""

import io
from collections.abc import Iterator
from functools import partial

from PIL import Image

from domain.errors import ErrorCode, HosoError
from domain.page import Pixels
from ingest.media import Kind
from ingest.raster import Decoding, check_size, resolution, stated_dpi, to_pixels

_FORMATS = {
    # a phone's JPEG may hold further pictures (MPO); the first one is the page
    Kind.JPEG: ("JPEG", "MPO"),
    Kind.PNG: ("PNG",),
    Kind.WEBP: ("WEBP",),
    Kind.TIFF: ("TIFF",),
}
Image.MAX_IMAGE_PIXELS = None  # our own limits are stricter and refuse by code


def _open(data: bytes, kind: Kind) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=_FORMATS[kind])


def _frames(picture: Image.Image, kind: Kind, max_pages: int) -> int:
    frames = getattr(picture, "n_frames", 1) if kind is not Kind.JPEG else 1
    if frames > 1 and kind is not Kind.TIFF:
        raise HosoError(ErrorCode.FILE_TYPE_UNSUPPORTED, problem="animated picture")
    if frames > max_pages:
        raise HosoError(ErrorCode.FILE_TOO_MANY_PAGES, pages=frames, max_pages=max_pages)
    return int(frames)


def count_pages(data: bytes, kind: Kind, *, max_pages: int, max_pixels: int) -> int:
    """Number of pages; decodes an only one, so that a torn upload is refused at the door."""
    with _open(data, kind) as picture:
        frames = _frames(picture, kind, max_pages)
        if frames == 1:
            check_size(*picture.size, max_pixels=max_pixels)
            picture.load()
        return frames


def decode_pages(data: bytes, kind: Kind, *, max_pages: int, max_pixels: int) -> Iterator[Decoding]:
    """Each page, decoded when asked for. Pillow's and libtiff's own errors escape: the cell names them."""
    with _open(data, kind) as picture:
        for frame in range(_frames(picture, kind, max_pages)):
            yield partial(_decoded, picture, frame, max_pixels=max_pixels)


def _decoded(picture: Image.Image, frame: int, *, max_pixels: int) -> tuple[Pixels, int]:
    if frame:
        picture.seek(frame)
    check_size(*picture.size, max_pixels=max_pixels)
    dpi = stated_dpi(picture)
    pixels = to_pixels(picture)
    height, width = pixels.shape[:2]
    return pixels, resolution(width, height, dpi)
