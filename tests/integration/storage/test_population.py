"""Import and look-up of the population at the size of a district."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from domain.addresses import normalise_address
from domain.blocking import date_variants, personal_id_variants
from domain.person import Person, PersonQuery
from domain.population_import import RowRemark
from storage.database import PostgresDatabase
from storage.settings import Settings
from storage.stores import database_url
from tests.integration.storage.conftest import merged

SURNAMES = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLES = "Văn Thị Hữu Đức Minh Thanh Ngọc Quang Xuân Thu".split()
GIVENS = (
    "An Bình Cường Dung Giang Hà Hải Hoa Hùng Hương Khánh Lan Linh Long Mai Nam Nga Phúc".split()
)
SEED = 7
WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def persons(count: int) -> Iterator[Person]:
    chance = random.Random(SEED)  # noqa: S311  # sample data
    for number in range(count):
        year = chance.randrange(1930, 2020)
        yield Person(
            personal_id=f"{chance.randrange(1, 97):03}{chance.randrange(4)}{year % 100:02}{number:06}",
            full_name=" ".join(chance.choice(names) for names in (SURNAMES, MIDDLES, GIVENS)),
            birth_date=f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            sex=chance.choice(["male", "female"]),
            residence="xã Nghĩa Trung",
            updated_at=WHEN,
        )


def test_import_is_fast_exact_and_repeatable(
    settings: Settings, database: PostgresDatabase
) -> None:
    url = database_url(settings)
    everyone = list(persons(30_000))
    began = time.monotonic()
    first = merged(url, enumerate(everyone, 2), "csdl")
    seconds = time.monotonic() - began
    assert (first.imported, first.unchanged) == (30_000, 0)
    assert seconds < 40, "a 5 M import would take hours"

    again = merged(url, enumerate(everyone, 2), "another")
    assert (again.imported, again.unchanged) == (0, 30_000)

    changed = replace(everyone[0], residence=None, full_name="Tên Mới")
    third = merged(url, enumerate([everyone[1], everyone[0], changed], 2), "csdl 2")
    assert (third.imported, third.unchanged) == (1, 1), "the last line of a number wins"
    assert third.rejected == [RowRemark(line=3, reason="personal_id_repeated")]
    with database.transaction() as tx:
        assert tx.population.get(changed.personal_id) == replace(changed, source="csdl 2")
        assert tx.population.get(everyone[1].personal_id) == replace(everyone[1], source="csdl")
        assert tx.population.count() == 30_000

    assert_look_up_is_good(database, everyone[1000:1200])


def test_newer_rows_replace_older_ones_and_never_the_other_way(
    settings: Settings, database: PostgresDatabase
) -> None:
    url = database_url(settings)
    undated, old, new, newest = (
        Person(personal_id="027098001234", full_name=name, updated_at=at)
        for name, at in (
            ("Không Ngày", None),
            ("Tên Cũ", WHEN - timedelta(days=1)),
            ("Tên Mới", WHEN),
            ("Tên Mới", WHEN + timedelta(days=1)),
        )
    )

    def known() -> Person | None:
        with database.transaction() as tx:
            return tx.population.get("027098001234")

    first = merged(url, [(2, undated), (3, old), (4, undated)], "a")
    assert (first.imported, first.unchanged) == (1, 0), "an undated row is older than a dated one"
    assert first.rejected == [
        RowRemark(line=2, reason="personal_id_repeated"),
        RowRemark(line=4, reason="personal_id_repeated"),
    ]
    assert known() == replace(old, source="a")

    second = merged(url, [(2, new), (3, old)], "b")
    assert (second.imported, second.rejected) == (
        1,
        [RowRemark(line=3, reason="personal_id_repeated")],
    )
    for stale in (old, undated):
        third = merged(url, [(7, stale)], "c")
        assert (third.imported, third.unchanged, third.rejected) == (
            0,
            0,
            [RowRemark(line=7, reason="older_than_known")],
        )
    same = merged(url, [(7, replace(new, updated_at=None))], "c")
    assert (same.imported, same.unchanged, same.rejected) == (0, 1, []), "it says nothing else"
    assert known() == replace(new, source="b")

    for imported, unchanged in ((1, 2), (0, 3)):
        twice = merged(url, [(2, newest), (3, old), (4, new), (5, newest)], "d")
        assert (twice.imported, twice.unchanged) == (imported, unchanged), "rows say it twice"
        assert twice.rejected == [RowRemark(line=3, reason="personal_id_repeated")]
    assert known() == replace(newest, source="d")


@pytest.mark.parametrize("when", [WHEN, None])
def test_the_same_file_read_better_heals_what_is_stored(
    settings: Settings, database: PostgresDatabase, when: datetime | None
) -> None:
    url = database_url(settings)
    broken = Person(personal_id="025098001234", home_town="thành phố hú Thọ", updated_at=when)
    healed = replace(broken, home_town=normalise_address("T.Phú Thọ"))
    assert merged(url, [(2, broken)], "a").imported == 1
    assert merged(url, [(2, healed)], "a").imported == 1
    with database.transaction() as tx:
        known = tx.population.get("025098001234")
        assert known == replace(healed, source="a")
        assert known is not None
        assert known.home_town == "tỉnh Phú Thọ"
        assert tx.population.remove("025098001234")


def test_two_imports_of_the_same_people_in_another_order_both_succeed(
    settings: Settings, database: PostgresDatabase
) -> None:
    """Each would hold a row that the other waits for, were they merged at once."""
    url = database_url(settings)
    first, between, last = known = list(persons(3))
    merged(url, enumerate(known, 2), "a")
    newer = {
        one.personal_id: replace(one, full_name="Tên Mới", updated_at=WHEN + timedelta(days=1))
        for one in known
    }
    orders = [(first, between, last), (last, between, first)]
    with psycopg.connect(url) as holder, ThreadPoolExecutor(len(orders)) as pool:
        holder.execute(
            "select 1 from population where personal_id = %s for update", [between.personal_id]
        )
        imports = [
            pool.submit(
                merged,
                url,
                enumerate([newer[one.personal_id] for one in order], 2),
                f"import {number}",
            )
            for number, order in enumerate(orders)
        ]
        try:
            wait_for_waiting(url, len(orders))
        finally:
            holder.commit()
        reports = [one.result(timeout=60) for one in imports]
    assert sorted((one.imported, one.unchanged) for one in reports) == [(0, 3), (3, 0)]
    with database.transaction() as tx:
        assert {tx.population.get(one.personal_id).full_name for one in known} == {"Tên Mới"}  # type: ignore[union-attr]


def wait_for_waiting(url: str, count: int) -> None:
    """Until so many connections wait for a lock."""
    ends = time.monotonic() + 30
    with psycopg.connect(url, autocommit=True) as watcher:
        while time.monotonic() < ends:
            row = watcher.execute(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
            ).fetchone()
            if row == (count,):
                return
            time.sleep(0.05)
    raise AssertionError


def assert_look_up_is_good(database: PostgresDatabase, sought: list[Person]) -> None:
    """Every kind of slip alone must be forgiven, and quickly."""
    chance = random.Random(SEED)  # noqa: S311  # sample data
    took = []
    for person in sought:
        name, date = person.full_name or "", person.birth_date or ""
        slips = [
            PersonQuery(full_name=name.upper(), birth_date=date),
            PersonQuery(full_name=name, birth_date=chance.choice(date_variants(date))),
            PersonQuery(full_name=f"{name[:-1]}x", birth_date=date),
            PersonQuery(
                full_name="Không Rõ",
                personal_id=chance.choice(personal_id_variants(person.personal_id)),
            ),
        ]
        for slip in slips:
            began = time.perf_counter()
            with database.transaction() as tx:
                found = tx.population.candidates(slip)
            took.append(time.perf_counter() - began)
            assert person.personal_id in {one.personal_id for one in found}, slip
    assert sorted(took)[len(took) // 2] < 0.05


def test_a_failing_row_imports_nothing(settings: Settings, database: PostgresDatabase) -> None:
    def rows() -> Iterator[tuple[int, Person]]:
        yield from enumerate(persons(10), 2)
        raise KeyError

    try:
        merged(database_url(settings), rows(), "csdl")
    except KeyError:
        pass
    else:
        raise AssertionError
    with database.transaction() as tx:
        assert tx.population.count() == 0


def test_a_child_and_a_foreigner_without_values_are_kept(
    settings: Settings, database: PostgresDatabase
) -> None:
    bare = Person(personal_id="001")
    merged(database_url(settings), [(2, bare)], "csdl")
    with database.transaction() as tx:
        assert tx.population.get("001") == replace(bare, source="csdl")
        assert tx.population.candidates(PersonQuery(personal_id="001")) != ()
