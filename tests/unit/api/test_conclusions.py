"""The terminal says what the page says: the same headline, the same remedies."""

from dataclasses import replace
from datetime import date

import pytest

from api.cli.messages import verification_lines
from api.explanations import Locale, wording
from api.explanations.conclusions import advice, conclusion, way_out
from domain.verification import Genuineness, StepOutcome, VerificationReport, VerificationStep

PASS, FAIL, SKIPPED = StepOutcome.PASS, StepOutcome.FAIL, StepOutcome.SKIPPED


def report(
    genuineness: Genuineness, *steps: tuple[str, StepOutcome, str | None]
) -> VerificationReport:
    return VerificationReport(
        genuineness=genuineness,
        steps=tuple(
            VerificationStep(
                number=number,
                code=code,
                outcome=outcome,
                facts={"problem": problem} if problem else {},
            )
            for number, (code, outcome, problem) in enumerate(steps, start=1)
        ),
    )


KNOWN = ("register_known", PASS, None)
UNKNOWN = (("register_known", FAIL, "not_in_register"), ("not_revoked", SKIPPED, None))
GENUINE = report(Genuineness.GENUINE, KNOWN, ("not_revoked", PASS, None))
ENDED = replace(GENUINE, ended=True, valid_until=date(2024, 7, 15))
REVOKED = report(Genuineness.NOT_GENUINE, KNOWN, ("not_revoked", FAIL, "copy_revoked"))
RESAVED = report(Genuineness.NOT_GENUINE, ("structure", FAIL, "catalog_entry_unexpected"), *UNKNOWN)
UNASKED = report(
    Genuineness.NOT_GENUINE,
    ("structure", FAIL, "catalog_entry_unexpected"),
    ("register_known", SKIPPED, "register_not_asked"),
)
FOREIGN = report(Genuineness.NOT_GENUINE, *UNKNOWN)
RENAMED = report(Genuineness.NOT_GENUINE, ("register_known", FAIL, "code_differs"))
UNCHECKED = report(Genuineness.UNCHECKED, ("clock_right", FAIL, "clock_behind"))


@pytest.mark.parametrize(
    ("told", "headline", "under", "resaved"),
    [
        (GENUINE, "Genuine and in force", None, False),
        (ENDED, "verify.ended", "verify.ended_detail", False),
        (REVOKED, "verify.revoked", "verify.not_genuine_detail", False),
        (RESAVED, "Not a genuine copy", "verify.not_genuine_detail", True),
        (UNASKED, "Not a genuine copy", "verify.not_genuine_detail", True),
        (FOREIGN, "verify.not_here", "verify.not_here_detail", False),
        (RENAMED, "Not a genuine copy", "verify.not_genuine_detail", False),
        (UNCHECKED, "Could not be checked", "verify.unchecked_detail", False),
    ],
)
def test_headline_and_remedies_are_decided_in_one_place(
    told: VerificationReport,
    headline: str,
    under: str | None,
    resaved: bool,  # noqa: FBT001 - a parameter of pytest
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOSO_LANG", "en")
    words = wording(headline, Locale.EN) if headline.startswith("verify.") else headline
    assert conclusion(told, Locale.EN) == words
    lines = [line.plain.strip() for line in verification_lines(told)]
    assert lines[0] == words
    said = advice(told, Locale.EN)
    assert len(said) == (under is not None)
    if under is not None:
        opening = wording(under, Locale.EN).partition("{")[0]
        assert said[0].startswith(opening)
        assert lines[1] == said[0]
    assert (wording("verify.resaved_remedy", Locale.EN) in lines) is resaved
    assert (wording("verify.resaved_detail", Locale.EN) in lines) is resaved
    assert bool(way_out(told, Locale.VI)) is resaved
