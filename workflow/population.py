"""Population: the data that records are matched against is brought in."""

from collections.abc import Callable, Iterable, Iterator

from domain.actor import Action, Actor, require
from domain.event import EventName
from domain.person import Person
from domain.ports import Clock, Database, ImportReport
from matching.population_file import AcceptedRow, RejectedRow, parse_population
from workflow.transition import note

Load = Callable[[Iterable[tuple[int, Person]], str], ImportReport]
"""Merges numbered rows of a named source into the population, all or nothing; reports those not taken."""


def import_population(
    actor: Actor,
    lines: Iterable[str],
    *,
    source: str,
    load: Load,
    database: Database,
    clock: Clock,
) -> ImportReport:
    """Parse the contract's CSV and merge what is well-formed; safe to repeat.

    Raises ``population_header_invalid``. Rows that cannot be taken are reported with line and reason,
    the others are imported: every row is imported, unchanged or rejected.
    """
    require(actor, Action.POPULATION_IMPORT)
    rejected: list[tuple[int, str]] = []
    loaded = load(_well_formed(parse_population(lines, source=source), rejected), source)
    report = ImportReport(
        imported=loaded.imported,
        unchanged=loaded.unchanged,
        rejected=tuple(sorted([*rejected, *loaded.rejected])),
    )
    with database.transaction() as tx:
        note(
            tx,
            EventName.POPULATION_IMPORTED,
            actor,
            at=clock.now(),
            source=source,
            imported=report.imported,
            unchanged=report.unchanged,
            rejected=len(report.rejected),
        )
    return report


def _well_formed(
    rows: Iterable[AcceptedRow | RejectedRow], rejected: list[tuple[int, str]]
) -> Iterator[tuple[int, Person]]:
    for row in rows:
        if isinstance(row, RejectedRow):
            rejected.append((row.line, row.reason))
        else:
            yield row.line, row.person
