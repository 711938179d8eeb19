"""Two documents, one paper? By what is printed to tell papers apart, never by likeness."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, StrEnum, auto

from domain.form import FormCode
from domain.record import Record
from domain.text import comparison_key, nfc
from domain.verdict import Decision, Verdict

_PERSONS = ("subject", "wife", "husband")
"""Whom papers are about; parents have papers of several children."""
_NUMBERS = ("number", "registration_number")
_WHERE_AND_WHEN = ("issue_date", "registration_date", "registration_place", "issuing_agency")
"""Numbers begin anew every year in every commune: one of these goes with them."""
_NUMBER_ALONE = {
    FormCode.IDENTITY_CARD: "personal_id",
    FormCode.HOUSEHOLD_BOOK: "household_number",
}
"""Numbers that no two such papers share, but those of one person or household."""
_OF_THE_ISSUE = ("number", "issue_date")
_OF_THE_EVENT = ("registration_number", "registration_date")
_COUNT_AND_YEAR = re.compile("^0*([0-9]+)/([0-9]{4})(?![0-9])")
_LEADING_ZEROS = re.compile("^0+(?=[0-9])")
_YEAR_ALONE = 4
_ONE_HOLDER = ("personal_id", "household_number")


class Sameness(StrEnum):
    """What another document is, of the same form and person or number."""

    SAME = "same"
    ANOTHER_ISSUE = "another_issue"
    """Of the same person, but given out another day, under another number, or in a corrected name."""


def paper_keys(record: Record, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Under which a paper is found again: its form with a number read for certain, or with who it is about.

    Two documents that share none are not the same paper; two that share one may be (:func:`sameness`).
    Each is a SHA-256 in hexadecimal: the index over them refuses what is longer than 2,712 bytes, and what
    was typed may be. Migrations 0010 and 0011 make the very same in SQL.
    """
    if record.form is FormCode.OTHER:
        return ()
    people = (*_matched(verdicts), *_printed(record))
    keys = (*_number_keys(record), *(f"{role}/{number}" for role, number in people))
    texts = dict.fromkeys(f"{record.form}/{key}" for key in keys)
    return tuple(hashlib.sha256(text.encode()).hexdigest() for text in texts)


def _number_keys(record: Record) -> Iterator[str]:
    alone = _NUMBER_ALONE.get(record.form)
    if alone is not None and (number := _certain(record, alone)):
        yield f"{alone}/{number}"
    for name in _NUMBERS:
        number = _certain(record, name)
        # as signs after them are written in many ways, count and year are enough to find it
        if number and (parts := _COUNT_AND_YEAR.match(number)):
            number = "/".join(parts.groups())
        for other in _WHERE_AND_WHEN if number else ():
            if beside := _certain(record, other):
                yield f"{name}/{number}/{other}/{beside}"


def sameness(
    one: Record, verdicts: Sequence[Verdict], other: Record, others: Sequence[Verdict]
) -> Sameness | None:
    """How two documents that share a key stand to one another; ``None`` for two papers.

    Values that the readers do not vouch for can show that papers are the same, never that they differ: that
    a doubtful value equals another by chance is rarer than that it is misread.
    """
    people, people_of_other = dict(_matched(verdicts)), dict(_matched(others))
    together = people.keys() & people_of_other.keys()
    if one.form is not other.form or any(
        people[role] != people_of_other[role] for role in together
    ):
        return None
    standings = {_standing(one, other, role, is_one_row=role in together) for role in _PERSONS}
    if _Standing.OTHERS in standings:
        return None
    if _Standing.CORRECTED in standings:
        return Sameness.ANOTHER_ISSUE
    same_person = bool(together) or any(_agree(one, other, name) for name in _ONE_HOLDER)
    if any(_differ(one, other, name) for name in (*_OF_THE_ISSUE, *_OF_THE_EVENT, "valid_until")):
        return Sameness.ANOTHER_ISSUE if same_person else None
    if any(_agree(one, other, name) for name in _OF_THE_ISSUE):
        return Sameness.SAME
    # nothing tells which of several issues it is: only papers that are given out once are the same then
    given_out_once = not any(_value(paper, "issue_date") for paper in (one, other))
    same_event = same_person and _agree(one, other, "registration_date")
    return Sameness.SAME if same_event and given_out_once else None


class _Standing(Enum):
    """What two papers certainly say of the person in one role."""

    OTHERS = auto()
    CORRECTED = auto()
    """One person, of whom they say different things: the register was corrected (*cải chính*)."""
    NOTHING_ELSE = auto()


def _standing(one: Record, other: Record, role: str, *, is_one_row: bool) -> _Standing:
    number = _field_of(role, "personal_id")
    if _differ(one, other, number):
        return _Standing.OTHERS
    is_named_otherwise, is_born_otherwise = (
        _differ(one, other, _field_of(role, what)) for what in ("full_name", "birth_date")
    )
    if not (is_named_otherwise or is_born_otherwise):
        return _Standing.NOTHING_ELSE
    # a doubtful number does not do: the one of a twin may be misread as this one
    is_one_number = _certain(one, number) is not None and _certain(other, number) is not None
    # nor does a row where birthdays differ: a namesake without a row may have been taken for it
    is_one_person = is_one_number or (is_one_row and not is_born_otherwise)
    return _Standing.CORRECTED if is_one_person else _Standing.OTHERS


def _field_of(role: str, what: str) -> str:
    return what if role == "subject" else f"{role}_{what}"


def _printed(record: Record) -> Iterator[tuple[str, str]]:
    """Personal numbers that stand on the paper for certain: they may be found as a row's are."""
    for role in _PERSONS:
        if number := _certain(record, _field_of(role, "personal_id")):
            yield role, number


def _matched(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, str]]:
    for verdict in verdicts:
        if verdict.role in _PERSONS and verdict.decision is Decision.MATCHED:
            yield verdict.role, verdict.personal_id or ""


def _value(record: Record, name: str) -> str | None:
    field = record.fields.get(name)
    return None if field is None else field.value or None


def _certain(record: Record, name: str) -> str | None:
    field = record.fields.get(name)
    return field.value or None if field is not None and field.is_vouched_for else None


def _differ(one: Record, other: Record, name: str) -> bool:
    ours, theirs = _certain(one, name), _certain(other, name)
    return ours is not None and theirs is not None and not _same(name, ours, theirs)


def _agree(one: Record, other: Record, name: str) -> bool:
    ours, theirs = _value(one, name), _value(other, name)
    return ours is not None and theirs is not None and _same(name, ours, theirs)


def _same(name: str, one: str, other: str) -> bool:
    """Whether two values say the same, however one of them was typed or printed."""
    if name.endswith("full_name"):
        return comparison_key(one) == comparison_key(other)
    if name.endswith("birth_date"):
        shorter = min(len(one), len(other))
        return one == other or (shorter == _YEAR_ALONE and one[:shorter] == other[:shorter])
    if name in _NUMBERS:
        return _same_number(one, other)
    return one == other


def _same_number(one: str, other: str) -> bool:
    """``12/2026/TLKS-BS`` is also ``012/2026/tlks–bs``, and ``12/2026`` where no other sign follows."""
    ours, theirs = _COUNT_AND_YEAR.match(one), _COUNT_AND_YEAR.match(other)
    if ours and theirs and ours.groups() == theirs.groups():
        signs = _letters(one[ours.end() :]), _letters(other[theirs.end() :])
        return signs[0] == signs[1] or "" in signs
    return _letters(_LEADING_ZEROS.sub("", one)) == _letters(_LEADING_ZEROS.sub("", other))


def _letters(text: str) -> str:
    """Letters and figures alone, with the slashes: signs are hyphenated in many ways."""
    return "".join(c for c in nfc(text).lower() if c.isalnum() or c == "/").strip("/")
