"""What reading a document yields: lines, fields with their places, and self-checks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.form import FormCode
from domain.geometry import Box
from domain.page import PageFacts, Quality

SUBJECT_FIELDS = (
    "number issuing_agency issue_date full_name birth_date sex ethnicity nationality birth_place "
    "home_town personal_id identity_paper residence"
).split()
RELATIVE_PREFIXES = ("mother", "father", "wife", "husband")
RELATIVE_FIELDS = (
    "full_name birth_date ethnicity nationality residence personal_id identity_paper".split()
)
EVENT_FIELDS = (
    "declarant_full_name registration_place registration_number registration_date death_time "
    "death_date death_place death_cause marital_status period_from period_to valid_until "
    "head_full_name household_number members"
).split()
FIELD_NAMES: frozenset[str] = frozenset(
    [
        *SUBJECT_FIELDS,
        *EVENT_FIELDS,
        *(f"{who}_{what}" for who in RELATIVE_PREFIXES for what in RELATIVE_FIELDS),
    ]
)
"""Every field name of the outward contract."""
MEMBER_FIELDS = (
    "full_name birth_date sex ethnicity nationality home_town personal_id relationship".split()
)
_MEMBER_NAME = re.compile(rf"members\[([1-9][0-9]{{0,2}})\]\.(?:{'|'.join(MEMBER_FIELDS)})")


def is_field_name(name: str) -> bool:
    """Whether the contract knows the field: one of :data:`FIELD_NAMES`, or of a household's member.

    Members count from 1 in the order of the paper: ``members[2].birth_date``.
    """
    return name in FIELD_NAMES or member_number(name) is not None


def member_number(name: str) -> int | None:
    """Which member of a household, from 1, a field is about; ``None`` for every other field."""
    member = _MEMBER_NAME.fullmatch(name)
    return None if member is None else int(member[1])


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of text on a page; ``agreed`` says that two independent readers read the same."""

    page: int
    text: str
    confidence: float
    agreed: bool
    """``False`` too where no second reader was asked."""
    box: Box


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What an officer typed for a field, and when; without text: the paper has no such value."""

    by: str
    """Id of the officer."""
    at: datetime | None
    """``None`` for one made before the moment was kept (until November 2026)."""
    text: str
    value: str | None


@dataclass(frozen=True, kw_only=True)
class FieldValue:
    """A field: the text as printed, the normalised value, and where it stands.

    ``certain`` is a promise: at least 99.8 % of certain values are exactly right. ``box`` and ``page``
    are ``None`` only for a value that a person typed in. ``agreed`` says that all readers read the same
    there, ``None`` where the value was read once: certain values are agreed, and more than that.
    """

    text: str
    value: str | None
    confidence: float
    certain: bool
    page: int | None
    box: Box | None
    agreed: bool | None = None
    corrected_by: str | None = None
    """Id of the officer who typed the value, where one did."""
    read_text: str | None = None
    """What had been read before anybody corrected it, kept over further corrections."""
    read_value: str | None = None
    corrections: tuple[Correction, ...] = ()
    """All that was ever typed here, the one in force last: nothing that somebody typed is lost."""

    @property
    def is_vouched_for(self) -> bool:
        """Whether the readers promise it, or an officer typed it."""
        return self.certain or self.corrected_by is not None


class CheckOutcome(StrEnum):
    """Result of one self-check."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One self-check of a record, for example the date in figures against the date in words."""

    code: str
    outcome: CheckOutcome
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One document as read. ``pages`` are page numbers within the file, counting from 1."""

    file: str
    sha256: str
    pages: tuple[int, ...]
    form: FormCode
    form_confidence: float
    quality: Quality
    lines: tuple[Line, ...]
    fields: Mapping[str, FieldValue]
    checks: tuple[Check, ...]
    page_facts: tuple[PageFacts, ...] = ()


def unread(*, file: str, sha256: str, pages: tuple[int, ...] = ()) -> Record:
    """The record of a document that could not be read: every key stands, nothing is claimed."""
    return Record(
        file=file,
        sha256=sha256,
        pages=pages,
        form=FormCode.OTHER,
        form_confidence=0.0,
        quality=Quality(dpi=0, skew=0.0, blur=0.0, usable=False),
        lines=(),
        fields={},
        checks=(),
    )
