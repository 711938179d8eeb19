"""The file of a backup: a plain POSIX tar whose parts carry their own SHA-256, the manifest last.

Each part's hash and facts (media type, retention) stand in its extended header, so that a part can be
judged and put back when it passes by: one pass, no index in memory, millions of parts. The manifest
holds one digest over all headers in their order, which binds the parts together: none can be changed,
left out or swapped without notice. Hashes find damage, not forgery: whoever can write the file can
also write its hashes, so keep it where only the right people can.
"""

import errno
import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from domain.errors import ErrorCode, HosoError

MANIFEST = "manifest.json"
_PREFIX = "HOSO."
_SHA256 = "sha256"
_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: ``facts`` are short texts that its kind needs, for example a media type."""

    name: str
    size: int
    sha256: str
    facts: Mapping[str, str] = field(default_factory=dict)


class PartsDigest:
    """SHA-256 over the headers of all parts in their order, and how many there were."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.count = 0

    def add(self, part: Part) -> None:
        """Take in one part."""
        line = json.dumps([part.name, part.size, part.sha256, dict(sorted(part.facts.items()))])
        self._digest.update(f"{line}\n".encode())
        self.count += 1

    @property
    def sha256(self) -> str:
        """The digest so far."""
        return self._digest.hexdigest()


class ArchiveWriter:
    """Appends parts to an open file. :meth:`finish` writes the manifest and the end mark."""

    def __init__(self, file: IO[bytes], *, made_at: float) -> None:
        self._tar: Any = tarfile.TarFile(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self._made_at = made_at
        self.parts = PartsDigest()

    def add(self, part: Part, data: IO[bytes]) -> None:
        """Append ``data``, exactly ``part.size`` bytes from its current position."""
        self._write(part, data)
        self.parts.add(part)

    def finish(self, manifest: IO[bytes], part: Part) -> None:
        """Append the manifest and close the tar; the file itself stays open."""
        self._write(part, manifest)
        self._tar.close()

    def _write(self, part: Part, data: IO[bytes]) -> None:
        entry = tarfile.TarInfo(part.name)
        entry.size, entry.mode, entry.mtime = part.size, 0o600, int(self._made_at)
        headers = {_SHA256: part.sha256, **part.facts}
        entry.pax_headers = {f"{_PREFIX}{name}": value for name, value in headers.items()}
        self._tar.addfile(entry, data)
        self._tar.members.clear()  # the list would grow with every object


def read_parts(path: Path) -> Iterator[tuple[Part, BinaryIO]]:
    """Parts in their order, each with its bytes, readable until the next is asked for.

    Nothing is checked here but the form. Raises ``backup_damaged``.
    """
    with damage_told(path), path.open("rb") as file:
        tar: Any = tarfile.TarFile(fileobj=file, mode="r")
        while (entry := tar.next()) is not None:
            tar.members.clear()
            # a link would be followed, out of order; a file with holes may be as large as it likes
            plain = entry.type == tarfile.REGTYPE and entry.sparse is None
            data = tar.extractfile(entry) if plain else None
            if data is None:
                raise damaged(path, part=entry.name, problem="not a file")
            facts = {
                name.removeprefix(_PREFIX): value
                for name, value in entry.pax_headers.items()
                if name.startswith(_PREFIX)
            }
            sha256 = facts.pop(_SHA256, "")
            yield Part(name=entry.name, size=entry.size, sha256=sha256, facts=facts), data


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """What a broken tar makes the library raise, and what a bad disk does, becomes ``backup_damaged``."""
    try:
        yield
    except (tarfile.TarError, EOFError, ValueError, RecursionError) as error:
        raise damaged(path, problem=str(error)) from error
    except OSError as error:
        if error.errno != errno.EIO and error.filename != str(path):
            raise  # not about this file
        raise damaged(path, problem=error.strerror or str(error)) from error


def damaged(path: Path, **facts: object) -> HosoError:
    """The refusal of a file that is not a whole, unchanged backup."""
    return HosoError(ErrorCode.BACKUP_DAMAGED, file=str(path), **facts)


def read_manifest(data: IO[bytes], path: Path) -> bytes:
    """The manifest's bytes. Raises ``backup_damaged`` for one larger than any of ours."""
    text = data.read(_LARGEST_MANIFEST + 1)
    if len(text) > _LARGEST_MANIFEST:
        raise damaged(path, part=MANIFEST, problem="too large")
    return text


def sha256_of(data: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and number of the bytes from the current position to the end."""
    digest, size = hashlib.sha256(), 0
    while chunk := data.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
