"""The migrations make what the code expects, once, however many hosts start at the same time."""

import json
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from domain.batch import batch_name
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.record import Record
from domain.record_json import to_json
from domain.verdict import verdict_to_json
from matching.same_paper import paper_keys
from storage import schema
from storage.connection import connect_engine
from storage.settings import Settings
from storage.stores import database_url
from storage.tables import metadata
from tests.fakes.house import sample_record, sample_verdicts


def test_two_hosts_may_start_at_once(empty_database: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        for started in [pool.submit(schema.upgrade, empty_database) for _ in range(3)]:
            started.result()
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("select count(*) from alembic_version").fetchone() == (1,)
        assert connection.execute("select count(*) from procrastinate_jobs").fetchone() == (0,)


RAW_BATCHES = {
    "Hộp 7": "Hộp 7",
    unicodedata.normalize("NFD", "Hộp 7"): "Hộp 7",
    " Hộp\u20097\u3000": "Hộp 7",
    "Hộp\t7": "Hộp 7",
    "a\u202e\u0301": "á",
    "x" * 199 + " yz": "x" * 199,
    "  ": None,
    "": None,
    None: None,
}
"""Names as they were stored before there was one rule, and as they can be found."""


def test_batches_of_before_are_found_under_their_name(empty_database: str) -> None:
    schema.upgrade(empty_database, "0001")
    insert = """insert into document (id, agency_id, batch, file, sha256, media_type, pages, lane, state,
        reasons, verdicts, created_by, created_at, updated_at)
        values (%s, 'vn', %s, '', '', '', '{}', '', '', '{}', '[]', '', now(), now())"""
    with psycopg.connect(empty_database) as connection:
        connection.execute("insert into agency (id, name, level, path) values ('vn', '', '', 'vn')")
        for number, raw in enumerate(RAW_BATCHES):
            connection.execute(insert, (str(number), raw))
    schema.upgrade(empty_database)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute("select batch from document order by id").fetchall()
    kept = [batch for (batch,) in rows]
    assert kept == list(RAW_BATCHES.values())
    assert all(batch_name(name) == name for name in kept if name is not None)


def test_documents_of_before_say_when_they_were_matched(empty_database: str) -> None:
    schema.upgrade(empty_database, "0005")
    with psycopg.connect(empty_database) as connection:
        connection.execute("insert into agency (id, name, level, path) values ('vn', '', '', 'vn')")
        for one in ("matched", "unread"):
            connection.execute(
                """insert into document (id, agency_id, file, sha256, media_type, pages, lane, state,
                reasons, verdicts, created_by, created_at, updated_at)
                values (%s, 'vn', '', '', '', '{}', '', '', '{}', '[]', '', now(), now())""",
                [one],
            )
        for name, day in (("matched", 1), ("matched", 3), ("viewed", 4)):
            connection.execute(
                """insert into event (name, actor_id, agency_id, document_id, at, facts)
                values (%s, '', 'vn', 'matched', make_timestamptz(2026, 11, %s, 0, 0, 0), '{}')""",
                [f"document.{name}", day],
            )
    schema.upgrade(empty_database)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute(
            "select id, extract(day from matched_at)::int from document order by id"
        ).fetchall()
    assert rows == [("matched", 3), ("unread", None)]


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
def test_the_tables_are_those_of_the_code(settings: Settings) -> None:
    engine = connect_engine(database_url(settings))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: (
                    kind != "table" or not str(name).startswith(("procrastinate", "alembic"))
                ),
            },
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    # the one column that only the database fills
    assert [d for d in differences if getattr(d[-1], "name", "") != "xid"] == []


def test_the_trail_cannot_be_rewritten(settings: Settings, clean_database: None) -> None:  # noqa: ARG001  # wanted for its effect
    with psycopg.connect(database_url(settings)) as connection:
        connection.execute(
            "insert into event (name, actor_id, agency_id, at, facts) values ('x', 'x', 'x', now(), '{}')"
        )
        connection.commit()
        for statement in ("update event set name = 'y'", "delete from event", "truncate event"):
            with pytest.raises(psycopg.errors.RaiseException):
                connection.execute(statement)
            connection.rollback()


def test_a_server_that_is_away_is_unavailable() -> None:
    with pytest.raises(HosoError) as away:
        schema.upgrade("postgresql://hoso:secret-word@127.0.0.1:9/hoso")
    assert away.value.code is ErrorCode.DATABASE_UNAVAILABLE
    assert "secret-word" not in str(away.value)


def test_papers_of_before_are_found_by_their_keys(empty_database: str) -> None:
    schema.upgrade(empty_database, "0007")
    record, verdicts = sample_record(), sample_verdicts()

    def with_value(name: str, text: str) -> Record:
        changed = replace(record.fields["number"], value=text, certain=True)
        return replace(record, fields={**record.fields, name: changed})

    corrected = replace(record.fields["registration_date"], certain=False, corrected_by="an")
    doubtful = replace(record.fields["number"], certain=False)
    records = {
        "extract": record,
        "corrected": replace(record, fields={**record.fields, "registration_date": corrected}),
        "doubtful": replace(record, fields={**record.fields, "number": doubtful}),
        "zeros": with_value("number", "0012/2024/TLKS–BS"),
        "bare": with_value("registration_number", "012"),
        "endless": with_value("issuing_agency", secrets.token_hex(3000) + "ế"),
        "card": replace(record, form=FormCode.IDENTITY_CARD),
        "other": replace(record, form=FormCode.OTHER),
        "unread": None,
    }
    with psycopg.connect(empty_database) as connection:
        connection.execute("insert into agency (id, name, level, path) values ('vn', '', '', 'vn')")
        for name, one in records.items():
            connection.execute(
                """insert into document (id, agency_id, file, sha256, media_type, pages, lane, state,
                reasons, record, verdicts, created_by, created_at, updated_at)
                values (%s, 'vn', '', '', '', '{}', '', '', '{}', %s, %s, '', now(), now())""",
                [
                    name,
                    json.dumps(None if one is None else to_json(one)),
                    json.dumps([verdict_to_json(verdict) for verdict in verdicts if one]),
                ],
            )
    schema.upgrade(empty_database)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute("select id, paper_keys from document").fetchall()
    assert {name: set(keys) for name, keys in rows} == {
        name: set() if one is None else set(paper_keys(one, verdicts))
        for name, one in records.items()
    }


def test_papers_of_before_came_when_their_file_came(empty_database: str) -> None:
    schema.upgrade(empty_database, "0006")
    with psycopg.connect(empty_database) as connection:
        for agency in ("vn", "24"):
            connection.execute(
                "insert into agency (id, name, level, path) values (%s, '', '', %s)",
                [agency, agency],
            )
        papers = (("brought", "a", "vn", 1), ("found", "a", "vn", 2), ("theirs", "a", "24", 3))
        for one, sha256, agency, day in (*papers, ("another", "b", "vn", 4)):
            connection.execute(
                """insert into document (id, agency_id, file, sha256, media_type, pages, lane, state,
                reasons, verdicts, created_by, created_at, updated_at) values (%s, %s, '', %s, '', '{}', '',
                '', '{}', '[]', '', make_timestamptz(2026, 11, %s, 0, 0, 0), now())""",
                [one, agency, sha256, day],
            )
    schema.upgrade(empty_database)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute(
            "select id, extract(day from created_at) from document"
        ).fetchall()
    assert {one: int(day) for one, day in rows} == {
        "brought": 1,
        "found": 1,
        "theirs": 3,
        "another": 4,
    }
