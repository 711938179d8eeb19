"""The score that ``hoso bench pipeline`` prints."""

from typing import Any

from domain.verdict import Decision, Finding, FindingKind, Verdict
from matching.accuracy import score


def verdict(
    decision: Decision,
    number: str | None,
    *findings: tuple[str, FindingKind],
    role: str = "subject",
) -> Verdict:
    return Verdict(
        role=role,
        decision=decision,
        personal_id=number,
        probability=1.0,
        findings=tuple(
            Finding(field=name, kind=kind, document="a", population="b", weight=0.0)
            for name, kind in findings
        ),
    )


def truth(file: str, *errors: tuple[str, str], look_alikes: tuple[str, ...] = ()) -> dict[str, Any]:
    planted = [{"role": "subject", "field": name, "kind": kind} for name, kind in errors]
    return {
        "file": file,
        "persons": {"subject": "024098001234"},
        "population_errors": planted,
        "look_alikes": list(look_alikes),
    }


def test_what_was_planted_found_missed_and_invented_is_counted() -> None:
    right, slip = "024098001234", "024098001235"
    lines = [
        truth("a", ("sex", "different")),
        truth("b", ("full_name", "tone_only")),
        truth("c", ("person", "no_record")),
        truth("d"),
        truth("e", ("personal_id", "different")),
        truth("f", ("personal_id", "different"), look_alikes=(slip,)),
    ]
    agrees, different = FindingKind.AGREES, FindingKind.DIFFERENT
    verdicts = {
        "a": [verdict(Decision.MATCHED, right, ("sex", different), ("birth_date", agrees))],
        "b": [verdict(Decision.MATCHED, right, ("full_name", FindingKind.SPELLING))],
        "c": [verdict(Decision.NO_RECORD, None)],
        "d": [verdict(Decision.MATCHED, "001001001001", ("residence", different))],
        "e": [verdict(Decision.MATCHED, slip, ("personal_id", different))],
        "f": [verdict(Decision.MATCHED, slip)],
    }
    result = score(verdicts, lines)
    assert (result.documents, result.persons, result.matched, result.no_record) == (6, 6, 5, 1)
    assert result.matched_wrong == 2
    assert result.planted == 5
    assert [one.file for one in result.missed] == ["f"]
    assert result.found_share == 0.8
    assert result.found_exactly == 3
    assert [(one.file, one.field) for one in result.false] == [("d", "residence")]
    assert result.false_share == 0.2
    assert result.false_pair_share == 1 / 5


def test_files_without_verdicts_are_missed() -> None:
    result = score({}, [truth("a", ("sex", "different"))])
    assert result.found_share == 0.0
    assert result.false_share == 0.0
    assert len(result.missed) == 1
