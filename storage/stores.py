"""The stores of one installation: embedded or external, the rest of the product does not know which."""

from storage.database import PostgresDatabase
from storage.embedded import object_store as embedded_objects
from storage.embedded import postgres as embedded_postgres
from storage.embedded.home import Home
from storage.object_store import S3ObjectStore
from storage.s3 import S3Endpoint
from storage.settings import Settings


def database_url(settings: Settings) -> str:
    """Address of the database. Raises ``not_running`` where the embedded one was never started."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return embedded_postgres.url(Home(path=settings.home))


def s3_endpoint(settings: Settings) -> S3Endpoint:
    """Address and keys of the object store. Raises ``not_running`` like :func:`database_url`."""
    if settings.s3_endpoint is None:
        return embedded_objects.endpoint(Home(path=settings.home))
    access_key, secret_key = settings.s3_access_key, settings.s3_secret_key
    return S3Endpoint(
        address=settings.s3_endpoint,
        access_key="" if access_key is None else access_key.get_secret_value(),
        secret_key="" if secret_key is None else secret_key.get_secret_value(),
        secure=settings.s3_secure,
        region=settings.s3_region,
    )


def open_database(settings: Settings, *, pool_size: int = 10) -> PostgresDatabase:
    """The database; nothing is connected before the first transaction."""
    return PostgresDatabase(database_url(settings), pool_size=pool_size)


def open_object_store(settings: Settings) -> S3ObjectStore:
    """The object store; nothing is connected before the first call."""
    return S3ObjectStore(s3_endpoint(settings), bucket_prefix=settings.bucket_prefix)
