"""What a restore takes out of an older installation is Hoso's own, or nothing at all."""

from urllib.parse import urlsplit

import psycopg
import pytest

from domain.errors import ErrorCode, HosoError
from storage import schema
from storage.backup.clearing import clear, require_clearable
from storage.backup.dump import schema_of, snapshot
from storage.embedded import postgres
from storage.embedded.home import Home
from storage.settings import Settings

OTHERS = {
    "a routine": (
        "create function vn_fold(t text) returns text language sql as 'select t'",
        "vn_fold",
    ),
    "a domain": ("create domain cmnd as text", "cmnd"),
    "an enum": ("create type loai as enum ('a')", "loai"),
    "a composite": ("create type cap as (a int)", "cap"),
    "a table": ("create table theirs (x int)", "theirs"),
    "a sequence": ("create sequence so", "so"),
    "a view": ("create view baocao as select 1 as x", "baocao"),
    "a view elsewhere": ("create view ketoan.luu as select id from document", "ketoan.luu"),
    "a key elsewhere": (
        "create table ketoan.so (id text references document (id))",
        "ketoan.so",
    ),
    "a column elsewhere": (
        "create table ketoan.viec (is_at procrastinate_job_status)",
        "ketoan.viec",
    ),
}


@pytest.mark.parametrize("made", OTHERS)
def test_nothing_of_others_goes(empty_database: str, made: str) -> None:
    statement, name = OTHERS[made]
    schema.upgrade(empty_database, "0009")
    with psycopg.connect(empty_database) as connection:
        connection.execute("create schema ketoan")
        connection.execute(statement)
    for act in (require_clearable, clear):
        with pytest.raises(HosoError) as refused:
            act(empty_database)
        assert refused.value.code is ErrorCode.RESTORE_TARGET_NOT_EMPTY
        assert name in str(refused.value.facts["problem"])
    assert schema_of(empty_database) == "0009"
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("select count(*) from document").fetchone() == (0,)


def test_all_of_hosos_own_goes(empty_database: str) -> None:
    schema.upgrade(empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute("create schema ketoan create table so (cmnd text)")
    require_clearable(empty_database)
    assert schema_of(empty_database) is not None
    clear(empty_database)
    assert schema_of(empty_database) is None
    with psycopg.connect(empty_database) as connection:
        left = connection.execute(
            """select (select count(*) from pg_class where relnamespace = 'public'::regnamespace),
            (select count(*) from pg_proc where pronamespace = 'public'::regnamespace),
            (select count(*) from pg_type where typnamespace = 'public'::regnamespace),
            to_regclass('ketoan.so') is not null"""
        ).fetchone()
    assert left == (0, 0, 0, True)
    schema.upgrade(empty_database)


def test_a_house_in_another_schema_is_neither_empty_nor_backed_up(
    settings: Settings, empty_database: str
) -> None:
    name = urlsplit(empty_database).path.strip("/")
    superuser = postgres.url(Home(path=settings.home), superuser=True)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(f"alter database {name} set search_path = hoso".encode())
    with psycopg.connect(empty_database) as connection:
        connection.execute("create schema hoso")
    schema.upgrade(empty_database)
    with pytest.raises(HosoError) as occupied:
        schema_of(empty_database)
    assert occupied.value.code is ErrorCode.RESTORE_TARGET_NOT_EMPTY
    assert "hoso" in str(occupied.value.facts["problem"])
    with pytest.raises(HosoError) as unkept, snapshot(empty_database):
        pass
    assert unkept.value.code is ErrorCode.TOOL_FAILED
