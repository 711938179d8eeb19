"""A person as the population data knows them, and a person as a document names them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Person:
    """One row of the population data. Values are normalised as record values are; any may be missing.

    ``birth_date`` is ``YYYY-MM-DD`` or ``YYYY``; ``sex`` is ``male`` or ``female``.
    """

    personal_id: str
    full_name: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    birth_place: str | None = None
    home_town: str | None = None
    residence: str | None = None
    mother_full_name: str | None = None
    father_full_name: str | None = None
    marital_status: str | None = None
    spouse_personal_id: str | None = None
    vital_status: str | None = None
    updated_at: datetime | None = None
    """When the source last changed the row: the age of every value consulted."""
    source: str = "population"


@dataclass(frozen=True, kw_only=True)
class PersonQuery:
    """What a document says of one person, ready for look-up by blocks."""

    full_name: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    personal_id: str | None = None
    home_town: str | None = None
    residence: str | None = None
    mother_full_name: str | None = None
    father_full_name: str | None = None
    """Homes and parents find nobody by themselves: they say which of many namesakes to look at first."""
