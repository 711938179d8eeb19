"""What PostgreSQL refuses is told without the values that it quotes, in our logs and in its own."""

import traceback
from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.ports import Transaction
from domain.record import FieldValue
from storage.backup.dump import connected
from storage.connection import StatementRefusedError
from storage.database import PostgresDatabase
from storage.embedded import postgres
from storage.embedded.home import Home
from storage.embedded.process import log_path
from storage.settings import Settings
from storage.stores import database_url
from tests.fakes.house import sample_certificate, sample_document, sample_record

_VALUE = "số nhà 12 ngõ Bí Mật"


def _unkept(tx: Transaction) -> None:
    """A record with a sign that JSON in PostgreSQL has no place for."""
    text = f"\x00{_VALUE}"
    typed = FieldValue(text=text, value=text, confidence=1.0, certain=True, page=None, box=None)
    record = sample_record()
    fields = {"residence": typed}
    tx.documents.add(sample_document("errors-1", record=replace(record, fields=fields)))


def _twice(tx: Transaction) -> None:
    """A key that stands in the table already."""
    tx.documents.add(sample_document("errors-2"))
    for _ in range(2):
        tx.certificates.add(sample_certificate("errors-2", code=_VALUE))


@pytest.mark.parametrize("refused", [_unkept, _twice])
def test_a_refused_statement_is_told_without_values(
    settings: Settings, refused: Callable[[Transaction], None]
) -> None:
    database = PostgresDatabase(database_url(settings))
    try:
        with pytest.raises(StatementRefusedError) as told, database.transaction() as tx:
            refused(tx)
    finally:
        database.close()
    _assert_unnamed(settings, told.value)
    assert "%(" in str(told.value), "the statement tells where to look"


def test_rows_copied_are_in_no_error(settings: Settings) -> None:
    with pytest.raises(StatementRefusedError) as told:
        _copy_twice(database_url(settings))
    _assert_unnamed(settings, told.value)


def _copy_twice(url: str) -> None:
    with connected(url) as connection:
        connection.execute("create temporary table row_copied (name text primary key)")
        with connection.cursor().copy("copy row_copied from stdin") as copy:
            copy.write_row([_VALUE])
            copy.write_row([_VALUE])


def _assert_unnamed(settings: Settings, error: BaseException) -> None:
    assert "Bí Mật" not in "".join(traceback.format_exception(error))
    log = log_path(Home(path=settings.home), postgres.NAME)
    assert "Bí Mật" not in log.read_text(encoding="utf-8")
