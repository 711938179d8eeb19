"""What an officer types instead of what was read: taken, refused, and the record as it leaves it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from domain.actor import Actor
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.personal_number import IdentityNumberKind, kind_of
from domain.record import Correction, FieldValue, Record, is_field_name, member_number
from domain.text import nfc
from ocr.card_comparison import compared_again
from ocr.checks import OF_FIELDS, check
from ocr.form_library import library
from ocr.values import normalise_typed, tells_no_end
from workflow.place_names import with_place_check

_NUL = "\x00"
"""Stands on no paper, and PostgreSQL keeps no text that has it."""
_WITH_NUMBERS_ALONE = frozenset(
    {
        FormCode.BIRTH_CERTIFICATE,
        FormCode.BIRTH_EXTRACT,
        FormCode.DEATH_EXTRACT,
        FormCode.RESIDENCE_CONFIRMATION,
        FormCode.MARITAL_STATUS_CONFIRMATION,
    }
)
"""Forms that ask for the number of twelve digits, and for an identity paper in an item of its own."""


def typed_values(
    values: Mapping[str, str | None], record: Record, actor: Actor, *, at: datetime
) -> dict[str, FieldValue]:
    """The fields as typed, each with all that was ever typed there.

    Raises ``field_unknown`` and ``field_value_invalid``.
    """
    _require_rows(values, record)
    return {name: _typed(name, text, record, actor, at=at) for name, text in values.items()}


def corrected_record(record: Record, typed: Mapping[str, FieldValue], *, today: date) -> Record:
    """The record with the typed values, checked anew.

    A date in words is compared while reading; where an officer has looked and typed, that comparison
    no longer speaks. What a card's machine-readable parts said is compared with the values of now.
    """
    fields = {**record.fields, **typed}
    anew = check(record.form, fields, today)
    settled = OF_FIELDS | {f"{name}_in_words" for name in typed}
    kept = tuple(one for one in record.checks if one.code not in settled)
    again = compared_again(
        kept,
        [line.text for line in record.lines],
        before=record.fields,
        fields=fields,
        typed=typed,
    )
    return with_place_check(replace(record, fields=fields, checks=(*again, *anew)))


def _typed(
    name: str, text: str | None, record: Record, actor: Actor, *, at: datetime
) -> FieldValue:
    # the list as a whole has no value to type: members are corrected one by one, members[2].birth_date
    if name == "members" or not is_field_name(name):
        raise HosoError(ErrorCode.FIELD_UNKNOWN, field=name)
    before = record.fields.get(name)
    if text is None or not text.strip():
        typed = _not_on_paper(actor)
    else:
        typed = _as_on_paper(name, nfc(text).strip(), before, record, actor)
    correction = Correction(by=actor.id, at=at, text=typed.text, value=typed.value)
    return replace(_remembering(typed, before), corrections=(*_corrections(before), correction))


def _require_rows(names: Iterable[str], record: Record) -> None:
    """Raises ``field_unknown`` for a member where the form has none, or beyond the row that comes next."""
    wanted = sorted((row, name) for name in names if (row := member_number(name)) is not None)
    spec = library().form(record.form)
    last = max((row for name in record.fields if (row := member_number(name))), default=0)
    for row, name in wanted:
        if spec is None or not spec.lists_members or row > last + 1:
            raise HosoError(ErrorCode.FIELD_UNKNOWN, field=name)
        last = max(last, row)


def _as_on_paper(
    name: str, text: str, before: FieldValue | None, record: Record, actor: Actor
) -> FieldValue:
    if _NUL in text:
        raise HosoError(ErrorCode.FIELD_VALUE_INVALID, field=name)
    value = normalise_typed(name, text)
    endless = value is None and tells_no_end(name, text)
    if (value is None and not endless) or _is_out_of_place(name, value, before, record):
        raise HosoError(ErrorCode.FIELD_VALUE_INVALID, field=name)
    return FieldValue(
        text=text,
        value=value,
        confidence=1.0,
        certain=True,
        page=before.page if before else None,
        box=before.box if before else None,
        corrected_by=actor.id,
    )


def _is_out_of_place(
    name: str, value: str | None, before: FieldValue | None, record: Record
) -> bool:
    """Whether an old card's nine digits were typed where a personal number alone may stand."""
    if value is None or not name.endswith("personal_id"):
        return False
    if kind_of(value) is not IdentityNumberKind.OLD_CARD:
        return False
    read = before.read_value or before.value if before else None
    old_read = read is not None and kind_of(read) is IdentityNumberKind.OLD_CARD
    return not old_read and record.form in _WITH_NUMBERS_ALONE


def _remembering(typed: FieldValue, before: FieldValue | None) -> FieldValue:
    """With what was read there at first, whoever has corrected it since."""
    if before is None:
        return typed
    if before.corrected_by is not None:
        return replace(typed, read_text=before.read_text, read_value=before.read_value)
    return replace(typed, read_text=before.text, read_value=before.value)


def _corrections(before: FieldValue | None) -> tuple[Correction, ...]:
    """What was typed so far; of what was typed before all of it was kept, the last."""
    if before is None or before.corrections or before.corrected_by is None:
        return () if before is None else before.corrections
    return (Correction(by=before.corrected_by, at=None, text=before.text, value=before.value),)


def _not_on_paper(actor: Actor) -> FieldValue:
    """What was read there is none of the paper's: no value, no place, and the officer is certain of it."""
    return FieldValue(
        text="",
        value=None,
        confidence=1.0,
        certain=True,
        page=None,
        box=None,
        corrected_by=actor.id,
    )
