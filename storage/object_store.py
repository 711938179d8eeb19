"""Objects in any S3 store with Object Lock, through the minio SDK."""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.datatypes import Object
from minio.error import S3Error
from minio.retention import Retention

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket, ObjectStore
from storage.damage import (
    NO_ANSWER,
    NOT_TO_BE_HAD,
    KnownDamage,
    Likeness,
    OtherObjects,
    Place,
    is_failure,
    is_silence,
    suppress_damage,
)
from storage.disk import require_new_store_file, require_store_space
from storage.s3 import S3Endpoint, connect, connect_to_read

_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "NoSuchObject"})
_ALREADY_MADE = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})
_NOT_LOCKED = frozenset({"NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"})
_NOT_HELD = _NOT_LOCKED | {"NoSuchObjectLegalHold"}
_CONTENT_HASH = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1024 * 1024
_AGAIN_SECONDS = 3.0
"""For each read of the second try: a store that reads other objects meanwhile has what is sound at once."""
LOCKED_BUCKETS = frozenset({Bucket.ORIGINALS, Bucket.ECOPIES})
"""Page pictures can be made again and are not locked."""


class S3ObjectStore:
    """Satisfies ``domain.ports.ObjectStore``. Thread-safe."""

    def __init__(
        self, endpoint: S3Endpoint, *, bucket_prefix: str, folder: Path | None = None
    ) -> None:
        """``folder`` is where a store of our own keeps its files: it does not say when the disk is full."""
        self._client: Minio = connect(endpoint)
        self._reader: Any = connect_to_read(endpoint)
        self._again: Any = connect(endpoint, attempts=1, read_seconds=_AGAIN_SECONDS)
        self._others = OtherObjects(endpoint)
        self._damage = KnownDamage()
        self._prefix = bucket_prefix
        self._folder = folder

    def ensure_buckets(self) -> None:
        """Create the buckets that are missing; safe to repeat and from several hosts at once.

        Raises ``object_store_unavailable``, ``config_invalid`` where a bucket that must be locked
        stands there without Object Lock.
        """
        for bucket in Bucket:
            name = self.bucket_name(bucket)
            with store_errors(name):
                if not self._client.bucket_exists(name):
                    self._make(name, locked=bucket in LOCKED_BUCKETS)
            if bucket in LOCKED_BUCKETS and not self._is_locked(name):
                problem = f"HOSO_BUCKET_PREFIX: bucket {name} exists without Object Lock"
                raise HosoError(ErrorCode.CONFIG_INVALID, problems=[problem])

    def bucket_name(self, bucket: Bucket) -> str:
        """Name of the bucket in the store."""
        return f"{self._prefix}-{bucket}"

    def put(
        self,
        bucket: Bucket,
        key: str,
        data: bytes,
        *,
        media_type: str,
        retain_until: datetime | None = None,
    ) -> str | None:
        """Store ``data`` and return its version id; with ``retain_until`` nobody can delete it before.

        Under a content-hash key the same bytes are stored once: a repeated put makes no new version,
        at most it prolongs the lock. Raises ``object_store_unavailable``, ``disk_space_short``.
        """
        return self.put_stream(
            bucket,
            key,
            io.BytesIO(data),
            len(data),
            media_type=media_type,
            retain_until=retain_until,
        )

    def put_stream(
        self,
        bucket: Bucket,
        key: str,
        data: BinaryIO,
        size: int,
        *,
        media_type: str,
        retain_until: datetime | None = None,
        anew: bool = False,
    ) -> str | None:
        """Like :meth:`put`, for ``size`` bytes that need not fit into memory.

        ``anew``: as the newest version, though something stands there; where that is locked, it stays.
        """
        name = self.bucket_name(bucket)
        if is_content_hash(key) and not anew:
            present = self._same_object(name, key, size)
            if present is not None:
                if retain_until is not None:
                    self._prolong(name, key, present or None, retain_until)
                return present or None
        return self._write(name, key, data, size, media_type=media_type, retain_until=retain_until)

    def mend(
        self,
        bucket: Bucket,
        key: str,
        data: bytes,
        *,
        media_type: str,
        retain_until: datetime | None = None,
    ) -> bool:
        """Store ``data`` as the newest version where that is missing or damaged; whether it was so.

        Reads the newest version whole. Raises ``object_store_unavailable``, ``disk_space_short``.
        """
        try:
            self._get(bucket, key, None)
        except HosoError as error:
            if error.code not in NOT_TO_BE_HAD:
                raise
        else:
            return False
        self._write(
            self.bucket_name(bucket),
            key,
            io.BytesIO(data),
            len(data),
            media_type=media_type,
            retain_until=retain_until,
        )
        return True

    def get(self, bucket: Bucket, key: str, *, version: str | None = None) -> bytes:
        """The bytes; where ``version`` is damaged or gone, those of another one, which the hash proves alike.

        Raises ``object_missing``, ``object_corrupt``, ``object_store_unavailable``.
        """
        try:
            return self._get(bucket, key, version)
        except HosoError as error:
            if error.code not in NOT_TO_BE_HAD:
                raise
            for other in self._other_versions(bucket, key, version):
                with suppress_damage():
                    return self._get(bucket, key, other)
            raise

    def _get(self, bucket: Bucket, key: str, version: str | None) -> bytes:
        kept = io.BytesIO()
        self.copy_out(bucket, key, kept, version=version)
        data = kept.getvalue()
        if is_content_hash(key) and hashlib.sha256(data).hexdigest() != key:
            raise HosoError(ErrorCode.OBJECT_CORRUPT, bucket=str(bucket), key=key)
        return data

    def copy_out(
        self, bucket: Bucket, key: str, into: IO[bytes], *, version: str | None = None
    ) -> Mapping[str, str]:
        """Write the bytes to ``into``, emptied first; returns the answer's headers, names in lower case.

        Raises ``object_missing``, ``object_store_unavailable``, and ``object_corrupt`` where the store
        answers that it failed at this object, then fails again or is silent, and reads another one after
        either; who asks for the same soon afterwards is told at once.
        """
        place = (self.bucket_name(bucket), key, version)
        if self._is_known_damage(place):
            raise HosoError(ErrorCode.OBJECT_CORRUPT, bucket=str(bucket), key=key)
        try:
            return self._copy_out(self._reader, place, into)
        except HosoError as error:
            if not (is_failure(error) and self._reads_another_than(key)):
                raise
        try:
            return self._copy_out(self._again, place, into)
        except HosoError as error:
            failed = is_failure(error) or is_silence(error)
            if not (failed and self._reads_another_than(key)):
                raise
            self._note_damage(place)
            raise HosoError(ErrorCode.OBJECT_CORRUPT, bucket=str(bucket), key=key) from error

    def exists(self, bucket: Bucket, key: str) -> bool:
        """Whether an object stands under ``key``. Raises ``object_store_unavailable``."""
        return self.head(self.bucket_name(bucket), key) is not None

    def head(self, name: str, key: str, version: str | None = None) -> Object | None:
        """What is known of an object of the bucket called ``name``; ``None`` where there is none."""
        try:
            with store_errors(name, key):
                return self._client.stat_object(name, key, version_id=version)
        except HosoError as error:
            if error.code is ErrorCode.OBJECT_MISSING:
                return None
            raise

    def versions(self, bucket: Bucket, key: str) -> list[Object]:
        """What stands under ``key`` in a locked bucket, the newest first; none in one without versions."""
        if bucket not in LOCKED_BUCKETS:
            return []
        name = self.bucket_name(bucket)
        with store_errors(name, key):
            found = [
                one
                for one in self._client.list_objects(name, prefix=key, include_version=True)
                if one.object_name == key and not one.is_delete_marker and one.version_id
            ]
        return sorted(found, key=lambda one: one.is_latest != "true")

    def retention(self, name: str, key: str, version: str | None) -> datetime | None:
        """Until when an object of the bucket called ``name`` is locked; ``None`` where it is not."""
        with store_errors(name, key):
            try:
                found = self._client.get_object_retention(name, key, version_id=version)
            except S3Error as error:
                if error.code not in _NOT_LOCKED:
                    raise
                return None
        return None if found is None else found.retain_until_date

    def is_held(self, name: str, key: str, version: str | None) -> bool:
        """Whether an object of the bucket called ``name`` is under a legal hold."""
        with store_errors(name, key):
            try:
                return self._client.is_object_legal_hold_enabled(name, key, version_id=version)
            except S3Error as error:
                if error.code not in _NOT_HELD:
                    raise
                return False

    def _write(
        self,
        name: str,
        key: str,
        data: BinaryIO,
        size: int,
        *,
        media_type: str,
        retain_until: datetime | None,
    ) -> str | None:
        self._require_space(size)
        try:
            with store_errors(name):
                written = self._client.put_object(
                    name,
                    key,
                    data,
                    size,
                    content_type=media_type,
                    retention=None if retain_until is None else Retention(COMPLIANCE, retain_until),
                )
        except HosoError as error:
            # that it cannot write, the store says without a reason
            self._require_space(size)
            if self._folder is not None and is_failure(error):
                require_new_store_file(self._folder, size)
            raise
        return written.version_id

    def _require_space(self, size: int) -> None:
        if self._folder is not None:
            require_store_space(self._folder, size)

    def _copy_out(self, client: Any, place: Place, into: IO[bytes]) -> Mapping[str, str]:
        name, key, version = place
        into.seek(0)
        into.truncate()
        with store_errors(name, key):
            answer = client.get_object(name, key, version_id=version)
            try:
                for block in answer.stream(_CHUNK):
                    into.write(block)
            finally:
                answer.close()
                answer.release_conn()
        return {header.lower(): value for header, value in answer.headers.items()}

    def _is_known_damage(self, place: Place) -> bool:
        return self._damage.suspects(place) and self._damage.knows(place, self._likeness(place))

    def _note_damage(self, place: Place) -> None:
        with suppress(HosoError):  # away by now: then nothing is remembered
            likeness = self._likeness(place)
            if likeness is not None:
                self._damage.note(place, likeness)

    def _likeness(self, place: Place) -> Likeness | None:
        name, key, version = place
        found = self.head(name, key, version)
        if found is None:
            return None
        return found.version_id, found.etag, found.size, found.last_modified

    def _other_versions(self, bucket: Bucket, key: str, read: str | None) -> list[str]:
        """Versions of a content hash beside the one ``read`` (``None``: the newest), the newest first."""
        found = self.versions(bucket, key) if is_content_hash(key) else []
        if read is None:
            read = next((one.version_id for one in found if one.is_latest == "true"), None)
        return [one.version_id or "" for one in found if one.version_id != read]

    def _reads_another_than(self, key: str) -> bool:
        """Whether any of a few other objects can be read whole: then the store is not what fails."""
        return self._others.is_any_readable((self.bucket_name(one) for one in Bucket), but=key)

    def _same_object(self, name: str, key: str, size: int) -> str | None:
        """Version id (``""`` where the store has none) of an object of that key and size, or ``None``."""
        found = self.head(name, key)
        return (found.version_id or "") if found is not None and found.size == size else None

    def _prolong(self, name: str, key: str, version: str | None, retain_until: datetime) -> None:
        now = self.retention(name, key, version)
        with store_errors(name, key):
            # stores keep whole seconds: an end that differs by less is the same end
            if now is None or (retain_until - now).total_seconds() >= 1:
                lock = Retention(COMPLIANCE, retain_until)
                self._client.set_object_retention(name, key, lock, version_id=version)

    def _make(self, name: str, *, locked: bool) -> None:
        try:
            self._client.make_bucket(name, object_lock=locked)
        except S3Error as error:
            if error.code not in _ALREADY_MADE:  # another host was faster
                raise

    def _is_locked(self, name: str) -> bool:
        with store_errors(name):
            try:
                self._client.get_object_lock_config(name)
            except S3Error as error:
                if error.code in _NOT_LOCKED:
                    return False
                raise
        return True


def is_content_hash(key: str) -> bool:
    """Whether ``key`` promises its bytes' SHA-256."""
    return _CONTENT_HASH.fullmatch(key) is not None


@contextmanager
def store_errors(bucket: str, key: str | None = None) -> Iterator[None]:
    """Turn the library's errors into ``object_missing`` and ``object_store_unavailable``."""
    try:
        yield
    except S3Error as error:
        if error.code in _MISSING:
            raise HosoError(ErrorCode.OBJECT_MISSING, bucket=bucket, key=key) from error
        raise HosoError(
            ErrorCode.OBJECT_STORE_UNAVAILABLE, bucket=bucket, problem=error.code
        ) from error
    except NO_ANSWER as error:
        raise HosoError(
            ErrorCode.OBJECT_STORE_UNAVAILABLE, bucket=bucket, problem=type(error).__name__
        ) from error


def _satisfies_the_port(store: S3ObjectStore) -> ObjectStore:
    """Checked by mypy: the workflow may be given this store."""
    return store
