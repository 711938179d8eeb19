"""Loads the forms of ``ocr/forms``: what a paper looks like is data, not code."""

import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from domain.form import FormCode
from domain.record import is_field_name


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """One labelled place on a form.

    ``names`` are the record fields its value feeds (none: a label that only ends the value before
    it). ``loose`` labels are found inside running text, without a colon. ``spells`` names the field
    whose date stands here in words. ``begins``: in a section that repeats, the label may head a person.
    ``stands_in``: the labels, the surest first, count only above who signs, met once, short ones leading the
    line, where no usual label of that name (of a couple: of either) is met.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    required: bool = False
    loose: bool = False
    spells: str | None = None
    begins: bool = False
    stands_in: bool = False


@dataclass(frozen=True, kw_only=True)
class SectionSpec:
    """Fields that stand together; ``column`` is ``left`` or ``right`` in two-column forms.

    The fields of an ``ordered`` section come in the order given: a label met too late is part of a value.
    A section that ``repeats`` stands there once for every person; its first field begins the next
    one, and its names carry ``[]`` for the person's number.
    """

    name: str
    fields: tuple[FieldSpec, ...]
    column: str | None = None
    headings: tuple[str, ...] = ()
    """What may stand over its column, or over its cells in a table of two people, alone."""
    repeats: bool = False
    ordered: bool = False


@dataclass(frozen=True, kw_only=True)
class FormSpec:
    """One kind of paper."""

    code: FormCode
    titles: tuple[str, ...]
    number_marks: tuple[str, ...]
    header: bool
    dated: bool
    """Without a header, yet with a date above the signature."""
    effective_from: date | None
    effective_to: date | None
    citation: str
    sections: tuple[SectionSpec, ...]
    members_below: tuple[str, ...] = ()
    """Labels above a table of persons, one a row."""
    signs: tuple[str, ...] = ()
    """Labels that no other form has; two of them, read without error, name a page without a title."""

    def labels(self) -> frozenset[str]:
        """Every label printed on the form."""
        return frozenset(
            label for section in self.sections for field in section.fields for label in field.labels
        )

    def subject_name_labels(self) -> frozenset[str]:
        """How the name of the paper's subject is labelled; below a heading it is another person's."""
        return frozenset(
            label
            for section in self.sections
            for field in section.fields
            if field.names == ("full_name",)
            for label in field.labels
        )

    @property
    def lists_members(self) -> bool:
        """Whether the paper names the members of a household."""
        return bool(self.members_below) or any(
            name.startswith("members[")
            for section in self.sections
            for field in section.fields
            for name in field.names
        )

    def required(self) -> tuple[str, ...]:
        """Names of fields without which the paper proves nothing."""
        return tuple(
            name
            for section in self.sections
            for field in section.fields
            if field.required
            for name in field.names
        )


@dataclass(frozen=True, kw_only=True)
class Library:
    """All forms, and the titles of papers that only look like one of them."""

    forms: tuple[FormSpec, ...]
    traps: tuple[str, ...]

    def form(self, code: FormCode) -> FormSpec | None:
        """The form with this code, ``None`` for :attr:`FormCode.OTHER`."""
        return next((form for form in self.forms if form.code is code), None)


@dataclass(frozen=True, kw_only=True)
class Wordings:
    """Groups of labels that say the same, and the heads that labels of persons begin with."""

    heads: tuple[str, ...]
    groups: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Wordings":
        """From ``wordings.toml``."""
        return cls(heads=tuple(data["heads"]), groups=tuple(map(frozenset, data["groups"])))

    def of_label(self, label: str) -> frozenset[str]:
        """All wordings of a label, itself among them."""
        under = {label, *(head + tail for _, tail in self._parted(label) for head in self.heads)}
        grouped = frozenset[str]().union(*(group for group in self.groups if group & under))
        return frozenset(
            {*under, *grouped}
            | {
                head + tail
                for one in grouped
                for _, tail in self._parted(one)
                for head in self.heads
            }
        )

    def _parted(self, label: str) -> list[tuple[str, str]]:
        """The label's head and the rest (empty, or beginning with a space), if it has one."""
        return [
            (head, label[len(head) :])
            for head in self.heads
            if label.startswith(head) and label[len(head) :][:1] in {"", " "}
        ][:1]


@cache
def couple_rows() -> Mapping[str, tuple[str, ...]]:
    """How the rows of a table of two people are labelled, by field."""
    return {field: tuple(labels) for field, labels in _shipped_wordings()["couple_rows"].items()}


@cache
def member_headings() -> Mapping[str, tuple[str, ...]]:
    """How the columns of a household's table are headed, by field; empty: of no interest."""
    return {field: tuple(words) for field, words in _shipped_wordings()["member_columns"].items()}


def _shipped_wordings() -> dict[str, Any]:
    file = resources.files("ocr.forms").joinpath("wordings.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def library() -> Library:
    """The shipped forms. Raises ``ValueError`` for a field name outside the contract."""
    folder = resources.files("ocr.forms")
    content = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    traps = content.pop("traps")
    wordings = Wordings.of(content.pop("wordings"))
    forms = (_form(data, wordings) for _, data in sorted(content.items()))
    return Library(forms=tuple(forms), traps=tuple(traps["titles"]))


def _form(data: Mapping[str, Any], wordings: Wordings) -> FormSpec:
    return FormSpec(
        code=FormCode(data["code"]),
        titles=tuple(data["titles"]),
        number_marks=tuple(data.get("number_marks", ())),
        members_below=tuple(data.get("members_below", ())),
        signs=tuple(data.get("signs", ())),
        header=bool(data.get("header", True)),
        dated=bool(data.get("dated", False)),
        effective_from=data.get("effective_from"),
        effective_to=data.get("effective_to"),
        citation=data["citation"],
        sections=tuple(_section(section, wordings) for section in data["sections"]),
    )


def _section(data: Mapping[str, Any], wordings: Wordings) -> SectionSpec:
    fields = tuple(_field(field) for field in data["fields"])
    own = {label for field in fields for label in field.labels}
    return SectionSpec(
        name=data["name"],
        column=data.get("column"),
        headings=tuple(data.get("headings", ())),
        repeats=bool(data.get("repeats", False)),
        ordered=bool(data.get("ordered", False)),
        fields=tuple(_named(_worded(field, own, wordings), data.get("whose")) for field in fields),
    )


def _worded(field: FieldSpec, own: AbstractSet[str], wordings: Wordings) -> FieldSpec:
    """The field with every wording of its labels that is no other field's of its section."""
    more = {word for label in field.labels for word in wordings.of_label(label)} - own
    return replace(field, labels=(*field.labels, *sorted(more)))


def _named(field: FieldSpec, whose: str | None) -> FieldSpec:
    """The field with its labels also as they name the person: ``Dân tộc vợ`` beside ``Dân tộc``."""
    if whose is None or field.stands_in:
        return field
    named = (f"{label} {whose}" for label in field.labels if not label.endswith(whose))
    return replace(field, labels=tuple(dict.fromkeys((*field.labels, *named))))


def _field(data: Mapping[str, Any]) -> FieldSpec:
    names = tuple(data.get("names", ()))
    unknown = {name for name in names if not is_field_name(name.replace("[]", "[1]"))}
    if unknown:
        msg = f"not fields of the contract: {sorted(unknown)}"
        raise ValueError(msg)
    return FieldSpec(
        names=names,
        labels=tuple(data["labels"]),
        required=bool(data.get("required", False)),
        loose=bool(data.get("loose", False)),
        spells=data.get("spells"),
        begins=bool(data.get("begins", False)),
        stands_in=bool(data.get("stands_in", False)),
    )
