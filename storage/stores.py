"""The stores of one installation: embedded or external, the rest of the product does not know which."""

from storage.database import PostgresDatabase
from storage.embedded.home import Home
from storage.embedded.servers import database_url, refuse_stopped, s3_endpoint
from storage.object_store import S3ObjectStore
from storage.settings import Settings

__all__ = ["database_url", "open_database", "open_object_store", "s3_endpoint"]


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
