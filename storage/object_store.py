"""Objects in any S3 store with Object Lock, through the minio SDK."""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.datatypes import Object
from minio.error import InvalidResponseError, S3Error, ServerError
from minio.retention import Retention
from urllib3.exceptions import HTTPError

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket, ObjectStore
from storage.s3 import S3Endpoint, connect

_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "NoSuchObject"})
_ALREADY_MADE = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})
_NOT_LOCKED = frozenset({"NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"})
_CONTENT_HASH = re.compile(r"[0-9a-f]{64}")
LOCKED_BUCKETS = frozenset({Bucket.ORIGINALS, Bucket.ECOPIES})
"""Page pictures can be made again and are not locked."""


class S3ObjectStore:
    """Satisfies ``domain.ports.ObjectStore``. Thread-safe."""

    def __init__(self, endpoint: S3Endpoint, *, bucket_prefix: str) -> None:
        self._client: Minio = connect(endpoint)
        self._prefix = bucket_prefix

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
        at most it prolongs the lock. Raises ``object_store_unavailable``.
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
    ) -> str | None:
        """Like :meth:`put`, for ``size`` bytes that need not fit into memory."""
        name = self.bucket_name(bucket)
        if is_content_hash(key):
            present = self._same_object(name, key, size)
            if present is not None:
                if retain_until is not None:
                    self._prolong(name, key, present or None, retain_until)
                return present or None
        with store_errors(name):
            written = self._client.put_object(
                name,
                key,
                data,
                size,
                content_type=media_type,
                retention=None if retain_until is None else Retention(COMPLIANCE, retain_until),
            )
        return written.version_id

    def get(self, bucket: Bucket, key: str, *, version: str | None = None) -> bytes:
        """The bytes. Raises ``object_missing``, ``object_corrupt``, ``object_store_unavailable``."""
        name = self.bucket_name(bucket)
        with store_errors(name, key):
            response = self._client.get_object(name, key, version_id=version)
            try:
                data: bytes = response.read()
            finally:
                response.close()
                response.release_conn()
        if is_content_hash(key) and hashlib.sha256(data).hexdigest() != key:
            raise HosoError(ErrorCode.OBJECT_CORRUPT, bucket=str(bucket), key=key)
        return data

    def exists(self, bucket: Bucket, key: str) -> bool:
        """Whether an object stands under ``key``. Raises ``object_store_unavailable``."""
        return self.head(self.bucket_name(bucket), key) is not None

    def head(self, name: str, key: str) -> Object | None:
        """What is known of the newest object of the bucket called ``name``; ``None`` where none is."""
        try:
            with store_errors(name, key):
                return self._client.stat_object(name, key)
        except HosoError as error:
            if error.code is ErrorCode.OBJECT_MISSING:
                return None
            raise

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
    except (HTTPError, InvalidResponseError, ServerError, OSError) as error:
        raise HosoError(
            ErrorCode.OBJECT_STORE_UNAVAILABLE, bucket=bucket, problem=type(error).__name__
        ) from error


def _satisfies_the_port(store: S3ObjectStore) -> ObjectStore:
    """Checked by mypy: the workflow may be given this store."""
    return store
