"""Population: the data that records are matched against is brought in, and what is wrong taken out."""

from collections.abc import Iterable, Iterator

from domain.actor import Action, Actor, require
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.person import Person
from domain.personal_number import digits_of
from domain.population_import import ImportReport, RowRemark
from domain.ports import Clock, Database, Step, Transaction
from matching.population_file import AcceptedRow, RejectedRow, parse_population
from workflow.transition import note


def import_population(
    actor: Actor,
    lines: Iterable[str],
    *,
    source: str,
    database: Database,
    clock: Clock,
) -> ImportReport:
    """Parse the contract's CSV and merge what is well-formed; safe to repeat.

    Rows, the line of the trail and the jobs commit together: whatever breaks off, none stands without it.
    Raises what ``parse_population`` does, and nothing is imported then. Rows that cannot be taken are
    reported with line and reason, the others are imported: every row is imported, unchanged or rejected.
    Documents in review are then matched again in the background.
    """
    require(actor, Action.POPULATION_IMPORT)
    with database.transaction() as tx:
        report = _merged(lines, source=source, tx=tx, clock=clock)
        note(
            tx,
            EventName.POPULATION_IMPORTED,
            actor,
            at=clock.now(),
            source=source,
            imported=report.imported,
            unchanged=report.unchanged,
            rejected=len(report.rejected),
            remarks=len(report.remarks),
        )
        _match_behind(tx, clock)
    # once more: what was matched meanwhile was matched without the rows, which nobody else saw yet
    with database.transaction() as tx:
        _match_behind(tx, clock)
    return report


def _merged(lines: Iterable[str], *, source: str, tx: Transaction, clock: Clock) -> ImportReport:
    rejected: list[RowRemark] = []
    remarks: list[RowRemark] = []
    rows = parse_population(lines, source=source, now=clock.now())
    merged = tx.population.merge(_well_formed(rows, rejected, remarks), source=source)
    lost = {remark.line for remark in merged.rejected}
    return ImportReport(
        imported=merged.imported,
        unchanged=merged.unchanged,
        rejected=tuple(sorted([*rejected, *merged.rejected])),
        remarks=tuple(remark for remark in remarks if remark.line not in lost),
    )


def _match_behind(tx: Transaction, clock: Clock) -> None:
    """Whatever was matched before now is matched again, also where the import brought nothing new."""
    tx.jobs.enqueue_behind(Step.MATCH, tx.documents.matched_before(clock.now()))


def remove_person(
    actor: Actor, personal_id: str, *, reason: str, tx: Transaction, clock: Clock
) -> Person:
    """Take the row of ``personal_id`` out and return it; documents in review are matched again.

    Raises ``reason_required``, and ``person_not_found`` where nobody has the number (any more). An import
    of a file that still has the row brings it back.
    """
    require(actor, Action.POPULATION_IMPORT)
    stated = reason.strip()
    if not stated:
        raise HosoError(ErrorCode.REASON_REQUIRED)
    number = digits_of(personal_id)
    person = tx.population.get(number)
    if person is None or not tx.population.remove(number):
        raise HosoError(ErrorCode.PERSON_NOT_FOUND, personal_id=personal_id)
    note(
        tx,
        EventName.POPULATION_REMOVED,
        actor,
        at=clock.now(),
        personal_id=number,
        source=person.source,
        reason=stated,
    )
    _match_behind(tx, clock)
    return person


def _well_formed(
    rows: Iterable[AcceptedRow | RejectedRow], rejected: list[RowRemark], remarks: list[RowRemark]
) -> Iterator[tuple[int, Person]]:
    for row in rows:
        if isinstance(row, RejectedRow):
            rejected.append(row.remark)
        else:
            remarks.extend(row.remarks)
            yield row.line, row.person
