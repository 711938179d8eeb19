"""An in-memory ``domain.ports.ObjectStore`` that satisfies the same contract tests as S3."""

import hashlib
import re
from collections import defaultdict
from datetime import datetime

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket

_CONTENT_HASH = re.compile(r"[0-9a-f]{64}")


class MemoryObjectStore:
    """Objects by bucket and key, each with its versions, oldest first."""

    def __init__(self) -> None:
        self.versions: dict[tuple[Bucket, str], list[bytes]] = defaultdict(list)
        self.retained: dict[tuple[Bucket, str], datetime] = {}
        self.available = True
        """Set to ``False`` to see what happens when the store is away."""

    def put(
        self,
        bucket: Bucket,
        key: str,
        data: bytes,
        *,
        media_type: str,
        retain_until: datetime | None = None,
    ) -> str | None:
        assert media_type
        self._require_available()
        stored = self.versions[bucket, key]
        if retain_until is not None:
            self.retained[bucket, key] = max(
                retain_until, self.retained.get((bucket, key), retain_until)
            )
        if stored and _CONTENT_HASH.fullmatch(key) and len(stored[-1]) == len(data):
            return str(len(stored))
        stored.append(data)
        return str(len(stored))

    def mend(
        self,
        bucket: Bucket,
        key: str,
        data: bytes,
        *,
        media_type: str,
        retain_until: datetime | None = None,
    ) -> bool:
        try:
            self._get(bucket, key, None)
        except HosoError as error:
            if error.code not in {ErrorCode.OBJECT_MISSING, ErrorCode.OBJECT_CORRUPT}:
                raise
            self.versions[bucket, key].append(data)
            if retain_until is not None:
                self.retained[bucket, key] = retain_until
            return bool(media_type)
        return False

    def get(self, bucket: Bucket, key: str, *, version: str | None = None) -> bytes:
        try:
            return self._get(bucket, key, version)
        except HosoError as error:
            if error.code in {ErrorCode.OBJECT_MISSING, ErrorCode.OBJECT_CORRUPT}:
                for other in reversed(self.versions.get((bucket, key), [])):
                    if hashlib.sha256(other).hexdigest() == key:
                        return other
            raise

    def _get(self, bucket: Bucket, key: str, version: str | None) -> bytes:
        self._require_available()
        stored = self.versions.get((bucket, key), [])
        place = len(stored) if version is None else int(version) if version.isdigit() else 0
        if not 1 <= place <= len(stored):
            raise HosoError(ErrorCode.OBJECT_MISSING, bucket=str(bucket), key=key)
        data = stored[place - 1]
        if _CONTENT_HASH.fullmatch(key) and hashlib.sha256(data).hexdigest() != key:
            raise HosoError(ErrorCode.OBJECT_CORRUPT, bucket=str(bucket), key=key)
        return data

    def exists(self, bucket: Bucket, key: str) -> bool:
        self._require_available()
        return bool(self.versions.get((bucket, key)))

    def _require_available(self) -> None:
        if not self.available:
            raise HosoError(ErrorCode.OBJECT_STORE_UNAVAILABLE)
