"""Damage told from an outage, and remembered for a while.

A store answers damaged bytes as it answers anything it cannot do, and only after it has tried long itself:
the embedded one 13.2 seconds at each read, which no setting of its shortens.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from itertools import islice
from typing import Any

from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError, ReadTimeoutError

from domain.errors import ErrorCode, HosoError
from storage.s3 import S3Endpoint, connect

NO_ANSWER = (HTTPError, InvalidResponseError, ServerError, OSError)
NOT_TO_BE_HAD = frozenset({ErrorCode.OBJECT_MISSING, ErrorCode.OBJECT_CORRUPT})
_FAILED = "InternalError"
"""What the embedded store answers for damaged bytes."""
_CHUNK = 1024 * 1024
_PROBES = 3
"""Other objects of each bucket that are tried, until one can be read."""
_PROBE_SECONDS = 5.0
_REMEMBERED_SECONDS = 600.0
"""A disk may be well again without anybody storing the object anew."""
_MOST_REMEMBERED = 10_000

Place = tuple[str, str, str | None]
"""Bucket's name, key, and version (``None``: the newest)."""
Likeness = tuple[object, ...]
"""What the store's index tells of a version, by which one is known from what is stored there later."""


class KnownDamage:
    """Which versions were found damaged a moment ago: whoever asks next is told at once. Thread-safe."""

    def __init__(self, *, seconds: float = _REMEMBERED_SECONDS) -> None:
        """``seconds`` after which a version is read anew."""
        self._seconds = seconds
        self._found: OrderedDict[tuple[str, str], dict[Likeness, float]] = OrderedDict()

    def note(self, place: Place, likeness: Likeness) -> None:
        """What stands at ``place`` was found damaged just now."""
        self._found.setdefault(place[:2], {})[likeness] = time.monotonic()
        if len(self._found) > _MOST_REMEMBERED:
            with suppress(KeyError):  # another thread was faster
                self._found.popitem(last=False)

    def suspects(self, place: Place) -> bool:
        """Whether any version of the object was found damaged: then its likeness is worth asking for."""
        return place[:2] in self._found

    def knows(self, place: Place, likeness: Likeness | None) -> bool:
        """Whether what looks so was found damaged there, not too long ago."""
        found = self._found.get(place[:2], {}).get(likeness or ())
        return found is not None and time.monotonic() - found < self._seconds


class OtherObjects:
    """Reads other objects, for neither readiness nor an object's own head tell an outage from damage."""

    def __init__(self, endpoint: S3Endpoint) -> None:
        self._prober: Any = connect(endpoint, attempts=1, read_seconds=_PROBE_SECONDS)

    def is_any_readable(self, buckets: Iterable[str], *, but: str) -> bool:
        """Whether any of a few objects with another key than ``but`` can be read whole."""
        return any(self._is_readable(name, key) for name, key in self._others(buckets, but))

    def _others(self, buckets: Iterable[str], but: str) -> Iterator[tuple[str, str]]:
        for name in buckets:
            with suppress(S3Error, *NO_ANSWER):
                found = (one.object_name for one in self._prober.list_objects(name, recursive=True))
                others = [(name, one) for one in islice(found, _PROBES + 1) if one != but]
                yield from others[:_PROBES]

    def _is_readable(self, name: str, key: str) -> bool:
        try:
            answer = self._prober.get_object(name, key)
            try:
                for _ in answer.stream(_CHUNK):
                    pass
            finally:
                answer.close()
                answer.release_conn()
        except (S3Error, *NO_ANSWER):
            return False
        return True


def is_failure(error: HosoError) -> bool:
    """Whether the store said that it failed, or broke off in the middle.

    Silence says nothing, nor does a store that asks for patience, or refuses access or a key.
    """
    match error.__cause__:
        case S3Error(code=code):
            return code == _FAILED
        case ServerError(status_code=status):
            return status == HTTPStatus.INTERNAL_SERVER_ERROR
        case cause:
            return isinstance(cause, ProtocolError)


def is_silence(error: HosoError) -> bool:
    """Whether the store took the request and said nothing more for as long as it was waited for."""
    cause = error.__cause__
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, ReadTimeoutError)


@contextmanager
def suppress_damage() -> Iterator[None]:
    """Pass over a version that cannot be had; another one may be."""
    try:
        yield
    except HosoError as error:
        if error.code not in NOT_TO_BE_HAD:
            raise
