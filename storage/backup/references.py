"""Which objects the rows of a snapshot name, crossed off as they are copied: what is left is missing.

Kept in a small file of its own (SQLite), not in memory, for a province has tens of millions.
"""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from domain.ports import Bucket
from storage.backup.dump import Snapshot

PageKey = Callable[[str, int], str]
"""SHA-256 of an original and a page number → key of the page's picture."""
_BATCH = 5000


class References:
    """Objects named by rows and not yet seen."""

    def __init__(self, register: sqlite3.Connection) -> None:
        self._register = register

    def load(self, taken: Snapshot, page_key: PageKey) -> None:
        """Note every original, page picture and e-copy that the snapshot's rows name."""
        self._note(taken, Bucket.ORIGINALS, "select distinct sha256 from document")
        self._note(taken, Bucket.ECOPIES, "select sha256 from certificate")
        with taken.connection.cursor("pages") as cursor:
            cursor.itersize = _BATCH
            # a page that could not be read has a document, but no record and no picture
            cursor.execute(
                "select distinct sha256, unnest(pages) from document "
                "where jsonb_typeof(record) = 'object'"
            )
            keys = ((str(Bucket.PAGES), page_key(str(row[0]), int(str(row[1])))) for row in cursor)
            self._register.executemany("insert or ignore into named values (?, ?)", keys)
        self._register.commit()

    def cross_off(self, bucket: Bucket, key: str) -> None:
        """The object is in the backup."""
        self._register.execute("delete from named where bucket = ? and key = ?", (str(bucket), key))

    def left(self) -> Iterator[tuple[Bucket, str]]:
        """What was not crossed off."""
        rows = self._register.execute("select bucket, key from named order by bucket, key")
        return ((Bucket(bucket), str(key)) for bucket, key in rows.fetchall())

    def _note(self, taken: Snapshot, bucket: Bucket, query: str) -> None:
        with taken.connection.cursor(str(bucket)) as cursor:
            cursor.itersize = _BATCH
            cursor.execute(query.encode())
            keys = ((str(bucket), str(row[0])) for row in cursor)
            self._register.executemany("insert or ignore into named values (?, ?)", keys)


@contextmanager
def references(file: Path) -> Iterator[References]:
    """An empty register in ``file``, which is deleted afterwards."""
    file.unlink(missing_ok=True)  # of a backup that was killed
    try:
        with closing(sqlite3.connect(file)) as register:
            register.execute("pragma journal_mode = off")
            register.execute("pragma synchronous = off")
            register.execute(
                "create table named (bucket text, key text, primary key (bucket, key)) without rowid"
            )
            yield References(register)
    except sqlite3.OperationalError as error:  # a full disk, above all
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error), str(file)) from error
    finally:
        file.unlink(missing_ok=True)
