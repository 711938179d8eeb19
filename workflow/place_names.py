"""The last self-check of a record: are its places written as the tables of administrative units have them?

It stands here because reading knows no tables, and the tables know no records.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from domain.record import Check, CheckOutcome, FieldValue, Record
from matching.spellings import other_spellings
from ocr.values import Kind, kind_of_field

CODE = "places_known"
_COMMITTEE = re.compile(r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd)\s+", re.IGNORECASE)
"""What stands before the unit in the name of an agency."""


def with_place_check(record: Record) -> Record:
    """The record with the check, and without certainty where a place is known with other marks only.

    What an officer typed stays certain. Records without places get no such check.
    """
    places = {
        name: _unit_of(value.value)
        for name, value in record.fields.items()
        if value.value is not None and kind_of_field(name) in (Kind.ADDRESS, Kind.AGENCY)
    }
    kept = tuple(check for check in record.checks if check.code != CODE)
    if not places:
        return replace(record, checks=kept)
    doubted = {name: found for name, place in places.items() if (found := other_spellings(place))}
    return replace(
        record,
        fields={
            name: _uncertain(value) if name in doubted else value
            for name, value in record.fields.items()
        },
        checks=(*kept, _check(doubted)),
    )


def _unit_of(text: str) -> str:
    return _COMMITTEE.sub("", text, count=1)


def _uncertain(value: FieldValue) -> FieldValue:
    return value if value.corrected_by is not None else replace(value, certain=False)


def _check(doubted: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Check:
    if not doubted:
        return Check(code=CODE, outcome=CheckOutcome.PASS)
    spellings = {read: list(known) for found in doubted.values() for read, known in found.items()}
    return Check(
        code=CODE,
        outcome=CheckOutcome.WARN,
        facts={"fields": sorted(doubted), "spellings": spellings},
    )
