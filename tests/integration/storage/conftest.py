"""Installations on servers run by others, one with a certified document, and its backup."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from api.bootstrap import make_desk
from api.first_start import prepare_office
from api.logins import first_logins
from api.office import agencies, office_actor, worker_actor
from api.safekeeping import back_up
from api.stores import open_stores
from domain.document import DocumentState
from domain.person import Person
from domain.population_import import ImportReport
from domain.ports import Bucket
from storage import schema
from storage.backup.manifest import Manifest
from storage.backup.stage import Stage
from storage.database import PostgresDatabase
from storage.embedded import postgres
from storage.embedded.home import Home
from storage.settings import Settings, load_settings
from storage.stores import database_url, open_object_store, s3_endpoint
from tests.fakes.house import as_accepted, page_jpeg, sample_document, sample_record
from workflow import issuing, viewing
from workflow.login import sign_in
from workflow.pictures import page_key

DOCUMENT = "11111111-1111-5111-8111-111111111111"
ORIGINAL = b"%PDF-1.7 the scan as brought " * 4000


@pytest.fixture
def empty_database(settings: Settings) -> Iterator[str]:
    """Address of a database without any table."""
    home = Home(path=settings.home)
    name = f"empty_{secrets.token_hex(4)}"
    with psycopg.connect(postgres.url(home, superuser=True), autocommit=True) as connection:
        connection.execute(f"create database {name} owner hoso")
    yield urlsplit(database_url(settings))._replace(path=f"/{name}").geturl()
    with psycopg.connect(postgres.url(home, superuser=True), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


def merged(url: str, rows: Iterable[tuple[int, Person]], source: str) -> ImportReport:
    """An import of rows alone, in one transaction."""
    database = PostgresDatabase(url, pool_size=1)
    try:
        with database.transaction() as tx:
            return tx.population.merge(rows, source=source)
    finally:
        database.close()


def silent(_stage: Stage, _done: int, _total: int) -> None:
    return


@pytest.fixture(scope="module")
def elsewhere(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Settings]:
    """Makes installations on servers run by others: an empty database, buckets of their own."""

    def make() -> Settings:
        name = f"other_{secrets.token_hex(4)}"
        with psycopg.connect(
            postgres.url(Home(path=settings.home), superuser=True), autocommit=True
        ) as connection:
            connection.execute(
                sql.SQL("create database {} owner hoso").format(sql.Identifier(name))
            )
        store = s3_endpoint(settings)
        return load_settings(
            home=tmp_path_factory.mktemp("home") / "var",
            database_url=database_url(settings).replace("/hoso?", f"/{name}?"),
            s3_endpoint=store.address,
            s3_access_key=store.access_key,
            s3_secret_key=store.secret_key,
            s3_secure=store.secure,
            bucket_prefix=name.replace("_", "-"),
        )

    return make


@pytest.fixture(scope="module")
def source(elsewhere: Callable[[], Settings]) -> Settings:
    """One certified document, and an original whose document is waiting to be read."""
    made = elsewhere()
    made.home.mkdir()
    (made.home / "secrets").mkdir(mode=0o700)
    (made.home / "run").mkdir(mode=0o700)
    schema.upgrade(database_url(made))
    objects = open_object_store(made)
    objects.ensure_buckets()
    prepare_office(made)
    stores, agency = open_stores(made), agencies(made)[-1]
    until = datetime.now(UTC) + timedelta(days=400)
    sha256 = hashlib.sha256(ORIGINAL).hexdigest()
    objects.put(
        Bucket.ORIGINALS, sha256, ORIGINAL, media_type="application/pdf", retain_until=until
    )
    for number in (1, 2):
        objects.put(
            Bucket.PAGES, page_key(sha256, number), page_jpeg(number), media_type="image/jpeg"
        )
    document = sample_document(
        DOCUMENT,
        state=DocumentState.CERTIFYING,
        agency=agency,
        sha256=sha256,
        record=replace(sample_record(), sha256=sha256),
    )
    lost = replace(
        document,
        id="lost page",
        state=DocumentState.FAILED,
        problem="file_broken",
        pages=(3,),  # it could not be read: nobody has a picture of it, and none is missed
        record=None,
    )
    with stores.database.transaction() as tx:
        tx.documents.add(lost)
        tx.documents.add(as_accepted(document, tx.population))
        issuing.certify(
            worker_actor(made),
            DOCUMENT,
            tx=tx,
            objects=objects,
            clock=stores.clock,
            desk=make_desk(made),
        )
    with stores.database.transaction() as tx:
        logins = first_logins(made)
        sign_in("admin", logins["admin"], tx=tx, clock=stores.clock)
    return made


@dataclass(frozen=True, kw_only=True)
class Kept:
    path: Path
    manifest: Manifest


@pytest.fixture(scope="module")
def kept(source: Settings, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    path, manifest = back_up(source, tmp_path_factory.mktemp("backups"), watch=silent)
    return Kept(path=path, manifest=manifest)


def copy_of(settings: Settings) -> bytes:
    stores = open_stores(settings, pool_size=1)
    with stores.database.transaction() as tx:
        return viewing.fetch(
            office_actor(settings), DOCUMENT, tx=tx, objects=stores.objects, clock=stores.clock
        )
