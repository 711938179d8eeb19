"""Objects out of the store with everything the store knows of them, and back, as streams."""

import itertools
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Any, BinaryIO

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.backup.archive import Part, sha256_of
from storage.damage import suppress_damage
from storage.object_store import LOCKED_BUCKETS, S3ObjectStore, is_content_hash, store_errors
from storage.s3 import S3Endpoint, connect

_FOLDER = "objects"
_NAME = re.compile(rf"{_FOLDER}/({'|'.join(Bucket)})/(.+)", re.DOTALL)
_ATTEMPTS = 4
"""Tries per object; the embedded store is back about ten seconds after a kill."""
_LISTING_SECONDS = 60.0
"""For one page of a bucket's listing: nobody waits at a counter for a backup."""
_LOCK_HEADER, _HOLD_HEADER = "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold"
BYTES = "bytes"
"""What differs where an object is damaged."""
_SOON = timedelta(minutes=1)
"""A lock that ends within this is over before it could be set again."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One key; ``versions`` are those that are no delete markers, the one to read first."""

    bucket: Bucket
    key: str
    size: int
    versions: tuple[str | None, ...]

    @property
    def part_name(self) -> str:
        """Its name in a backup."""
        return f"{_FOLDER}/{self.bucket}/{self.key}"


def place_of(part: Part) -> tuple[Bucket, str] | None:
    """Bucket and key of a part that is an object."""
    found = _NAME.fullmatch(part.name)
    return None if found is None else (Bucket(found[1]), found[2])


def require_place(part: Part) -> tuple[Bucket, str]:
    """Bucket and key of a part that is known to be an object."""
    place = place_of(part)
    if place is None:
        raise HosoError(ErrorCode.INTERNAL)
    return place


def is_corrupt(part: Part) -> bool:
    """Whether the bytes are not those that the key, a content hash, promises."""
    place = place_of(part)
    return place is not None and is_content_hash(place[1]) and part.sha256 != place[1]


class ObjectShelf:
    """The three buckets, for copying out and putting back."""

    def __init__(self, endpoint: S3Endpoint, *, bucket_prefix: str) -> None:
        self._client: Any = connect(endpoint, read_seconds=_LISTING_SECONDS)
        self.store = S3ObjectStore(endpoint, bucket_prefix=bucket_prefix)

    def listing(self, bucket: Bucket) -> Iterator[Stored]:
        """Every key of the bucket, each once. Raises ``object_store_unavailable``, ``object_missing``."""
        name = self.store.bucket_name(bucket)
        versioned = bucket in LOCKED_BUCKETS
        with store_errors(name):
            found = self._client.list_objects(name, recursive=True, include_version=versioned)
            data = (one for one in found if not one.is_delete_marker)
            for key, group in itertools.groupby(data, key=lambda one: one.object_name):
                # versions of one key hold the same bytes, for the key is their hash
                alike = sorted(group, key=lambda one: one.is_latest != "true")
                yield Stored(
                    bucket=bucket,
                    key=key,
                    size=alike[0].size or 0,
                    versions=tuple(one.version_id if versioned else None for one in alike),
                )

    def find(self, bucket: Bucket, key: str) -> Stored | None:
        """The key, asked for by name: a listing may lag behind. ``None`` where it is not there."""
        found = self.store.head(self.store.bucket_name(bucket), key)
        if found is None:
            return None
        versions = [one.version_id for one in self.store.versions(bucket, key)]
        return Stored(
            bucket=bucket,
            key=key,
            size=found.size or 0,
            versions=tuple(versions) or (found.version_id,),
        )

    def copy_out(self, stored: Stored, into: IO[bytes]) -> Part:
        """Write the bytes to ``into`` (emptied first, left at its start).

        A try that fails is repeated, a damaged version passed over for another one. Raises
        ``object_corrupt`` where none can be read, ``object_missing``, ``object_store_unavailable``.
        """
        for attempt in range(1, _ATTEMPTS):
            try:
                return self._copy_out(stored, into)
            except HosoError as error:
                if error.code is not ErrorCode.OBJECT_STORE_UNAVAILABLE:
                    raise
            time.sleep(2**attempt)
        return self._copy_out(stored, into)

    def put_back(self, part: Part, data: BinaryIO) -> str | None:
        """Store the bytes under their key, locked at least as long as they were; returns the version id.

        What stands there already, of the same size under the same hash, is taken as it is. Safe to repeat.
        An end of the lock that has passed meanwhile is not set again.
        """
        return self._put(part, data, until=_retained(part), held=_is_held(part), anew=False)

    def replace(self, part: Part, data: BinaryIO) -> str | None:
        """Like :meth:`put_back`, as the newest version, kept no shorter than any that is there."""
        bucket, key = require_place(part)
        name = self.store.bucket_name(bucket)
        versions = [one.version_id for one in self.store.versions(bucket, key)]
        ends = [_retained(part), *(self.store.retention(name, key, one) for one in versions)]
        return self._put(
            part,
            data,
            until=max((end for end in ends if end), default=None),
            held=_is_held(part) or any(self.store.is_held(name, key, one) for one in versions),
            anew=True,
        )

    def differs(self, part: Part, version: str | None, into: IO[bytes]) -> str | None:
        """Read back what was put and compare: what is not as in the backup, in a word."""
        bucket, key = require_place(part)
        stored = Stored(bucket=bucket, key=key, size=part.size, versions=(version,))
        try:
            found = self.copy_out(stored, into)
        except HosoError as error:
            if error.code is not ErrorCode.OBJECT_CORRUPT:
                raise
            return BYTES
        if found.sha256 != part.sha256:
            return BYTES
        wanted, kept = _retained(part), _retained(found)
        if wanted and wanted > datetime.now(UTC) + _SOON and (kept is None or kept < wanted):
            return "retention"
        if _is_held(part) and not _is_held(found):
            return "legal hold"
        return None

    def _put(
        self, part: Part, data: BinaryIO, *, until: datetime | None, held: bool, anew: bool
    ) -> str | None:
        bucket, key = require_place(part)
        version = self.store.put_stream(
            bucket,
            key,
            data,
            part.size,
            media_type=part.facts.get("media_type", "application/octet-stream"),
            retain_until=until if until and until > datetime.now(UTC) + _SOON else None,
            anew=anew,
        )
        if held:
            name = self.store.bucket_name(bucket)
            with store_errors(name, key):
                self._client.enable_object_legal_hold(name, key, version_id=version)
        return version

    def _copy_out(self, stored: Stored, into: IO[bytes]) -> Part:
        name = self.store.bucket_name(stored.bucket)
        sound, headers = self._sound_one(stored, into)
        others = [version for version in stored.versions if version != sound]
        ends = [self._retention(name, stored.key, version) for version in others]
        if stored.bucket in LOCKED_BUCKETS:
            shown = headers.get(_LOCK_HEADER)
            # a store that does not show it here is asked
            ends.append(shown or self._retention(name, stored.key, sound))
        facts = {"media_type": headers.get("content-type", "application/octet-stream")}
        until = max((_time(end) for end in ends if end), default=None)
        if until is not None:
            facts["retain_until"] = until.isoformat()
        if headers.get(_HOLD_HEADER, "").lower() == "on":
            facts["legal_hold"] = "on"
        into.seek(0)
        sha256, size = sha256_of(into)
        into.seek(0)
        return Part(name=stored.part_name, size=size, sha256=sha256, facts=facts)

    def _sound_one(self, stored: Stored, into: IO[bytes]) -> tuple[str | None, Mapping[str, str]]:
        """The first version that is whole, now in ``into``, and its answer's headers; else the last one's."""
        *before, last = stored.versions
        for version in before:
            with suppress_damage():
                headers = self.store.copy_out(stored.bucket, stored.key, into, version=version)
                into.seek(0)
                if not is_content_hash(stored.key) or sha256_of(into)[0] == stored.key:
                    return version, headers
        return last, self.store.copy_out(stored.bucket, stored.key, into, version=last)

    def _retention(self, name: str, key: str, version: str | None) -> str | None:
        end = self.store.retention(name, key, version)
        return None if end is None else end.isoformat()


def _is_held(part: Part) -> bool:
    return part.facts.get("legal_hold") == "on"


def _retained(part: Part) -> datetime | None:
    until = part.facts.get("retain_until")
    return None if until is None else _time(until)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
