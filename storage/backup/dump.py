"""``pg_dump``, ``pg_restore`` and ``psql``: the database as a stream, and back in one transaction."""

import io
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.errors import ErrorCode, HosoError
from storage.connection import database_errors
from storage.embedded.postgres import programs_folder
from storage.settings import Settings

CHUNK = 16 * 1024 * 1024
"""Bytes of the dump per part: what is held in memory."""
_UNKEPT = frozenset({"session"})
"""Tables whose rows are not kept: a sign-in is made again by signing in, and a copy of it is a key."""
_PLACE = "public"
_FOUND_IN = """
    select coalesce((select nspname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where pg_class.oid = to_regclass('alembic_version')), current_schema())
    """
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_PREAMBLE = 64 * 1024
LONGEST_PROBLEM = 300


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The database at one moment; good for as long as its transaction is open."""

    id: str
    connection: "psycopg.Connection[tuple[object, ...]]"
    schema: str
    server: int
    tables: Mapping[str, int]
    live_size: int


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Open a snapshot and count every table in it.

    Raises ``database_unavailable``, ``not_running``, ``tool_failed`` where the tables are not in ``public``.
    """
    with connected(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("set idle_in_transaction_session_timeout = 0")
        if (place := _place(connection)) != _PLACE:
            raise HosoError(ErrorCode.TOOL_FAILED, tool="pg_dump", problem=_elsewhere(place))
        yield Snapshot(
            id=str(_value(connection, "select pg_export_snapshot()")),
            connection=connection,
            schema=_schema(connection) or "",
            server=connection.info.server_version // 10000,
            tables=_counts(connection),
            live_size=int(str(_value(connection, "select pg_database_size(current_database())"))),
        )


def dump_chunks(settings: Settings, url: str, taken: Snapshot) -> Iterator[bytes]:
    """The dump of a snapshot in PostgreSQL's custom format, in chunks of :data:`CHUNK` bytes.

    Raises ``tool_missing``, ``tool_failed``.
    """
    place, environment = _connection(url)
    command = [
        str(_program(settings, "pg_dump")),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={taken.id}",
        *(f"--exclude-table-data=public.{table}" for table in sorted(_UNKEPT)),
        f"--dbname={place}",
    ]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603  # our own program and arguments, no shell
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment
        ) as running:
            if running.stdout is None:
                raise HosoError(ErrorCode.INTERNAL)
            while chunk := running.stdout.read(CHUNK):
                yield chunk
        if running.returncode != 0:
            raise _failure(said, tool="pg_dump")


def check_dump(settings: Settings, chunks: Iterator[bytes]) -> None:
    """Whether our ``pg_restore`` understands the dump: an older one refuses the format of a newer.

    Its table of contents, which is all that is read, stands in the first chunk.
    Raises ``tool_missing``, ``tool_failed``.
    """
    _program(settings, "psql")
    answer = subprocess.run(  # noqa: S603  # our own program and arguments, no shell
        [str(_program(settings, "pg_restore")), "--list"],
        input=next(chunks, b""),
        capture_output=True,
        check=False,
    )
    if answer.returncode != 0:
        raise _failure(io.BytesIO(answer.stderr), tool="pg_restore")


def restore_dump(settings: Settings, url: str, chunks: Iterable[bytes]) -> None:
    """Replace Hoso's tables by those of the dump, in one transaction: all of it or nothing.

    ``pg_restore`` turns the dump into SQL, which ``psql`` runs. In between, the one setting that
    servers before PostgreSQL 17 do not know is taken out. Raises ``tool_missing``, ``tool_failed``.
    """
    place, environment = _connection(url)
    environment["PGOPTIONS"] = "-c client_min_messages=warning"
    script = [
        *(str(_program(settings, "pg_restore")), "--file=-", "--no-owner", "--no-privileges"),
        *("--clean", "--if-exists", "--schema=public"),
    ]
    run = [str(_program(settings, "psql")), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", place]
    with tempfile.TemporaryFile() as said_1, tempfile.TemporaryFile() as said_2:
        reader = subprocess.Popen(  # noqa: S603  # our own program and arguments, no shell
            script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said_1
        )
        runner = subprocess.Popen(  # noqa: S603  # our own program and arguments, no shell
            run, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said_2, env=environment
        )
        feeder = _Feeder(chunks, reader.stdin)
        feeder.start()
        try:
            failed = _run_script(reader, runner, feeder)
        finally:
            # whatever went wrong: without its COMMIT the server rolls back
            for running in (reader, runner):
                running.kill()
                running.wait()
            feeder.join()
        if feeder.error is not None:
            raise feeder.error
        if failed is not None:
            raise _failure(said_1 if failed == "pg_restore" else said_2, tool=failed)


def schema_of(url: str) -> str | None:
    """Newest migration applied; ``None`` where the database has no tables of ours yet.

    Raises ``restore_target_not_empty`` where Hoso's tables stand, or would be made, outside ``public``: what
    a restore puts there is not what the house would work with.
    """
    with connected(url) as connection:
        if (place := _place(connection)) != _PLACE:
            raise HosoError(ErrorCode.RESTORE_TARGET_NOT_EMPTY, problem=_elsewhere(place))
        return _schema(connection)


def counts_of(url: str) -> Mapping[str, int]:
    """Rows of every table of ours but those not kept in backups."""
    with connected(url) as connection:
        return _counts(connection)


def name_versions(url: str, versions: IO[str]) -> None:
    """Tell the register under which version ids the new store keeps its copies.

    ``versions`` has lines ``SHA-256 <tab> version id``; the version ids of the old store mean nothing here.
    """
    with connected(url) as connection:
        connection.execute("create temp table new_version (key text, version text) on commit drop")
        with connection.cursor().copy("copy new_version from stdin") as copy:
            while block := versions.read(65536):
                copy.write(block)
        connection.execute(
            "update certificate set object_version = new_version.version"
            " from new_version where new_version.key = certificate.sha256"
        )


@contextmanager
def connected(url: str) -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    """A transaction in the database, committed at the end. Raises as ``database_errors`` says."""
    with database_errors(), psycopg.connect(url, connect_timeout=10) as connection:
        yield connection


def _value(connection: "psycopg.Connection[tuple[object, ...]]", query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    return None if row is None else row[0]


def _schema(connection: "psycopg.Connection[tuple[object, ...]]") -> str | None:
    if _value(connection, "select to_regclass('public.alembic_version')") is None:
        return None
    return str(_value(connection, "select version_num from public.alembic_version"))


def _place(connection: "psycopg.Connection[tuple[object, ...]]") -> str:
    """The schema where the search_path of this account finds Hoso's tables, or would make them."""
    return str(_value(connection, _FOUND_IN))


def _elsewhere(place: str) -> str:
    return f"search_path leads to schema {place}; backups are of schema {_PLACE}"


def _counts(connection: "psycopg.Connection[tuple[object, ...]]") -> dict[str, int]:
    rows = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' order by tablename"
    ).fetchall()
    counts: dict[str, int] = {}
    for (table,) in rows:
        if table not in _UNKEPT:
            query = sql.SQL("select count(*) from public.{}").format(sql.Identifier(str(table)))
            row = connection.execute(query).fetchone()
            counts[str(table)] = 0 if row is None else int(str(row[0]))
    return counts


def _program(settings: Settings, name: str) -> Path:
    path = programs_folder(settings) / name
    if not path.is_file():
        raise HosoError(ErrorCode.TOOL_MISSING, tool=name, problem=f"not in {path.parent}")
    return path


def _connection(url: str) -> tuple[str, dict[str, str]]:
    """Connection words without the password, which any user could read in the list of processes."""
    words = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    environment = dict(os.environ)
    if "password" in words:
        environment["PGPASSWORD"] = words.pop("password")
    if "require_auth" in words:  # a word that the programs of PostgreSQL 15 do not know
        environment["PGREQUIREAUTH"] = words.pop("require_auth")
    return make_conninfo("", **words), environment


class _Feeder(threading.Thread):
    """Writes the dump into ``pg_restore`` while the main thread reads its answer."""

    def __init__(self, chunks: Iterable[bytes], into: IO[bytes] | None) -> None:
        super().__init__(daemon=True)
        self._chunks = chunks
        self._into = into
        self.error: HosoError | None = None

    def run(self) -> None:
        if self._into is None:
            return
        try:
            with self._into as into:
                for chunk in self._chunks:
                    into.write(chunk)
        except BrokenPipeError:
            return  # the reader ended early and says why itself
        except HosoError as error:
            self.error = error


def _run_script(
    reader: "subprocess.Popen[bytes]", runner: "subprocess.Popen[bytes]", feeder: _Feeder
) -> str | None:
    """Run the whole script and commit it; the name of the program that failed, where one did."""
    if reader.stdout is None or runner.stdin is None:
        raise HosoError(ErrorCode.INTERNAL)
    failed: str | None = None
    try:
        with runner.stdin as into:
            into.write(b"BEGIN;\n")
            into.write(reader.stdout.read(_PREAMBLE).replace(_UNKNOWN_BEFORE_17, b""))
            while block := reader.stdout.read(1024 * 1024):
                into.write(block)
            feeder.join()
            if reader.wait() == 0 and feeder.error is None:
                into.write(b"COMMIT;\n")
            else:
                failed = "pg_restore"
                runner.kill()
    except BrokenPipeError:
        # psql stopped at an error and has said which, or was killed just now
        return failed or "psql"
    return failed or (None if runner.wait() == 0 else "psql")


def _failure(said: IO[bytes], *, tool: str) -> HosoError:
    """Only the line that names the error: the lines after it may quote rows, which are personal data."""
    said.seek(0)
    lines = said.read(65536).decode("utf-8", errors="replace").splitlines()
    telling = [line for line in lines if "error" in line.lower()] or lines[:1] or ["killed"]
    return HosoError(ErrorCode.TOOL_FAILED, tool=tool, problem=telling[0][:LONGEST_PROBLEM])
