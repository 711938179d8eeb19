"""Wiring of the stores: settings become an open installation."""

from dataclasses import dataclass

from api.clock import SystemClock
from domain.ports import Database, ObjectStore
from storage.settings import Settings
from storage.stores import open_database, open_object_store


@dataclass(frozen=True, kw_only=True)
class Stores:
    """An open installation."""

    database: Database
    objects: ObjectStore
    clock: SystemClock


def open_stores(settings: Settings, *, pool_size: int = 10) -> Stores:
    """Database and object store, embedded or external. Raises ``not_running``."""
    return Stores(
        database=open_database(settings, pool_size=pool_size),
        objects=open_object_store(settings),
        clock=SystemClock(),
    )
