"""The persons that a document names, each with the values printed of it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from domain.dates import parse_date
from domain.form import FormCode
from domain.person import PersonQuery
from domain.personal_number import IdentityNumberKind, digits_of, kind_of
from domain.record import RELATIVE_PREFIXES, FieldValue, Record

SUBJECT = "subject"
WELL_READ_FROM = 0.99
"""Confidence from which a disagreement is reported as such even where ``certain`` is not promised."""
COMPARED_FIELDS = (
    "full_name birth_date sex personal_id ethnicity nationality birth_place home_town residence "
    "mother_full_name father_full_name marital_status"
).split()
"""What is compared between a person on paper and a row of the population, in this order."""
LOOKED_UP_BY = ("full_name", "personal_id")
"""Without one of them a person on paper is nobody: a day of birth alone is that of hundreds."""
_PROMISE_ONLY = frozenset(
    "birth_date personal_id birth_place home_town residence marital_status".split()
)
_RELATIVE_COMPARED = "full_name birth_date personal_id ethnicity nationality residence".split()
_SEX_OF_ROLE = {"mother": "female", "father": "male", "wife": "female", "husband": "male"}
_MEMBER = re.compile(r"members\[(\d{1,6})\]\.(\w+)")
_NUMBER_IN_PAPER = re.compile(r"(?<!\d)\d{12}(?!\d)")
_SPOUSES_ONLY = {FormCode.MARRIAGE_CERTIFICATE, FormCode.MARRIAGE_EXTRACT}
_PARENTS = {FormCode.BIRTH_CERTIFICATE, FormCode.BIRTH_EXTRACT}


@dataclass(frozen=True, kw_only=True)
class PrintedPerson:
    """One person on a document: role and the fields printed of it, by their names without prefix."""

    role: str
    fields: Mapping[str, FieldValue]

    def value(self, name: str) -> str | None:
        """The normalised value of a field, ``None`` where it was not printed or not understood."""
        field = self.fields.get(name)
        return None if field is None else field.value or None

    def is_certain(self, name: str) -> bool:
        """Whether the readers vouch for the value, or an officer typed it."""
        field = self.fields.get(name)
        return field is not None and field.is_vouched_for

    def is_well_read(self, name: str) -> bool:
        """Vouched for, or a word read without hesitation: wrong in about one of two hundred.

        Only a promise counts for figures, which the readers confirm twice where they can, and for
        addresses, in whose length one wrong mark hides behind a high mean confidence.
        """
        field = self.fields.get(name)
        if field is None or self.is_certain(name) or name in _PROMISE_ONLY:
            return self.is_certain(name)
        return field.confidence >= WELL_READ_FROM

    @property
    def is_named(self) -> bool:
        """Whether the paper says who it is, be it illegibly: without name and number nobody is looked up."""
        return any(_is_printed(self, name) for name in LOOKED_UP_BY)

    @property
    def sex(self) -> str | None:
        """As printed, or as the role implies."""
        return self.value("sex") or _SEX_OF_ROLE.get(self.role)

    def query(self) -> PersonQuery:
        """What to look this person up by."""
        return PersonQuery(
            full_name=self.value("full_name"),
            birth_date=self.value("birth_date"),
            sex=self.sex,
            personal_id=self.value("personal_id"),
            home_town=self.value("home_town"),
            residence=self.value("residence"),
            mother_full_name=self.value("mother_full_name"),
            father_full_name=self.value("father_full_name"),
        )


def required_roles(form: FormCode) -> tuple[str, ...]:
    """Roles that must be matched before a document of this form is verified."""
    return ("wife", "husband") if form in _SPOUSES_ONLY else (SUBJECT,)


def people_on(record: Record) -> tuple[PrintedPerson, ...]:
    """The persons of the form whose name or number was printed, the subject first.

    Whom the form is about is there in any case, named or not: a paper may not vanish for what nobody can
    read on it. A household book is about its members; where none is named, its head stands for them.
    """
    members = [person for person in _members(record) if person.is_named]
    about = () if members else required_roles(record.form)
    return tuple(
        person
        for person in (*_principals(record, lead=not members), *members)
        if person.is_named or (person.role in about and record.form is not FormCode.OTHER)
    )


def _principals(record: Record, *, lead: bool) -> Iterator[PrintedPerson]:
    """The subject and the relatives; the head of a household is the subject where they ``lead`` its book."""
    if record.form not in _SPOUSES_ONLY:
        fields = {name: record.fields.get(name) for name in [*COMPARED_FIELDS, "identity_paper"]}
        if record.form is FormCode.BIRTH_CERTIFICATE:
            del fields["identity_paper"]  # of who declares the birth
        subject = _person(SUBJECT, fields)
        if record.form is FormCode.HOUSEHOLD_BOOK and lead and not subject.is_named:
            subject = _person(SUBJECT, fields | {"full_name": record.fields.get("head_full_name")})
        yield subject
    for role in _relatives(record.form):
        names = [*_RELATIVE_COMPARED, "identity_paper"]
        yield _person(role, {name: record.fields.get(f"{role}_{name}") for name in names})


def _members(record: Record) -> Iterator[PrintedPerson]:
    members: dict[int, dict[str, FieldValue | None]] = {}
    for name, field in record.fields.items():
        member = _MEMBER.fullmatch(name)
        if member:
            members.setdefault(int(member.group(1)), {})[member.group(2)] = field
    for number, fields in sorted(members.items()):
        yield _person(f"member:{number}", fields)


def _relatives(form: FormCode) -> tuple[str, ...]:
    if form in _SPOUSES_ONLY:
        return ("wife", "husband")
    return ("mother", "father") if form in _PARENTS else RELATIVE_PREFIXES


def _is_printed(person: PrintedPerson, name: str) -> bool:
    field = person.fields.get(name)
    return field is not None and bool((field.value or field.text).strip())


def _number(value: str) -> str | None:
    return digits_of(value) if kind_of(value) is not None else None


def _date(value: str) -> str | None:
    return value if parse_date(value) == value else None


def _sex(value: str) -> str | None:
    return value if value in _SEX_OF_ROLE.values() else None


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "birth_date": _date,
    "personal_id": _number,
    "sex": _sex,
}
"""The values that only one way of writing makes comparable; another program may write them otherwise."""


def _understood(name: str, field: FieldValue) -> FieldValue:
    """The field; one whose value is none of its kind was printed, but nobody could read it."""
    reader = _READERS.get(name)
    if reader is None or not field.value:
        return field
    value = reader(field.value)
    if value is None:
        return replace(field, text=field.text or field.value, value=None, certain=False)
    return replace(field, value=value)


def _person(role: str, fields: Mapping[str, FieldValue | None]) -> PrintedPerson:
    printed = {
        name: _understood(name, field) for name, field in fields.items() if field is not None
    }
    paper = printed.pop("identity_paper", None)
    number = printed.get("personal_id")
    if number is not None and number.value and kind_of(number.value) is IdentityNumberKind.OLD_CARD:
        # a nine-digit CMND number: another register's key, nothing to compare
        number = None
        del printed["personal_id"]
    if paper is not None and (number is None or not number.value):
        # "CCCD số 027098001234, cấp ngày …": the paper's number is the person's
        found = _NUMBER_IN_PAPER.search(paper.value or "")
        if found:
            printed["personal_id"] = FieldValue(
                text=paper.text,
                value=found.group(),
                confidence=paper.confidence,
                certain=paper.certain,
                page=paper.page,
                box=paper.box,
                corrected_by=paper.corrected_by,
            )
    return PrintedPerson(role=role, fields=printed)
