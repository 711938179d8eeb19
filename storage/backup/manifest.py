"""The last part of a backup: what it holds, and the digests that prove it whole."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket

FORMAT = "hoso-backup"
VERSION = 1
"""Of the file's layout; a reader refuses a higher one."""


@dataclass(frozen=True, kw_only=True)
class DatabaseDump:
    """The database: ``tables`` counts the rows of each, ``sha256`` is of the dump's chunks in a row."""

    schema: str
    """Newest migration applied."""
    server: int
    """Major version of the PostgreSQL it came from."""
    tables: Mapping[str, int]
    sha256: str
    size: int
    """Bytes of the dump."""
    live_size: int
    """Bytes the database took on its server, indexes included."""


@dataclass(frozen=True, kw_only=True)
class BucketCount:
    """How many objects of one bucket, and their bytes."""

    objects: int
    size: int


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """An object that was not well in the installation itself when the backup was made.

    ``code`` is ``object_missing`` (a row names it, the store has not got it) or ``object_corrupt``
    (kept here as found).
    """

    code: str
    bucket: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything about a backup but its bytes."""

    made_at: datetime
    release: str
    settings: Mapping[str, str]
    """Settings that a restored installation should have again; no secrets."""
    database: DatabaseDump
    objects: Mapping[Bucket, BucketCount]
    private: Mapping[str, str]
    """Secrets and keys: path below ``HOSO_HOME`` → SHA-256."""
    flaws: tuple[Flaw, ...]
    parts: int
    parts_sha256: str
    """See ``archive.PartsDigest``."""

    def to_json(self) -> bytes:
        """As it stands in the file."""
        facts = {"format": FORMAT, "version": VERSION, **asdict(self)}
        facts["made_at"] = self.made_at.isoformat()
        return json.dumps(facts, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Raises :class:`ValueError` for what is not a manifest, ``backup_too_new``."""
        facts: dict[str, Any] = json.loads(text)
        if not isinstance(facts, dict) or facts.pop("format", None) != FORMAT:
            msg = "not a manifest of a Hoso backup"
            raise ValueError(msg)
        if facts.pop("version", VERSION) > VERSION:
            raise HosoError(ErrorCode.BACKUP_TOO_NEW, release=facts.get("release"))
        try:
            return cls(
                **{
                    **facts,
                    "made_at": datetime.fromisoformat(facts["made_at"]),
                    "database": DatabaseDump(**facts["database"]),
                    "objects": {
                        Bucket(name): BucketCount(**count)
                        for name, count in facts["objects"].items()
                    },
                    "flaws": tuple(Flaw(**flaw) for flaw in facts["flaws"]),
                }
            )
        except (KeyError, TypeError, AttributeError) as error:
            msg = f"the manifest lacks something: {error}"
            raise ValueError(msg) from error
