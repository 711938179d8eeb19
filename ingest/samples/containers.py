"""Page pictures into the files scanners write, with the same bytes every time."""

import io
from collections.abc import Sequence

import numpy as np
import pikepdf
from PIL import Image

from domain.page import Pixels


def jpeg(page: Pixels, *, dpi: int, quality: int) -> bytes:
    """JPEG with its resolution; RGB or grey."""
    picture = Image.fromarray(page)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, dpi=(dpi, dpi))
    return out.getvalue()


def png(page: Pixels, *, dpi: int) -> bytes:
    """PNG with its resolution, lightly compressed as scanners do; one bit for bitonal pages."""
    picture = Image.fromarray(page)
    if page.ndim == 2:
        picture = picture.convert("1", dither=Image.Dither.NONE)
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(dpi, dpi), compress_level=1)
    return out.getvalue()


def tiff(pages: Sequence[Pixels], *, dpi: int, quality: int) -> bytes:
    """TIFF of one or more pages: Group 4 for bitonal, JPEG else."""
    pictures = [
        Image.fromarray(page).convert("1", dither=Image.Dither.NONE)
        if page.ndim == 2
        else Image.fromarray(page)
        for page in pages
    ]
    bitonal = pictures[0].mode == "1"
    options = {"compression": "group4"} if bitonal else {"compression": "jpeg", "quality": quality}
    out = io.BytesIO()
    pictures[0].save(
        out, "TIFF", dpi=(dpi, dpi), save_all=True, append_images=pictures[1:], **options
    )
    return out.getvalue()


def pdf(pages: Sequence[Pixels], *, dpi: int, quality: int) -> bytes:
    """PDF with one full-page image per page, as copiers write it."""
    document = pikepdf.new()
    for page in pages:
        height, width = page.shape[:2]
        points = (width / dpi * 72, height / dpi * 72)
        image = _image_object(document, page, quality=quality, dpi=dpi)
        content = f"q {points[0]:.4f} 0 0 {points[1]:.4f} 0 0 cm /Im0 Do Q".encode()
        document.add_blank_page(page_size=points)
        added = document.pages[-1]
        added.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        added.obj.Contents = pikepdf.Stream(document, content)
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _image_object(document: pikepdf.Pdf, page: Pixels, *, quality: int, dpi: int) -> pikepdf.Object:
    height, width = page.shape[:2]
    common = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image,
              "/Width": width, "/Height": height}  # fmt: skip
    if page.ndim == 2:
        packed = np.packbits(page > 127, axis=1).tobytes()
        stream = pikepdf.Stream(document, packed)
        entries = {"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 1}
    else:
        stream = pikepdf.Stream(document, jpeg(page, dpi=dpi, quality=quality))
        entries = {
            "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8,
            "/Filter": pikepdf.Name.DCTDecode,
        }  # fmt: skip
    for key, value in (common | entries).items():
        stream[key] = value
    return document.make_indirect(stream)
