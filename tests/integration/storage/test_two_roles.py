"""Owner and application apart, as docs/operations.md has it: all works, and the trail is out of reach."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from domain.agency import Agency, AgencyLevel
from domain.document import DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.person import Person
from domain.ports import Step
from storage import schema
from storage.backup.dump import dump_chunks, snapshot
from storage.database import PostgresDatabase
from storage.embedded import postgres
from storage.embedded.home import Home
from storage.settings import Settings
from tests.fakes.house import sample_document
from tests.integration.storage.conftest import merged

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"
VN = Agency(id="vn", name="Việt Nam", level=AgencyLevel.STATE, path="vn")


@dataclass(frozen=True, kw_only=True)
class Roles:
    application: str
    owner: str
    """Addresses of one database for the two roles."""


@pytest.fixture
def roles(settings: Settings) -> Iterator[Roles]:
    """A database installed by the application's role, then taken from it as the documentation says."""
    superuser = postgres.url(Home(path=settings.home), superuser=True)
    server = urlsplit(superuser)
    name = f"two_{secrets.token_hex(4)}"

    def url(role: str, password: str) -> str:
        place = f"{role}:{password}@{server.hostname}:{server.port}"
        return server._replace(netloc=place, path=f"/{name}").geturl()

    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(f"create role {name} login password 'one'")
        connection.execute(f"create database {name} owner {name}")
    made = Roles(application=url(name, "one"), owner=url(f"{name}_owner", "PASSWORD"))
    schema.upgrade(made.application)
    (block,) = re.findall(r"```sql\n(.*?)```", OPERATIONS.read_text(encoding="utf-8"), re.DOTALL)
    with psycopg.connect(server._replace(path=f"/{name}").geturl()) as connection:
        connection.execute(re.sub(r"\bhoso(?=_owner\b|\b)", name, block))
    yield made
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
        connection.execute(f"drop role {name}, {name}_owner")


def test_the_application_works_without_owning_anything(roles: Roles, settings: Settings) -> None:
    schema.upgrade(roles.application)  # every start asks whether there is something to do
    database = PostgresDatabase(roles.application)
    document = sample_document(agency=VN, state=DocumentState.VERIFIED)
    with database.transaction() as tx:
        tx.agencies.add(VN)
        tx.documents.add(document)
        tx.jobs.enqueue(Step.CERTIFY, document.id, lane=document.lane)
        tx.events.add(
            Event(
                name=EventName.DOCUMENT_VIEWED,
                actor_id="an",
                agency_id="vn",
                document_id=document.id,
                at=datetime.now(UTC),
            )
        )
        assert tx.events.digest_key()
    rows = [(2, Person(personal_id="024198003456", full_name="Lê An"))]
    assert merged(roles.application, rows, "csdl").imported == 1
    with database.transaction() as tx:
        assert len(tx.events.of_document(document.id)) == 1
    database.close()
    with snapshot(roles.application) as taken:
        assert sum(map(len, dump_chunks(settings, roles.application, taken))) > 0


@pytest.mark.parametrize(
    "statement",
    [
        "update event set actor_id = 'x'",
        "delete from event",
        "truncate event",
        "alter table event disable trigger all",
        "drop trigger event_append_only on event",
        "set session_replication_role = replica",
        "drop table event",
        "alter table event owner to current_user",
        "create or replace function event_is_append_only() returns trigger language sql as ''",
    ],
)
def test_the_application_cannot_touch_the_trail(roles: Roles, statement: str) -> None:
    with psycopg.connect(roles.application) as connection:
        connection.execute(
            "insert into event (name, actor_id, agency_id, at, facts)"
            " values ('document.viewed', 'an', 'vn', now(), '{}')"
        )
        connection.commit()
        with pytest.raises((psycopg.errors.RaiseException, psycopg.errors.InsufficientPrivilege)):
            connection.execute(statement.encode())
        connection.rollback()
        assert connection.execute("select actor_id from event").fetchall() == [("an",)]


def test_a_new_version_is_brought_in_by_the_owner(roles: Roles) -> None:
    with psycopg.connect(roles.owner) as connection:
        connection.execute("update alembic_version set version_num = '0007'")
        connection.execute("drop trigger event_not_emptied on event")
        connection.execute("drop index event_brought")
        connection.execute("drop index document_problem")
        connection.execute("alter table document drop column paper_keys")
    with pytest.raises(HosoError) as refused:
        schema.upgrade(roles.application)
    assert refused.value.code is ErrorCode.DATABASE_UNFIT
    schema.upgrade(roles.owner)
    with psycopg.connect(roles.owner) as connection:
        connection.execute("create table later (id bigserial, what text)")
    with psycopg.connect(roles.application) as connection:
        connection.execute("insert into later (what) values ('x')")
        assert connection.execute("select id from later").fetchone() == (1,)
