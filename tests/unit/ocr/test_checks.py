"""Self-checks: numbers, words, order, expiry, what is missing."""

from datetime import date

from domain.form import FormCode
from domain.record import Check, CheckOutcome, FieldValue
from ocr.checks import check, months_later

TODAY = date(2026, 11, 22)


def fields(**values: str) -> dict[str, FieldValue]:
    return {
        name: FieldValue(text=v, value=v, confidence=1, certain=True, page=None, box=None)
        for name, v in values.items()
    }


def outcomes(checks: tuple[Check, ...]) -> dict[str, CheckOutcome]:
    return {item.code: item.outcome for item in checks}


def test_a_number_is_held_against_sex_year_and_province() -> None:
    found = check(
        FormCode.BIRTH_EXTRACT,
        fields(
            personal_id="024198003456",
            sex="male",
            birth_date="1998-03-05",
            registration_place="Ủy ban nhân dân phường 5, thành phố Hồ Chí Minh",
        ),
        TODAY,
    )
    by_code = {item.code: item for item in found}
    assert by_code["personal_id_sex"].outcome is CheckOutcome.WARN
    assert by_code["personal_id_sex"].facts == {"in_number": "female", "stated": "male"}
    assert by_code["personal_id_birth_year"].outcome is CheckOutcome.PASS
    assert by_code["personal_id_province"].outcome is CheckOutcome.WARN


def test_figures_against_words() -> None:
    birth = fields(birth_date="1998-03-05")
    same = check(FormCode.BIRTH_EXTRACT, birth, TODAY, spelled={"birth_date": "1998-03-05"})
    other = check(FormCode.BIRTH_EXTRACT, birth, TODAY, spelled={"birth_date": "1998-05-03"})
    assert outcomes(same)["birth_date_in_words"] is CheckOutcome.PASS
    assert outcomes(other)["birth_date_in_words"] is CheckOutcome.FAIL


def test_dates_in_order() -> None:
    good = fields(birth_date="1998", registration_date="1998-04-10", issue_date="2020-01-01")
    assert outcomes(check(FormCode.BIRTH_EXTRACT, good, TODAY))["dates_in_order"] == "pass"
    bad = fields(birth_date="1998-03-05", death_date="1990-01-01", issue_date="2030-01-01")
    (found,) = [c for c in check(FormCode.DEATH_EXTRACT, bad, TODAY) if c.code == "dates_in_order"]
    assert found.outcome is CheckOutcome.FAIL
    assert found.facts["wrong"] == [["birth_date", "death_date"], ["issue_date", "today"]]


def test_a_marital_confirmation_lasts_six_months() -> None:
    form = FormCode.MARITAL_STATUS_CONFIRMATION
    fresh = check(form, fields(issue_date="2026-05-22"), TODAY)
    stale = check(form, fields(issue_date="2026-05-21"), TODAY)
    assert outcomes(fresh)["confirmation_expired"] is CheckOutcome.PASS
    assert outcomes(stale)["confirmation_expired"] is CheckOutcome.WARN
    assert months_later(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert months_later(date(2025, 6, 30), 6) == date(2025, 12, 30)


def test_missing_fields_are_named() -> None:
    found = check(FormCode.DEATH_EXTRACT, fields(full_name="Nguyễn Văn An"), TODAY)
    (missing,) = [item for item in found if item.code == "required_fields"]
    assert missing.outcome is CheckOutcome.WARN
    assert missing.facts["missing"] == ["death_time", "death_date", "registration_place"]


def test_other_papers_have_no_required_fields() -> None:
    assert check(FormCode.OTHER, {}, TODAY) == ()
