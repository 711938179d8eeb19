"""The sample archive: ``scans/``, ``truth.jsonl`` and ``population.csv``.

``truth.jsonl`` has one line per document: ``file``, ``pages``, ``form``, of cards ``layout`` (the year
of their kind: ``1999``, ``2016``, ``2021``, ``2024``), ``fields`` (name to normalised value),
``persons`` (role to true personal number), ``population_errors`` (``role``, ``field``, ``kind``: a
finding kind, or ``no_record`` for field ``person``), ``look_alikes`` (numbers of twins and namesakes in
the population), ``level`` and ``damage``.
"""

import csv
import json
import multiprocessing
import os
import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from domain.person import Person
from ingest.samples.document import SampleDocument, make_document
from ingest.samples.people import TODAY, draw_day, draw_family

BYSTANDERS_PER_DOCUMENT = 25
_WORTH_PROCESSES = 8
"""Documents; fewer are drawn sooner than processes start."""
_COLUMNS = tuple(one.name for one in fields(Person) if one.name != "source")


def make_samples(
    out: Path,
    *,
    count: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> None:
    """Write an archive of ``count`` documents under ``out``; the same seed gives the same bytes.

    ``progress`` is told the number of documents done. ``workers`` processes draw in parallel (one
    per core where ``None``). Raises ``tool_missing`` where no Vietnamese serif is installed.
    """
    scans = out / "scans"
    scans.mkdir(parents=True, exist_ok=True)
    for old in scans.glob("[0-9]*_*.*"):
        old.unlink()  # of an archive made here before, with another seed or count
    persons: list[Person] = []
    with (out / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for done, document in enumerate(_documents(count, seed=seed, workers=workers), start=1):
            (scans / document.file).write_bytes(document.content)
            truth.write(json.dumps(document.truth, ensure_ascii=False) + "\n")
            persons.extend(document.population)
            if progress is not None:
                progress(done)
    rng = random.Random(f"{seed}/population")
    persons.extend(draw_bystanders(rng, count * BYSTANDERS_PER_DOCUMENT))
    rng.shuffle(persons)
    write_population(out / "population.csv", persons, rng)


def _documents(count: int, *, seed: int, workers: int | None) -> Iterator[SampleDocument]:
    make = partial(make_document, seed=seed)
    processes = min(workers or os.cpu_count() or 1, count)
    if processes <= 1 or count < _WORTH_PROCESSES:
        yield from map(make, range(count))
        return
    # spawn: the caller may hold threads, which fork would copy in the middle of their work
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(make, range(count), chunksize=2)


def draw_bystanders(rng: random.Random, number: int) -> Iterator[Person]:
    """People of no document, whole families, so that look-up has something to confuse."""
    made = 0
    while made < number:
        born = draw_day(rng, date(1950, 1, 1), TODAY - timedelta(days=60))
        family = draw_family(rng, born=born)
        yield from (family.child, family.mother, family.father)
        made += 3


def write_population(path: Path, persons: Iterable[Person], rng: random.Random) -> None:
    """The contract's columns; a number given twice by chance keeps its first owner."""
    seen: set[str] = set()
    start = datetime(2021, 7, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for person in persons:
            updated = start + timedelta(minutes=rng.randint(0, 2_500_000))
            if person.personal_id in seen:
                continue
            seen.add(person.personal_id)
            dated = replace(person, updated_at=updated)
            values = (getattr(dated, column) for column in _COLUMNS)
            writer.writerow([_cell(value) for value in values])


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)
