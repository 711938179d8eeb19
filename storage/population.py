"""Look-up of persons by tiers of B-tree blocks, best evidence first.

Measured on 5 M persons (``../shared/findings.md`` § Population look-up): trigram indexes take a second,
these blocks a millisecond, at a recall of 99.5 %. The keys are pure functions of ``domain.blocking``.
"""

from collections.abc import Iterable
from typing import Any

from rapidfuzz.fuzz import ratio
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select, text

from domain.blocking import (
    closeness,
    date_variants,
    given_key,
    is_surely_met,
    name_key,
    personal_id_ends,
    personal_id_variants,
)
from domain.person import Person, PersonQuery
from domain.population_import import ImportReport
from storage.population_copy import copy_rows
from storage.tables import population

_PERSON_COLUMNS = [
    population.c[name] for name in Person.__dataclass_fields__ if name in population.c
]
_RANKED_BY = [
    population.c[name]
    for name in (
        "personal_id",
        "birth_date",
        "residence",
        "home_town",
        "mother_full_name",
        "father_full_name",
    )
]
_YEAR, _FULL_DATE, _FULL_ID = len("YYYY"), len("YYYY-MM-DD"), 12
_NAMESAKES = 200
"""Most rows taken from a block that is already narrow (same name, same half of the number)."""
_BIRTHDAY = 4000
"""Most rows taken from one day of birth, read from the index alone."""
_TAKEN_BY_NAME, _TAKEN_BESIDE_DATE = 32, 12
"""Of the bearers of a name, however they were born: the rest of the room is for other tiers."""
_NAMESAKES_READ = 200
"""Most bearers of one name that are looked at on either side of a birth, the nearest first …"""
_NAMESAKES_UNDATED = 1000
"""… and where no birth says which are near."""

_NOTED = text("select reltuples::bigint from pg_class where oid = 'population'::regclass")


class SqlPopulation:
    """Satisfies ``domain.ports.Population``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def candidates(self, query: PersonQuery, *, limit: int = 64) -> tuple[Person, ...]:
        """Everyone who shares a blocking key with ``query``, best tier first, at most ``limit``."""
        key = name_key(query.full_name) if query.full_name else ""
        date = query.birth_date or ""
        found: dict[str, None] = {}
        if query.personal_id:
            self._take(found, self._by_personal_id(query.personal_id), limit)
        if key and date:
            self._take(found, self._by_name_and_date(key, date), limit)
        near = self._persons(tuple(found))
        if key and not any(is_surely_met(query, person) for person in near):
            # a name alone is weak, but the date on one side may be missing or wrong
            most = _TAKEN_BESIDE_DATE if date else _TAKEN_BY_NAME
            self._take(found, self._by_name(key, query)[:most], limit)
        if len(query.personal_id or "") == _FULL_ID:
            self._take(found, self._by_id_ends(query.personal_id or "", key), limit)
        if len(date) == _FULL_DATE:
            self._take(found, self._by_birthday(date, key), limit)
        known = {person.personal_id for person in near}
        return (*near, *self._persons(tuple(one for one in found if one not in known)))

    def get(self, personal_id: str) -> Person | None:
        """The person with exactly that number."""
        persons = self._persons((personal_id,))
        return persons[0] if persons else None

    def merge(self, rows: Iterable[tuple[int, Person]], *, source: str) -> ImportReport:
        """Insert or update numbered rows by COPY; see :func:`storage.population_copy.copy_rows`."""
        return copy_rows(self._connection, rows, source)

    def remove(self, personal_id: str) -> bool:
        """Take the row of exactly that number out; whether there was one."""
        done = self._connection.execute(
            delete(population).where(population.c.personal_id == personal_id)
        )
        return done.rowcount > 0

    def count(self) -> int:
        """How many persons are known, as the server noted after the last import.

        Every match asks, and counting 200,000 rows would cost more than the match. A server that has noted
        nothing yet (an empty table, a backup just restored) counts.
        """
        noted = int(self._connection.execute(_NOTED).scalar_one())
        if noted > 0:
            return noted
        query = select(func.count()).select_from(population)
        return int(self._connection.execute(query).scalar_one())

    def namesakes(self, full_name: str, *, at_most: int) -> int:
        """Persons of the same folded name, counted in the index."""
        same = select(population.c.personal_id).where(population.c.name_key == name_key(full_name))
        query = select(func.count()).select_from(same.limit(at_most).subquery())
        return int(self._connection.execute(query).scalar_one())

    @staticmethod
    def _take(found: dict[str, None], ids: Iterable[str], limit: int) -> None:
        for personal_id in ids:
            if len(found) >= limit:
                return
            found[personal_id] = None

    def _by_personal_id(self, personal_id: str) -> list[str]:
        """Tier 1: the number itself, then numbers one slip of the pen away."""
        variants = personal_id_variants(personal_id)
        ids = self._ids(
            select(population.c.personal_id).where(population.c.personal_id.in_(variants))
        )
        return sorted(ids, key=variants.index)

    def _by_name_and_date(self, key: str, date: str) -> list[str]:
        """Tier 2: the same folded name and the date, a slip of it, or the year alone."""
        dates: ColumnElement[bool]
        if len(date) == _YEAR:
            # YYYY itself and every YYYY-MM-DD; the column sorts by bytes, "~" comes after "-"
            dates = and_(population.c.birth_date >= date, population.c.birth_date < f"{date}~")
        else:
            dates = population.c.birth_date.in_([*date_variants(date), date[:_YEAR]])
        block = and_(population.c.name_key == key, dates)
        return self._ids(select(population.c.personal_id).where(block).limit(_NAMESAKES))

    def _by_name(self, key: str, query: PersonQuery) -> list[str]:
        """Tier 3: the same folded name whatever the birth, nearest in family, home and date first."""
        named = select(*_RANKED_BY).where(population.c.name_key == key)
        birth = population.c.birth_date
        year = (query.birth_date or "")[:_YEAR]
        blocks = [named.limit(_NAMESAKES_UNDATED)]
        if year:
            # read along the index of name and birth, away from the year on both sides
            blocks = [
                named.where(birth >= year).order_by(birth).limit(_NAMESAKES_READ),
                named.where(birth < year).order_by(birth.desc()).limit(_NAMESAKES_READ),
                named.where(birth.is_(None)).limit(_NAMESAKES),
            ]
        persons = [
            Person(**row) for block in blocks for row in self._connection.execute(block).mappings()
        ]
        near = {person.personal_id: closeness(query, person) for person in persons}
        return sorted(near, key=lambda one: (*(-part for part in near[one]), one))

    def _by_id_ends(self, personal_id: str, key: str) -> list[str]:
        """Tier 4: one half of the number is intact."""
        head, tail = personal_id_ends(personal_id)
        block = or_(population.c.id_head == head, population.c.id_tail == tail)
        return self._ranked(block, key, limit=_NAMESAKES)

    def _by_birthday(self, date: str, key: str) -> list[str]:
        """Tier 5: the same day of birth, likest names first.

        Many people of unknown birthday are entered as born on 1 January: of a day too crowded to be
        taken whole, those of the same given name are taken first.
        """
        block = population.c.birth_date == date
        rows = self._rows(block, limit=_BIRTHDAY)
        if len(rows) == _BIRTHDAY:
            rows |= self._rows(
                and_(block, population.c.given_key == given_key(key)), limit=_BIRTHDAY
            )
        return _likest(rows, key)

    def _ranked(self, block: "ColumnElement[bool]", key: str, *, limit: int) -> list[str]:
        return _likest(self._rows(block, limit=limit), key)

    def _rows(self, block: "ColumnElement[bool]", *, limit: int) -> dict[str, str]:
        """Personal number → folded name of a block."""
        query = select(population.c.personal_id, population.c.name_key).where(block).limit(limit)
        rows = self._connection.execute(query).all()
        return {row.personal_id: row.name_key or "" for row in rows}

    def _ids(self, query: "Select[Any]") -> list[str]:
        return [str(one) for one in self._connection.execute(query).scalars()]

    def _persons(self, ids: tuple[str, ...]) -> tuple[Person, ...]:
        if not ids:
            return ()
        query = select(*_PERSON_COLUMNS).where(population.c.personal_id.in_(ids))
        rows = self._connection.execute(query).mappings()
        persons = {row["personal_id"]: Person(**row) for row in rows}
        return tuple(persons[one] for one in ids if one in persons)


def _likest(rows: dict[str, str], key: str) -> list[str]:
    likeness = {personal_id: ratio(key, name) for personal_id, name in rows.items()}
    return sorted(likeness, key=lambda one: (-likeness[one], one))
