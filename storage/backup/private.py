"""The small private files of an installation: secrets and signing keys, below ``HOSO_HOME``."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from storage.backup.archive import Part
from storage.embedded.home import Home, files_below, write_private

_FOLDER = "private/"
FOLDERS = ("secrets", "pki")
SERVER_SECRETS = frozenset(
    f"secrets/{name}"
    for name in (
        *("postgres-password", "postgres-superuser-password"),
        *("s3-access-key", "s3-secret-key"),
    )
)
"""Secrets between Hoso and its own servers: those of servers that stand already must not be replaced."""


def private_files(home: Home) -> Iterator[tuple[str, Path]]:
    """Name below the home and path of every private file; locks and drafts are left out."""
    for folder in FOLDERS:
        for path in sorted(files_below(home.path / folder)):
            draft = path.name.startswith(".") or path.suffix == ".new"
            if path.is_file() and not draft and path.name != "lock":
                yield path.relative_to(home.path).as_posix(), path


def part_name(name: str) -> str:
    """Name of the file in a backup."""
    return f"{_FOLDER}{name}"


def private_name(part: Part) -> str | None:
    """Name below the home of a part that is a private file; ``None`` for any other part.

    A name that leads out of the folders of private files is none of ours.
    """
    if not part.name.startswith(_FOLDER):
        return None
    path = PurePosixPath(part.name.removeprefix(_FOLDER))
    safe = path.parts and path.parts[0] in FOLDERS and ".." not in path.parts
    return path.as_posix() if safe and len(path.parts) > 1 else None


def place(home: Home, name: str, data: bytes) -> None:
    """Write the file, 0600, whole or not at all."""
    path = home.path / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, data)
