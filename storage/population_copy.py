"""Import of population rows by COPY: 100,000 persons in seconds, safe to repeat."""

from collections.abc import Iterable
from datetime import UTC, datetime

from psycopg import Connection as DriverConnection
from psycopg import sql
from sqlalchemy import Connection, insert

from domain.blocking import given_key, name_key, personal_id_ends
from domain.person import Person
from domain.population_import import ImportReport, RowRemark
from storage.tables import population, population_import

_VALUES = tuple(name for name in Person.__dataclass_fields__ if name != "source")
_KEYS = ("name_key", "given_key", "id_head", "id_tail")
_COLUMNS = (*_VALUES, "source", *_KEYS)
_LIST = sql.SQL(", ").join(sql.Identifier(name) for name in _COLUMNS)
_COMPARED = [name for name in _VALUES if name != "personal_id"]
_SAID = [name for name in _COMPARED if name != "updated_at"]


def _listed(table: str, names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(table, name) for name in names)


_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('population import'))"
"""Two imports whose rows stand in another order would wait for each other's rows for ever."""
_STAGE = "create temporary table incoming (like population, line bigint) on commit drop"
_COPY = sql.SQL("copy incoming (line, {columns}) from stdin").format(columns=_LIST)
# of rows with one number the newest counts; among equally old ones, and among undated ones, the last line
_REPEATED = sql.SQL(
    """
    delete from incoming using (
        select line, first_value(line) over (
            partition by personal_id order by updated_at desc nulls last, line desc
        ) as counting_line
        from incoming
    ) as ordered
    join incoming as counting on counting.line = ordered.counting_line
    where incoming.line = ordered.line and ordered.line <> ordered.counting_line
    returning incoming.line, ({repeated}) is distinct from ({counting}) as differs
    """
).format(repeated=_listed("incoming", _SAID), counting=_listed("counting", _SAID))
_AGE = "coalesce({}.updated_at, '-infinity')"
# an undated row is older than any dated one; one that says nothing else than what is known is no loss
_OUTDATED = sql.SQL(
    """
    delete from incoming using population
    where incoming.personal_id = population.personal_id and {incoming_age} < {known_age}
      and ({known}) is distinct from ({incoming})
    returning incoming.line, true as differs
    """
).format(
    incoming_age=sql.SQL(_AGE.format("incoming")),
    known_age=sql.SQL(_AGE.format("population")),
    known=_listed("population", _SAID),
    incoming=_listed("incoming", _SAID),
)
# a row whose values are known already is left alone, age and all
_MERGE = sql.SQL(
    """
    insert into population ({columns}) select {columns} from incoming
    on conflict (personal_id) do update set {assignments}
    where ({old}) is distinct from ({new}) and {new_age} >= {old_age}
    """
).format(
    columns=_LIST,
    assignments=sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in _COLUMNS
    ),
    old=_listed("population", _COMPARED),
    new=_listed("excluded", _COMPARED),
    new_age=sql.SQL(_AGE.format("excluded")),
    old_age=sql.SQL(_AGE.format("population")),
)
_COUNT = "select count(*) from incoming"
# what is counted before the commit are the rows that will stand after it
_ANALYZE = f"analyze {population.name}"


def copy_rows(
    connection: Connection, rows: Iterable[tuple[int, Person]], source: str
) -> ImportReport:
    """Insert or update ``rows``, each with its line number; they stand when the transaction commits.

    ``source`` names the data and stands on every value later consulted. Rows that say nothing new are
    counted as ``unchanged``. Rejected are rows that another row of the same number outdoes and contradicts
    (``personal_id_repeated``) and rows older than what is known (``older_than_known``), an undated one being
    older than any dated one. Imports at once are merged one after the other: whoever comes second waits for
    the first one's commit.
    """
    report = _merge(_driver(connection), rows, source)
    connection.execute(
        insert(population_import).values(
            source=source,
            at=datetime.now(UTC),
            imported=report.imported,
            unchanged=report.unchanged,
        )
    )
    _driver(connection).execute(_ANALYZE)
    return report


def _driver(connection: Connection) -> "DriverConnection[tuple[object, ...]]":
    driver = connection.connection.driver_connection
    if not isinstance(driver, DriverConnection):
        msg = "the engine must speak psycopg 3"
        raise TypeError(msg)
    return driver


def _merge(
    driver: "DriverConnection[tuple[object, ...]]", rows: Iterable[tuple[int, Person]], source: str
) -> ImportReport:
    with driver.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for line, person in rows:
                copy.write_row([line, *_row(person, source)])
        cursor.execute(_ONE_AT_A_TIME)  # only now: files are read at the same time
        told = [
            (int(str(line)), reason, differs)
            for statement, reason in (
                (_REPEATED, "personal_id_repeated"),
                (_OUTDATED, "older_than_known"),
            )
            for line, differs in cursor.execute(statement)
        ]
        rejected = sorted(
            RowRemark(line=line, reason=reason) for line, reason, differs in told if differs
        )
        cursor.execute(_COUNT)
        counted = cursor.fetchone()
        total = int(str(counted[0])) if counted else 0
        cursor.execute(_MERGE)
        said_twice = len(told) - len(rejected)
        return ImportReport(
            imported=cursor.rowcount,
            unchanged=total - cursor.rowcount + said_twice,
            rejected=rejected,
        )


def _row(person: Person, source: str) -> list[object]:
    key = name_key(person.full_name) if person.full_name else None
    head, tail = personal_id_ends(person.personal_id)
    values = [getattr(person, name) for name in _VALUES]
    return [*values, source, key, given_key(key) if key else None, head, tail]
