"""Kinds of files that can be brought in, told by their content and never by their name."""

from enum import StrEnum


class Kind(StrEnum):
    """Accepted media types."""

    PDF = "application/pdf"
    TIFF = "image/tiff"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


HEAD_BYTES = 1024
"""So much of a file tells its kind."""
_TIFF_HEADS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def sniff(data: bytes) -> Kind | None:
    """The kind by magic bytes, ``None`` where it is none of ours; a parser must still agree."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data.startswith(_TIFF_HEADS):
        return Kind.TIFF
    # readers accept junk before the header; 1024 bytes is Acrobat's limit (ISO 32000-1 annex H.3)
    if b"%PDF-" in data[:HEAD_BYTES]:
        return Kind.PDF
    return None
