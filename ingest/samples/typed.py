"""Papers as records, without their pictures: what ``hoso bench matching`` looks up."""

import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.dates import parse_date
from domain.page import Quality
from domain.person import Person
from domain.record import FieldValue, Record
from ingest.samples.casting import draw_case
from ingest.samples.document import look_alikes_of, rows_of, truth_of_case

_LOOK_ALIKES = {
    **dict(zip("0123456789", "8710865238", strict=True)),
    **dict(zip("nuceilmhbo", "unecljnbha", strict=True)),
}
"""What a reader takes a character for when the print is poor."""
NUMBERLESS_SHARE = 0.3
"""Papers without any personal number, as all were before 2016."""
_NUMBERS = ("personal_id", "identity_paper")
_MARK_LOST = 0.6
"""Share of misread letters with a mark that lose it; a mark is the smallest thing on paper."""


@dataclass(frozen=True, kw_only=True)
class Legibility:
    """How a paper was read: shares of its values.

    The defaults are worse than what our own readers do with the sample archive (``hoso bench pipeline``:
    94 % certain, 0.1 % wrong), as an old ledger is worse than the archive.
    """

    doubted: float = 0.10
    """Values that are not certain."""
    doubted_wrong: float = 0.30
    """Of these: values in which one character is another."""
    certain_wrong: float = 0.001
    """Certain values that are wrong all the same; the promise is at most two in a thousand."""


PERFECT = Legibility(doubted=0.0, doubted_wrong=0.0, certain_wrong=0.0)


@dataclass(frozen=True, kw_only=True)
class TypedDocument:
    """One paper as it was read, and the truth of it."""

    record: Record
    truth: Mapping[str, Any]
    """A line of ``truth.jsonl``, as far as it tells of form, fields and people."""
    rows: Mapping[str, str | None]
    """Role to the number of the row that is this person, ``None`` where the population has none."""
    population: tuple[Person, ...]
    """The document's people as the population knows them, with twins and namesakes."""


def typed_document(
    index: int, *, seed: int, error_share: float, legibility: Legibility
) -> TypedDocument:
    """Paper ``index`` (from 0); ``error_share`` of the papers meet one planted error of the population."""
    rng = random.Random(f"typed/{seed}/{index}")
    case = draw_case(rng)
    rows, errors = rows_of(rng, case, error_share=error_share)
    others = look_alikes_of(rng, case)
    has_numbers = rng.random() >= NUMBERLESS_SHARE or any(
        error.field == "personal_id" for error in errors
    )
    file = f"{index + 1:06d}_{case.form}"
    record = Record(
        file=file,
        sha256="",
        pages=(1,),
        form=case.form,
        form_confidence=1.0,
        quality=Quality(dpi=300, skew=0.0, blur=0.0, usable=True),
        lines=(),
        fields={
            name: _as_read(rng, name, value, legibility)
            for name, value in case.fields.items()
            if has_numbers or not name.endswith(_NUMBERS)
        },
        checks=(),
    )
    return TypedDocument(
        record=record,
        truth={"file": file, **truth_of_case(case, errors, others)},
        rows={role: rows[role].personal_id if role in rows else None for role in case.persons},
        population=(*rows.values(), *others),
    )


def _as_read(rng: random.Random, name: str, value: str, legibility: Legibility) -> FieldValue:
    doubted = rng.random() < legibility.doubted
    share = legibility.doubted_wrong if doubted else legibility.certain_wrong
    text = misread(rng, value) if rng.random() < share else value
    return FieldValue(
        text=text,
        value=_understood(name, text),
        confidence=0.8 if doubted else 0.999,
        certain=not doubted,
        page=1,
        box=None,
        agreed=not doubted,
    )


def _understood(name: str, text: str) -> str | None:
    """Only what a reader can make sense of becomes a value."""
    if name.endswith("date"):
        return parse_date(text)
    return text if name != "sex" or text in {"male", "female"} else None


def misread(rng: random.Random, text: str) -> str:
    """``text`` with one character as poor print shows it; unchanged where nothing can be mistaken."""
    places = [at for at, letter in enumerate(text) if _mistaken(letter, 0.0) != letter]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + _mistaken(text[at], rng.random()) + text[at + 1 :]


def _mistaken(letter: str, chance: float) -> str:
    """The letter without its uppermost mark, or its look-alike where that can bear the same marks."""
    parts = unicodedata.normalize("NFD", letter)
    bare = parts[:-1]
    if bare and chance < _MARK_LOST:
        return unicodedata.normalize("NFC", bare)
    other = _LOOK_ALIKES.get(parts[0].lower(), parts[0])
    whole = unicodedata.normalize(
        "NFC", (other.upper() if parts[0].isupper() else other) + parts[1:]
    )
    if len(whole) != 1 or (whole == letter and bare):
        return unicodedata.normalize("NFC", bare)
    return whole
