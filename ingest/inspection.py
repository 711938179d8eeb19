"""What a file is, before it is let in."""

import hashlib
from dataclasses import dataclass

from domain.errors import ErrorCode, HosoError
from ingest.isolation import Allowance, run
from ingest.media import Kind, sniff

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a file may cost. The defaults let in a 500-page scan, or A2 in colour at 300 dpi."""

    max_bytes: int = 200 * MEGABYTE
    max_pages: int = 500
    max_pixels: int = 72_000_000
    seconds: float = 12.0
    """Of the processor, for one answer of a parser: ten times what a page needs on a slow machine."""
    seconds_per_page: float = 5.0
    """As many on the average of all pages."""
    patience: float = 120.0
    """Wall-clock seconds for one answer; a machine that is too busy for that is not the file's fault."""
    memory: int = 1100 * MEGABYTE
    """Address space of the parser's process, bytes."""

    @property
    def allowance(self) -> Allowance:
        """The same for the cell."""
        return Allowance(
            seconds=self.seconds,
            seconds_per_page=self.seconds_per_page,
            patience=self.patience,
            memory=self.memory,
        )

    @property
    def options(self) -> dict[str, int]:
        """The limits that parsers themselves check."""
        return {"max_pages": self.max_pages, "max_pixels": self.max_pixels}


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What a file was found to be. ``size`` in bytes, ``sha256`` in lower-case hex."""

    name: str
    kind: Kind
    sha256: str
    pages: int
    size: int
    keywords: str = ""
    """Of a PDF, as it describes itself: our copies name their code there, saved again or not."""

    @property
    def media_type(self) -> str:
        """IANA media type."""
        return str(self.kind)


def recognise(data: bytes, *, limits: Limits) -> Kind:
    """The kind of file by its content. Raises ``file_empty``, ``_too_large``, ``_type_unsupported``."""
    if not data:
        raise HosoError(ErrorCode.FILE_EMPTY)
    if len(data) > limits.max_bytes:
        raise HosoError(ErrorCode.FILE_TOO_LARGE, size=len(data), max_bytes=limits.max_bytes)
    kind = sniff(data)
    if kind is None:
        raise HosoError(ErrorCode.FILE_TYPE_UNSUPPORTED)
    return kind


def inspect(data: bytes, *, name: str, limits: Limits) -> Inspection:
    """Find out what ``data`` is, in a process of its own; ``name`` is for people only.

    Raises ``file_empty``, ``file_too_large``, ``file_type_unsupported``, ``file_broken``,
    ``file_password_protected``, ``file_too_many_pages``, ``file_too_slow``, ``image_too_large``, and where
    the machine is at fault ``machine_busy``, ``disk_space_short``, ``tool_missing``.
    """
    kind = recognise(data, limits=limits)
    answers = run("inspect", data, kind, options=limits.options, allowance=limits.allowance)
    headers = [header for header, _ in answers]
    return Inspection(
        name=name,
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        pages=sum(header["pages"] for header in headers),
        size=len(data),
        keywords="".join(header.get("keywords", "") for header in headers),
    )
