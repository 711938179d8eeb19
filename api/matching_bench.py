"""``hoso bench matching``: papers with known people looked up in a large population, beside other ways."""

import random
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.bootstrap import import_population
from api.matching_peers import (
    SHOWN,
    SPLINK_VERSION,
    Answer,
    ExactLookup,
    FuzzyLookup,
    Lookup,
    TrigramLookup,
    ask_splink,
)
from api.office import office_actor
from domain.person import Person
from domain.verdict import Decision, Verdict
from ingest.samples.archive import draw_bystanders, write_population
from ingest.samples.typed import Legibility, TypedDocument, typed_document
from matching.accuracy import MatchingScore, score
from matching.people import PrintedPerson, people_on
from ocr.peers.process import ReaderFailedError
from storage.database import PostgresTransaction
from storage.embedded import supervisor
from storage.settings import EMBEDDED, load_settings
from storage.stores import open_database
from workflow.matching import match_record

OnDone = Callable[[str, int], None]
"""Told the name of the stage and the number of papers done (the population: 1 when it is imported)."""
ERROR_SHARE = 0.5
"""Papers that meet an error of the population: twice as many as in the sample archive."""
Key = tuple[str, str]
"""File and role."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How one way did. Persons whose paper and register are both known to the bench."""

    name: str
    failure: str = ""
    present: int = 0
    """Persons on paper who are in the population."""
    right: int = 0
    """Of these: matched without an officer, with their own row."""
    seen: int = 0
    """Of these: matched rightly or left to an officer with their own row among the rows shown."""
    absent: int = 0
    """Persons on paper who are not in the population."""
    nobody: int = 0
    """Of these: said to be in no register."""
    matched: int = 0
    """All matches, and those …"""
    wrong: int = 0
    """… with someone else."""
    seconds: float = 0.0
    """Elapsed, for all persons, database included."""
    preparation: float = 0.0
    """Elapsed seconds to build what only this way needs: an index, a model."""

    @property
    def persons(self) -> int:
        """Everybody asked for."""
        return self.present + self.absent

    @property
    def milliseconds(self) -> float:
        """Elapsed per person."""
        return 1000 * self.seconds / max(1, self.persons)


@dataclass(frozen=True, kw_only=True)
class MatchingRun:
    """All of one run, ours first."""

    tallies: tuple[Tally, ...]
    findings: MatchingScore
    """What our verdicts said of planted errors."""
    population: int
    papers: int


def measure_matching(
    *, papers: int, population: int, seed: int, cache: Path, peers: bool, on_done: OnDone
) -> MatchingRun:
    """Draw papers and people, import them, ask every way; ``cache`` keeps Splink's environment."""
    documents = []
    for index in range(papers):
        documents.append(
            typed_document(index, seed=seed, error_share=ERROR_SHARE, legibility=Legibility())
        )
        on_done("papers", index + 1)
    persons = _population(documents, population, seed)
    with tempfile.TemporaryDirectory(prefix="hoso-bench-") as folder:
        # servers of its own: whatever HOSO_DATABASE_URL names is an office's, and stays untouched
        settings = load_settings(home=Path(folder) / "home", **EMBEDDED)
        supervisor.up(settings)
        try:
            table = Path(folder) / "population.csv"
            write_population(table, persons.values(), random.Random(seed))  # noqa: S311  sample data
            import_population(settings, office_actor(settings), table, source="bench")
            on_done("population", 1)
            with open_database(settings).transaction() as tx:
                tallies, findings = _asked(documents, persons, tx, peers=peers, on_done=on_done)
        finally:
            supervisor.down(settings)
        if peers:
            tallies.append(_splink(documents, persons, cache=cache, work=Path(folder) / "splink"))
    return MatchingRun(
        tallies=tuple(tallies), findings=findings, population=len(persons), papers=papers
    )


def _population(documents: Sequence[TypedDocument], size: int, seed: int) -> dict[str, Person]:
    """The papers' people and bystanders up to ``size``; a number given twice keeps its first owner."""
    own = [person for document in documents for person in document.population]
    rng = random.Random(f"{seed}/population")  # noqa: S311  sample data
    persons: dict[str, Person] = {}
    for person in (*own, *draw_bystanders(rng, max(0, size - len(own)))):
        persons.setdefault(person.personal_id, person)
    return persons


def _asked(
    documents: Sequence[TypedDocument],
    persons: Mapping[str, Person],
    tx: PostgresTransaction,
    *,
    peers: bool,
    on_done: OnDone,
) -> tuple[list[Tally], MatchingScore]:
    """Every way on every paper, one after the other on the same paper, so that all meet the same noise."""
    lookups, preparation = _lookups(persons, tx) if peers else ({}, {})
    verdicts: dict[str, tuple[Verdict, ...]] = {}
    ours: dict[Key, Answer] = {}
    theirs: dict[str, dict[Key, Answer]] = {name: {} for name in lookups}
    spent = dict.fromkeys(("Hoso", *lookups), 0.0)
    match_record(documents[0].record, population=tx.population)  # loads the tables of places
    for done, document in enumerate(documents, start=1):
        record = document.record
        began = time.perf_counter()
        verdicts[record.file] = match_record(record, population=tx.population)
        spent["Hoso"] += time.perf_counter() - began
        ours |= {(record.file, one.role): _of_verdict(one) for one in verdicts[record.file]}
        for name, lookup in lookups.items():
            for person in people_on(record):
                began = time.perf_counter()
                theirs[name][record.file, person.role] = lookup.answer(person)
                spent[name] += time.perf_counter() - began
        on_done("matching", done)
    tallies = [
        tally(name, documents, answers, seconds=spent[name], preparation=preparation.get(name, 0.0))
        for name, answers in {"Hoso": ours, **theirs}.items()
    ]
    return tallies, score(verdicts, (document.truth for document in documents))


def _lookups(
    persons: Mapping[str, Person], tx: PostgresTransaction
) -> tuple[dict[str, Lookup], dict[str, float]]:
    makers: dict[str, Callable[[], Lookup]] = {
        "equality in SQL": lambda: ExactLookup(tx.connection),
        "PostgreSQL trigrams": lambda: TrigramLookup(tx.connection),
        "rapidfuzz over all names": lambda: FuzzyLookup(persons.values()),
    }
    lookups, seconds = {}, {}
    for name, make in makers.items():
        began = time.perf_counter()
        lookups[name] = make()
        seconds[name] = time.perf_counter() - began
    return lookups, seconds


def _splink(
    documents: Sequence[TypedDocument], persons: Mapping[str, Person], *, cache: Path, work: Path
) -> Tally:
    name = f"Splink {SPLINK_VERSION}"
    people: dict[Key, PrintedPerson] = {
        (document.record.file, person.role): person
        for document in documents
        for person in people_on(document.record)
    }
    asked = {f"{file}/{role}": person for (file, role), person in people.items()}
    try:
        told = ask_splink(asked, persons.values(), cache=cache, work=work)
    except (ReaderFailedError, OSError) as error:
        return Tally(name=name, failure=str(error) or "failed without a word")
    answers = {(file, role): told.answers[f"{file}/{role}"] for file, role in people}
    return tally(name, documents, answers, seconds=told.prediction, preparation=told.training)


def _of_verdict(verdict: Verdict) -> Answer:
    """As an officer meets it: a match, rows to choose from, or nobody."""
    matched = verdict.personal_id if verdict.decision is Decision.MATCHED else None
    if verdict.decision is Decision.NO_RECORD:
        return Answer(matched=None, shown=(), nobody=True)
    others = (candidate.personal_id for candidate in verdict.candidates)
    best = (verdict.personal_id,) if verdict.personal_id else ()
    return Answer(matched=matched, shown=(*best, *others)[:SHOWN], nobody=False)


def tally(
    name: str,
    documents: Sequence[TypedDocument],
    answers: Mapping[Key, Answer],
    *,
    seconds: float,
    preparation: float,
) -> Tally:
    """Count ``answers`` against the truth; a person nobody was asked about counts as not found."""
    present = right = seen = absent = nobody = matched = wrong = 0
    silent = Answer(matched=None, shown=(), nobody=False)
    for document in documents:
        for person in people_on(document.record):
            row = document.rows.get(person.role)
            said = answers.get((document.record.file, person.role), silent)
            matched += said.matched is not None
            wrong += said.matched is not None and said.matched != row
            if row is None:
                absent += 1
                nobody += said.nobody
            else:
                present += 1
                right += said.matched == row
                seen += said.matched == row or (said.matched is None and row in said.shown)
    return Tally(
        name=name, present=present, right=right, seen=seen, absent=absent, nobody=nobody,
        matched=matched, wrong=wrong, seconds=seconds, preparation=preparation,
    )  # fmt: skip
