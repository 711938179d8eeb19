"""Self-checks of a record: what on the paper contradicts itself."""

from collections.abc import Mapping
from datetime import date

from domain.dates import is_full_date
from domain.form import FormCode
from domain.personal_number import mismatches, parse
from domain.record import Check, CheckOutcome, FieldValue
from ocr.form_library import library

_NUMBER_CHECKS = ("personal_id_sex", "personal_id_birth_year", "personal_id_province")
OF_FIELDS = frozenset(
    {
        *_NUMBER_CHECKS,
        "dates_in_order",
        "document_expired",
        "confirmation_expired",
        "required_fields",
    }
)
"""The checks of :func:`check` that compare nothing but values, whatever these are by now."""
_ORDER = (
    ("birth_date", "registration_date"),
    ("birth_date", "death_date"),
    ("birth_date", "issue_date"),
    ("death_date", "registration_date"),
    ("registration_date", "issue_date"),
    ("wife_birth_date", "registration_date"),
    ("husband_birth_date", "registration_date"),
    ("mother_birth_date", "birth_date"),
    ("father_birth_date", "birth_date"),
    ("period_from", "period_to"),
)
_PAST = ("issue_date", "registration_date", "death_date", "birth_date")
_MARITAL_MONTHS = 6
"""NĐ 123/2015 Art. 23: a marital-status confirmation is good for six months from its issue."""


def check(
    form: FormCode,
    fields: Mapping[str, FieldValue],
    today: date,
    *,
    spelled: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """All checks that apply; a check whose values are missing is left out.

    ``spelled`` are dates in words by the field they repeat. A number that disagrees with sex, year or
    province only warns: numbers may have been issued anew (`domain.md` § 2).
    """
    values = {name: value.value for name, value in fields.items() if value.value is not None}
    checks = [
        *_number_checks(values),
        *_word_checks(values, spelled or {}),
        *_order_checks(values, today),
        *_expiry_checks(form, values, today),
        *_required_checks(form, values),
    ]
    return tuple(checks)


def _number_checks(values: Mapping[str, str]) -> list[Check]:
    number = parse(values.get("personal_id", ""))
    if number is None:
        return []
    place = values.get("registration_place") or values.get("birth_place")
    found = {
        mismatch.code: mismatch
        for mismatch in mismatches(
            number,
            sex=values.get("sex"),
            birth_date=values.get("birth_date"),
            province=place,
        )
    }
    stated = {
        "personal_id_sex": "sex" in values,
        "personal_id_birth_year": "birth_date" in values,
        "personal_id_province": place is not None,
    }
    checks: list[Check] = []
    for code in _NUMBER_CHECKS:
        mismatch = found.get(code)
        if mismatch is not None:
            facts = {"in_number": mismatch.in_number, "stated": mismatch.stated}
            checks.append(Check(code=code, outcome=CheckOutcome.WARN, facts=facts))
        elif stated[code]:
            checks.append(Check(code=code, outcome=CheckOutcome.PASS))
    return checks


def _word_checks(values: Mapping[str, str], spelled: Mapping[str, str]) -> list[Check]:
    checks: list[Check] = []
    for name, words in spelled.items():
        figures = values.get(name)
        if figures is None:
            continue
        same = figures == words
        checks.append(
            Check(
                code=f"{name}_in_words",
                outcome=CheckOutcome.PASS if same else CheckOutcome.FAIL,
                facts={} if same else {"figures": figures, "words": words},
            )
        )
    return checks


def _order_checks(values: Mapping[str, str], today: date) -> list[Check]:
    wrong = [
        (first, second)
        for first, second in _ORDER
        if first in values and second in values and _later(values[first], values[second])
    ]
    wrong += [(name, "today") for name in _PAST if _later(values.get(name, ""), today.isoformat())]
    if not any(name in values for name in _PAST):
        return []
    facts = {"wrong": [list(pair) for pair in wrong]} if wrong else {}
    outcome = CheckOutcome.FAIL if wrong else CheckOutcome.PASS
    return [Check(code="dates_in_order", outcome=outcome, facts=facts)]


def _later(first: str, second: str) -> bool:
    """Whether ``first`` lies after ``second``; a year alone is compared by year."""
    length = min(len(first), len(second))
    return first[:length] > second[:length]


def _expiry_checks(form: FormCode, values: Mapping[str, str], today: date) -> list[Check]:
    until = end_of_validity(form, values)
    if until is None:
        return []
    is_confirmation = form is FormCode.MARITAL_STATUS_CONFIRMATION
    return [
        Check(
            code="confirmation_expired" if is_confirmation else "document_expired",
            outcome=CheckOutcome.WARN if until < today.isoformat() else CheckOutcome.PASS,
            facts={"valid_until": until},
        )
    ]


def end_of_validity(form: FormCode, values: Mapping[str, str]) -> str | None:
    """The last day on which the paper itself holds, as it says or as the law has it; ``None`` for no end."""
    until, issued = values.get("valid_until"), values.get("issue_date")
    is_confirmation = form is FormCode.MARITAL_STATUS_CONFIRMATION
    if until is None and is_confirmation and issued is not None and is_full_date(issued):
        return months_later(date.fromisoformat(issued), _MARITAL_MONTHS).isoformat()
    return until


def months_later(day: date, months: int) -> date:
    """The same day ``months`` later, or the month's last day where it has fewer."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    msg = f"no such month: {year}-{month + 1}"
    raise ValueError(msg)


def _required_checks(form: FormCode, values: Mapping[str, str]) -> list[Check]:
    spec = library().form(form)
    if spec is None:
        return []
    missing = [name for name in spec.required() if name not in values]
    outcome = CheckOutcome.WARN if missing else CheckOutcome.PASS
    return [
        Check(
            code="required_fields", outcome=outcome, facts={"missing": missing} if missing else {}
        )
    ]
