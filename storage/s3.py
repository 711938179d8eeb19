"""Connection facts of an S3 store and the client made of them."""

from collections.abc import Collection
from dataclasses import dataclass, field

import urllib3
from minio import Minio
from minio.error import S3Error
from urllib3.exceptions import HTTPError

_CONNECT_SECONDS = 5.0
"""For the connection, and for sending one part (5 MiB) over a new one."""
_READ_SECONDS = 15.0
"""For every single read, never for a whole object; and for sending one part over a known connection."""
_SILENCES = 2
"""Reads in vain until the store is given up: somebody at a counter waits half a minute, not three."""
_SLOWEST_ANSWER = 30.0
"""The embedded store itself tries 13 seconds to read damaged bytes before it says that it cannot."""
_FAILED, _AWAY = 500, (502, 503, 504)
_POOL = 16


@dataclass(frozen=True, kw_only=True)
class S3Endpoint:
    """Address and keys; ``address`` is host or host:port."""

    address: str
    access_key: str
    secret_key: str = field(repr=False)
    secure: bool
    region: str


def connect(
    endpoint: S3Endpoint,
    *,
    attempts: int = 3,
    read_seconds: float = _READ_SECONDS,
    silences: int = _SILENCES,
    repeated: Collection[int] = (_FAILED, *_AWAY),
) -> Minio:
    """A client with timeouts; ``attempts`` tries per call, with a short growing wait between them.

    A store that takes the request and then says nothing is asked ``silences`` times at most; an answer
    with one of the statuses ``repeated`` counts as a try in vain.
    """
    retries = urllib3.Retry(
        total=attempts - 1,
        read=min(attempts, silences) - 1,
        backoff_factor=0.2,
        status_forcelist=repeated,
        raise_on_status=False,
        allowed_methods=None,  # our puts are content-addressed: repeating one does no harm
    )
    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=read_seconds),
        retries=retries,
        maxsize=_POOL,
        cert_reqs="CERT_REQUIRED",
    )
    return Minio(
        endpoint.address,
        access_key=endpoint.access_key,
        secret_key=endpoint.secret_key,
        secure=endpoint.secure,
        region=endpoint.region,
        http_client=pool,
    )


def connect_to_read(endpoint: S3Endpoint) -> Minio:
    """A client for whole objects: it waits until the store says that it cannot read one, and takes that.

    The store has tried several times itself by then. Silence is borne as long as by :func:`connect`.
    """
    return connect(endpoint, read_seconds=_SLOWEST_ANSWER, silences=1, repeated=_AWAY)


def ping(endpoint: S3Endpoint) -> bool:
    """Whether the store answers and accepts our keys."""
    try:
        connect(endpoint, attempts=1, read_seconds=5.0).list_buckets()
    except (HTTPError, S3Error, OSError):
        return False
    return True
