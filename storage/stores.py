"""The stores of one installation: embedded or external, the rest of the product does not know which."""

from domain.ports import Bucket
from storage.database import PostgresDatabase
from storage.disk import require_space, require_store_space
from storage.embedded import object_store
from storage.embedded.home import Home
from storage.embedded.servers import database_url, refuse_stopped, s3_endpoint
from storage.object_store import S3ObjectStore
from storage.settings import Settings

__all__ = [
    "database_url",
    "open_database",
    "open_object_store",
    "require_room_for_scans",
    "s3_endpoint",
]


def open_database(settings: Settings, *, pool_size: int = 10) -> PostgresDatabase:
    """The database; nothing is connected before the first transaction. Raises ``not_running``.

    An embedded one must be up, or its watcher: it was stopped, and no waiting brings it back.
    """
    refuse_stopped(settings)
    return PostgresDatabase(database_url(settings), pool_size=pool_size)


def open_object_store(settings: Settings) -> S3ObjectStore:
    """The object store; nothing is connected before the first call. Raises ``not_running``."""
    own = None if settings.s3_endpoint else Home(path=settings.home).objects
    return S3ObjectStore(s3_endpoint(settings), bucket_prefix=settings.bucket_prefix, folder=own)


def require_room_for_scans(settings: Settings) -> None:
    """Raises ``disk_space_short`` where the embedded servers have no room for a scan, though all may run."""
    if not settings.home.is_dir():
        return
    if settings.s3_endpoint is None:
        require_store_space(settings.home, 0)
        names = [f"{settings.bucket_prefix}-{bucket}" for bucket in Bucket]
        object_store.require_writable(Home(path=settings.home), names)
    elif settings.database_url is None:
        require_space(settings.home, 0)
