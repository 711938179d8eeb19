"""Loads the forms of ``ocr/forms``: what a paper looks like is data, not code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from domain.form import FormCode
from domain.record import FIELD_NAMES


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """One labelled place on a form.

    ``names`` are the record fields its value feeds (none: a label that only ends the value before
    it). ``loose`` labels are found inside running text, without a colon. ``spells`` names the field
    whose date stands here in words.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    required: bool = False
    loose: bool = False
    spells: str | None = None


@dataclass(frozen=True, kw_only=True)
class SectionSpec:
    """Fields that stand together; ``column`` is ``left`` or ``right`` in two-column forms."""

    name: str
    fields: tuple[FieldSpec, ...]
    column: str | None = None


@dataclass(frozen=True, kw_only=True)
class FormSpec:
    """One kind of paper. ``continuations`` are titles of further pages that join the page before."""

    code: FormCode
    titles: tuple[str, ...]
    number_marks: tuple[str, ...]
    continuations: tuple[str, ...]
    header: bool
    effective_from: date | None
    effective_to: date | None
    citation: str
    sections: tuple[SectionSpec, ...]

    def labels(self) -> frozenset[str]:
        """Every label printed on the form."""
        return frozenset(
            label for section in self.sections for field in section.fields for label in field.labels
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
    forms = (_form(data) for _, data in sorted(content.items()))
    return Library(forms=tuple(forms), traps=tuple(traps["titles"]))


def _form(data: Mapping[str, Any]) -> FormSpec:
    return FormSpec(
        code=FormCode(data["code"]),
        titles=tuple(data["titles"]),
        number_marks=tuple(data.get("number_marks", ())),
        continuations=tuple(data.get("continuations", ())),
        header=bool(data.get("header", True)),
        effective_from=data.get("effective_from"),
        effective_to=data.get("effective_to"),
        citation=data["citation"],
        sections=tuple(_section(section) for section in data["sections"]),
    )


def _section(data: Mapping[str, Any]) -> SectionSpec:
    return SectionSpec(
        name=data["name"],
        column=data.get("column"),
        fields=tuple(_field(field) for field in data["fields"]),
    )


def _field(data: Mapping[str, Any]) -> FieldSpec:
    names = tuple(data.get("names", ()))
    unknown = set(names) - FIELD_NAMES
    if unknown:
        msg = f"not fields of the contract: {sorted(unknown)}"
        raise ValueError(msg)
    return FieldSpec(
        names=names,
        labels=tuple(data["labels"]),
        required=bool(data.get("required", False)),
        loose=bool(data.get("loose", False)),
        spells=data.get("spells"),
    )
