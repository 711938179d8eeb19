"""Where the register's own links say that the rows found are not the couple, or not the parents, on paper.

A spouse who agrees speaks for a row (``matching.couples``). A spouse who does not speaks against it only
here, and only against who was found without a number: people part and marry again, the paper stays true,
and a row tells its present spouse only. So nobody is ruled out; a person decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.marital_status import MaritalStatus, marital_status_of
from domain.person import Person
from domain.ports import Population
from domain.record import Record
from domain.verdict import Decision, Finding, FindingKind, Verdict
from domain.vital_status import VitalStatus, parse_vital_status
from matching.comparison import compare_names
from matching.couples import COUPLES, PARENTS, are_spouses
from matching.gate import same_day_known
from matching.people import SUBJECT, PrintedPerson
from matching.scoring import NAME_FITS
from matching.settled import COUPLE, is_known
from matching.standing import PARTNER_OF, changed_before

_ENDED = {MaritalStatus.DIVORCED, MaritalStatus.WIDOWED}


@dataclass(frozen=True, kw_only=True)
class _Half:
    """One of a couple on paper; ``row`` is ``None`` where it is not settled whose it is."""

    verdict: Verdict
    printed: PrintedPerson
    row: Person | None

    @property
    def is_loose(self) -> bool:
        """Found by name, birth and home, without the number or one a digit off."""
        return self.row is not None and not _rests_on_number(self.verdict)

    @property
    def numbers(self) -> set[str]:
        """Found and printed."""
        found = self.row.personal_id if self.row is not None else None
        return {one for one in (found, self.printed.value("personal_id")) if one}


def against_registered_family(
    record: Record,
    verdicts: Sequence[Verdict],
    *,
    printed: Mapping[str, PrintedPerson],
    rows: Mapping[str, Person],
    population: Population,
) -> tuple[Verdict, ...]:
    """The verdicts; who was found without a number and whom the register's links contradict is left open.

    That is a couple of whom a row names somebody else; a husband or wife of a year of birth who is single
    after the wedding; a parent whose child's row names another. The finding ``couple`` tells of the first
    two, also where both rows name others, whatever they were found by, on a paper of marriage.
    """
    by_role = {one.role: one for one in verdicts}
    for role in PARENTS:
        if role in by_role and _is_denied_by_child(by_role[role], by_role.get(SUBJECT)):
            by_role[role] = replace(by_role[role], decision=Decision.REVIEW)
    for roles in COUPLES:
        if all(role in printed for role in roles):
            one, other = (_half(by_role[role], printed[role], rows) for role in roles)
            by_role |= {each.role: each for each in _couple(record, one, other, population)}
    return tuple(by_role[one.role] for one in verdicts)


def _half(verdict: Verdict, printed: PrintedPerson, rows: Mapping[str, Person]) -> _Half:
    row = rows[verdict.personal_id or ""] if is_known(verdict) else None
    return _Half(verdict=verdict, printed=printed, row=row)


def _rests_on_number(verdict: Verdict) -> bool:
    return any(one.field == "personal_id" and one.weight > 0 for one in verdict.findings)


def _is_denied_by_child(parent: Verdict, child: Verdict | None) -> bool:
    if child is None or not is_known(child) or _rests_on_number(parent):
        return False
    return parent.decision is Decision.MATCHED and any(
        one.field == f"{parent.role}_full_name" and one.kind is FindingKind.DIFFERENT
        for one in child.findings
    )


def _couple(
    record: Record, one: _Half, other: _Half, population: Population
) -> tuple[Verdict, Verdict]:
    if one.row is not None and other.row is not None and are_spouses(one.row, other.row):
        return one.verdict, other.verdict
    named = (
        _other_spouse(record, one, other, population),
        _other_spouse(record, other, one, population),
    )
    return (
        _judged(record, one, other, named),
        _judged(record, other, one, (named[1], named[0])),
    )


def _judged(
    record: Record, half: _Half, other: _Half, named: tuple[str | None, str | None]
) -> Verdict:
    """The verdict on ``half``; ``named`` are the other spouses whom its row and its partner's name."""
    own, partners = named
    if half.row is None:
        return half.verdict
    parted = own is not None or partners is not None
    if half.is_loose and (parted or _is_single_since(record, half)):
        said_by = other.row if own is None and partners is not None else half.row
        told = _told(half, other, own, said_by or half.row)
        return replace(told, decision=Decision.REVIEW)
    # who is known by the number stays so; of parents it tells nothing that one of them has married again
    tells_much = partners is not None or half.verdict.role in PARTNER_OF
    both_known = partners is not None and half.verdict.role in PARTNER_OF
    if own is not None and (both_known or (tells_much and other.is_loose)):
        return _told(half, other, own, half.row)
    return half.verdict


def _told(half: _Half, other: _Half, spouse: str | None, said_by: Person) -> Verdict:
    finding = Finding(
        field=COUPLE,
        kind=FindingKind.CONFLICTING,
        document=other.printed.value("full_name") or other.printed.value("personal_id"),
        population=spouse,
        weight=0.0,
        source=said_by.source,
        as_of=said_by.updated_at,
    )
    return replace(half.verdict, findings=(*half.verdict.findings, finding))


def _other_spouse(record: Record, half: _Half, other: _Half, population: Population) -> str | None:
    """The number of the spouse whom the row of ``half`` names, where that is not ``other``."""
    row = half.row
    if row is None or not row.spouse_personal_id or row.spouse_personal_id in other.numbers:
        return None
    spouse = population.get(row.spouse_personal_id)
    if _was_over(record, half, spouse):
        return None
    if other.row is None and not _is_named_otherwise(other.printed, spouse):
        return None
    return row.spouse_personal_id


def _is_named_otherwise(printed: PrintedPerson, spouse: Person | None) -> bool:
    """Whether the registered spouse has another name; who is not in the register may be the very one."""
    name = printed.value("full_name")
    if spouse is None or not spouse.full_name or not name or not printed.is_well_read("full_name"):
        return False
    return compare_names(name, spouse.full_name).kind not in NAME_FITS


def _was_over(record: Record, half: _Half, spouse: Person | None) -> bool:
    """Whether the marriage that the row tells of had ended before the day of the one on paper."""
    if half.row is None or changed_before(record, half.verdict.role, half.row) is not True:
        return False
    if spouse is not None and parse_vital_status(spouse.vital_status or "") is VitalStatus.DEAD:
        return True
    return marital_status_of(half.row.marital_status or "") in _ENDED


def _is_single_since(record: Record, half: _Half) -> bool:
    """Whether a row known by a year of birth only says, after the wedding, that its person never married."""
    row, role = half.row, half.verdict.role
    if row is None or role not in PARTNER_OF or same_day_known(half.printed, row):
        return False
    single = marital_status_of(row.marital_status or "") is MaritalStatus.SINGLE
    return single and changed_before(record, role, row) is False
