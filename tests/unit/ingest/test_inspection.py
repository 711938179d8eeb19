"""What is let in, and what is refused by which code."""

import hashlib
import io
import struct
import zlib

import numpy as np
import pikepdf
import pytest
from PIL import Image

from domain.errors import ErrorCode, HosoError
from ingest.inspection import Limits, inspect
from ingest.media import Kind, sniff

LIMITS = Limits()


def picture(format_: str, *, mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode == "1" else None).save(out, format_)
    return out.getvalue()


def blank_pdf(pages: int = 1, **save: object) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 300))
    out = io.BytesIO()
    pdf.save(out, **save)
    return out.getvalue()


def refusal(data: bytes, limits: Limits = LIMITS) -> ErrorCode:
    with pytest.raises(HosoError) as caught:
        inspect(data, name="x", limits=limits)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("PNG"), Kind.PNG),
        (picture("JPEG"), Kind.JPEG),
        (picture("WEBP"), Kind.WEBP),
        (picture("TIFF"), Kind.TIFF),
        (blank_pdf(), Kind.PDF),
    ],
)
def test_type_comes_from_content_not_name(data: bytes, kind: Kind) -> None:
    found = inspect(data, name="holiday.exe", limits=LIMITS)
    assert found.media_type == kind
    assert (found.pages, found.size) == (1, len(data))
    assert found.sha256 == hashlib.sha256(data).hexdigest()


def test_counts_pages() -> None:
    assert inspect(blank_pdf(3), name="a", limits=LIMITS).pages == 3
    out = io.BytesIO()
    page = Image.new("1", (30, 30))
    page.save(out, "TIFF", save_all=True, append_images=[page, page], compression="group4")
    assert inspect(out.getvalue(), name="a", limits=LIMITS).pages == 3


def test_refuses_empty_and_unknown() -> None:
    assert refusal(b"") is ErrorCode.FILE_EMPTY
    assert refusal(b"MZ\x90\x00 not a scan") is ErrorCode.FILE_TYPE_UNSUPPORTED
    assert refusal(b"GIF89a" + bytes(50)) is ErrorCode.FILE_TYPE_UNSUPPORTED
    assert sniff(b"PK\x03\x04") is None


def test_refuses_too_much() -> None:
    assert refusal(picture("PNG"), Limits(max_bytes=50)) is ErrorCode.FILE_TOO_LARGE
    assert refusal(blank_pdf(4), Limits(max_pages=3)) is ErrorCode.FILE_TOO_MANY_PAGES
    assert refusal(picture("PNG"), Limits(max_pixels=2000)) is ErrorCode.IMAGE_TOO_LARGE


def test_refuses_locked_pdf() -> None:
    locked = blank_pdf(encryption=pikepdf.Encryption(owner="a", user="b"))
    assert refusal(locked) is ErrorCode.FILE_PASSWORD_PROTECTED
    open_to_read = blank_pdf(encryption=pikepdf.Encryption(owner="a", user=""))
    assert inspect(open_to_read, name="a", limits=LIMITS).pages == 1


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_refuses_torn_uploads(format_: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (80, 80, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, format_)
    assert refusal(out.getvalue()[: len(out.getvalue()) // 2]) is ErrorCode.FILE_BROKEN


def test_refuses_a_decompression_bomb_without_decoding_it() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))
        )

    head = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9999)))
    assert refusal(bomb) is ErrorCode.IMAGE_TOO_LARGE


def test_refuses_animation() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), shade) for shade in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    assert refusal(out.getvalue()) is ErrorCode.FILE_TYPE_UNSUPPORTED
