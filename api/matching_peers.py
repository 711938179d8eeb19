"""Other ways to find a person in the population, for ``hoso bench matching``.

Each is what an office would build or install instead of ours, and answers one person at a time from name,
date of birth and number; Splink answers all papers at once, in an environment of its own.
"""

import csv
import json
import os
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.fuzz import ratio
from sqlalchemy import Connection, text

from api import splink_job
from domain.blocking import date_span, name_key
from domain.person import Person
from domain.text import comparison_key
from matching.decision import MATCHED_FROM, REVIEW_FROM, RIVAL_UP_TO
from matching.people import PrintedPerson
from ocr.peers.environment import prepare_environment
from ocr.peers.process import ReaderFailedError

SPLINK_VERSION = "4.0.16"
SHOWN = 6
"""The best candidate and five more, as our verdicts list them."""
_SPLINK_SECONDS = 3600
_SAME_NAME = 90.0
"""Percent of alike letters from which rapidfuzz's users take two names for the same."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one way says of one person on paper."""

    matched: str | None
    """The personal number it is sure of, if any."""
    shown: tuple[str, ...]
    """The numbers an officer would see, best first."""
    nobody: bool
    """Whether it says that this person is in no register."""


class Lookup(Protocol):
    """A peer that answers one person at a time."""

    def answer(self, person: PrintedPerson) -> Answer:
        """The person among the population."""
        ...


def _chosen(rows: Sequence[tuple[str, bool]]) -> Answer:
    """The one row that agrees in full, where there is exactly one; ``rows`` are number and agreement."""
    sure = [number for number, agrees in rows if agrees]
    return Answer(
        matched=sure[0] if len(sure) == 1 else None,
        shown=tuple(number for number, _ in rows[:SHOWN]),
        nobody=not rows,
    )


def _same_birth(printed: str | None, known: str | None) -> bool:
    """Equal, or the paper has the year alone and it is the row's."""
    if printed is None or known is None:
        return False
    return known.startswith(printed) if len(printed) == len("YYYY") else known == printed


@dataclass(frozen=True, kw_only=True)
class _Holder:
    """The row that bears the number on paper."""

    number: str
    agrees: bool
    """Whether its name or its date of birth is that of the paper."""


def _with_holder(holder: _Holder | None, rows: Callable[[], list[tuple[str, bool]]]) -> Answer:
    """The holder of the number where something agrees, else what name and date find, the holder shown too."""
    if holder is not None and holder.agrees:
        return _chosen([(holder.number, True)])
    found = rows()
    if holder is not None and holder.number not in dict(found):
        found.append((holder.number, False))
    return _chosen(found)


class ExactLookup:
    """SQL equality: the number, where name or date confirm it; else name and date, letter for letter."""

    _BY_NUMBER = text(
        "select personal_id, full_name, birth_date from population where personal_id = :number"
    )
    # the index is on the folded name; equality of the name as written is asked on top
    _BY_NAME = text(
        "select personal_id, full_name from population"
        " where name_key = :key and birth_date >= :date and birth_date <= :last limit 50"
    )

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def answer(self, person: PrintedPerson) -> Answer:
        """One or two index look-ups."""
        return _with_holder(self.holder(person), lambda: self._rows(person))

    def holder(self, person: PrintedPerson) -> _Holder | None:
        """Who holds the number on paper."""
        number = person.value("personal_id")
        if number is None:
            return None
        row = self._connection.execute(self._BY_NUMBER, {"number": number}).first()
        if row is None:
            return None
        same_name = comparison_key(row.full_name or "") == comparison_key(
            person.value("full_name") or ""
        )
        same_birth = _same_birth(person.value("birth_date"), row.birth_date)
        return _Holder(number=row.personal_id, agrees=same_name or same_birth)

    def _rows(self, person: PrintedPerson) -> list[tuple[str, bool]]:
        name, date = person.value("full_name"), person.value("birth_date")
        if not name or not date:
            return []
        first, last = date_span(date)
        asked = {"key": name_key(name), "date": first, "last": last}
        wanted = comparison_key(name)
        return [
            (row.personal_id, True)
            for row in self._connection.execute(self._BY_NAME, asked)
            if comparison_key(row.full_name or "") == wanted
        ]


class TrigramLookup:
    """PostgreSQL's ``pg_trgm`` on the name without marks, then the date of birth."""

    _INDEX = (
        "create extension if not exists pg_trgm",
        "create index if not exists bench_trigram on population using gin (name_key gin_trgm_ops)",
        "analyze population",
        "set pg_trgm.similarity_threshold = 0.6",
    )
    _ASK = text(
        "select personal_id, birth_date, similarity(name_key, :key) as likeness from population"
        " where name_key % :key"
        " order by coalesce(birth_date, '') not like :date, likeness desc limit 20"
    )

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._exact = ExactLookup(connection)
        for statement in self._INDEX:
            connection.execute(text(statement))

    def answer(self, person: PrintedPerson) -> Answer:
        """The number first, else everybody whose name shares six tenths of its trigrams."""
        return _with_holder(self._exact.holder(person), lambda: self._rows(person))

    def _rows(self, person: PrintedPerson) -> list[tuple[str, bool]]:
        key, date = name_key(person.value("full_name") or ""), person.value("birth_date")
        asked = {"key": key, "date": f"{date}%" if date else ""}
        return [
            (row.personal_id, row.likeness == 1 and _same_birth(date, row.birth_date))
            for row in self._connection.execute(self._ASK, asked)
        ]


class FuzzyLookup:
    """rapidfuzz over every name in memory, then the date of birth."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self._persons = list(persons)
        self._names = [name_key(person.full_name or "") for person in self._persons]
        self._place = {person.personal_id: at for at, person in enumerate(self._persons)}

    def answer(self, person: PrintedPerson) -> Answer:
        """The number first, else the names alike, those of the same day of birth before the others."""
        return _with_holder(self._holder(person), lambda: self._rows(person))

    def _holder(self, person: PrintedPerson) -> _Holder | None:
        at = self._place.get(person.value("personal_id") or "")
        if at is None:
            return None
        row = self._persons[at]
        key = name_key(person.value("full_name") or "")
        same_birth = _same_birth(person.value("birth_date"), row.birth_date)
        agrees = same_birth or ratio(key, self._names[at]) >= _SAME_NAME
        return _Holder(number=row.personal_id, agrees=agrees)

    def _rows(self, person: PrintedPerson) -> list[tuple[str, bool]]:
        key, date = name_key(person.value("full_name") or ""), person.value("birth_date")
        if not key:
            return []
        found = process.extract(key, self._names, scorer=ratio, score_cutoff=_SAME_NAME, limit=None)
        alike = [
            (_same_birth(date, self._persons[place].birth_date), likeness, place)
            for _, likeness, place in found
        ]
        alike.sort(key=lambda one: (not one[0], -one[1]))
        return [(self._persons[place].personal_id, same) for same, _, place in alike]


@dataclass(frozen=True, kw_only=True)
class SplinkAnswers:
    """What Splink said of all papers, with its seconds."""

    answers: Mapping[str, Answer]
    """By the key the person was given."""
    training: float
    prediction: float


def ask_splink(
    people: Mapping[str, PrintedPerson], persons: Iterable[Person], *, cache: Path, work: Path
) -> SplinkAnswers:
    """Link all papers in one run; judged by the limits of our own verdicts.

    Splink is installed under ``cache`` at the first use. Raises ``ReaderFailedError`` where that or the
    run fails.
    """
    python = prepare_environment(cache / f"splink-{SPLINK_VERSION}", [f"splink=={SPLINK_VERSION}"])
    work.mkdir(parents=True, exist_ok=True)
    _write(
        work / "papers.csv",
        (
            (
                key,
                *(one.value(name) for name in ("personal_id", "full_name", "birth_date")),
                one.sex,
            )
            for key, one in people.items()
        ),
    )
    _write(
        work / "population.csv",
        (
            (one.personal_id, one.personal_id, one.full_name, one.birth_date, one.sex)
            for one in persons
        ),
    )
    _run(python, work)
    told = json.loads((work / "answer.json").read_text(encoding="utf-8"))
    return SplinkAnswers(
        answers={key: _of_splink(told["found"].get(key, ())) for key in people},
        training=float(told["training"]),
        prediction=float(told["prediction"]),
    )


def _run(python: Path, work: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - our own script, our own folder
            [str(python), "-I", str(Path(splink_job.__file__)), str(work)],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SPLINK_SECONDS,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as error:
        msg = f"not done after {_SPLINK_SECONDS} s"
        raise ReaderFailedError(msg) from error
    if done.returncode != 0 or not (work / "answer.json").is_file():
        raise ReaderFailedError((done.stderr.strip() or "no word").splitlines()[-1][:300])


def _write(path: Path, rows: Iterable[tuple[str | None, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("unique_id", "personal_id", "full_name", "birth_date", "sex", "name_key"))
        for row in rows:
            writer.writerow((*row, name_key(row[2] or "")))


def _of_splink(found: Iterable[tuple[str, float]]) -> Answer:
    """Match weights of pairs as one question, who of these or nobody, with the limits of our own verdicts."""
    ranked = sorted(found, key=lambda one: -one[1])
    odds = [2.0**bits for _, bits in ranked]
    shares = [one / (1 + sum(odds)) for one in odds]
    sure = bool(shares) and shares[0] >= MATCHED_FROM and max(shares[1:], default=0) <= RIVAL_UP_TO
    likely = bool(shares) and shares[0] >= REVIEW_FROM
    return Answer(
        matched=ranked[0][0] if sure else None,
        shown=tuple(number for number, _ in ranked[:SHOWN]) if likely else (),
        nobody=not likely,
    )
