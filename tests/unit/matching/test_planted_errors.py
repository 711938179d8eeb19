"""Errors planted as in the sample archive are found from perfect readings, and none is invented."""

import random
from typing import Any

import pytest

from domain.person import Person
from domain.verdict import Decision, Verdict
from ingest.samples.casting import draw_case
from ingest.samples.people import others_like
from ingest.samples.planting import NO_RECORD, plant
from matching.accuracy import score
from matching.decision import decide
from tests.unit.matching.registers import Register, record

DOCUMENTS = 300


def case(number: int) -> tuple[dict[str, Any], list[Person]]:
    """A document's line of truth and its people as the register has them, every second with an error."""
    rng = random.Random(f"planted/{number}")  # noqa: S311  seeded sample data
    drawn = draw_case(rng)
    persons = dict(drawn.persons)
    planted = plant(rng, persons, drawn.fields) if number % 2 and persons else None
    if planted is not None:
        role = planted.error.role
        if planted.error.kind == NO_RECORD or planted.person is None:
            del persons[role]
        else:
            persons[role] = planted.person
    subject = drawn.persons.get("subject")
    others = [] if subject is None else list(others_like(rng, subject))
    errors = [] if planted is None else [planted.error]
    truth = {
        "file": str(number),
        "form": drawn.form,
        "fields": drawn.fields,
        "persons": {role: person.personal_id for role, person in drawn.persons.items()},
        "population_errors": [
            {"role": one.role, "field": one.field, "kind": one.kind} for one in errors
        ],
        "look_alikes": [one.personal_id for one in others],
    }
    return truth, [*persons.values(), *others]


@pytest.fixture(scope="module")
def archive() -> tuple[list[dict[str, Any]], dict[str, tuple[Verdict, ...]]]:
    cases = [case(number) for number in range(DOCUMENTS)]
    register = Register(person for _, people in cases for person in people)
    truths = [truth for truth, _ in cases]
    verdicts = {
        truth["file"]: decide(record(truth["form"], truth["fields"]), register) for truth in truths
    }
    return truths, verdicts


def test_planted_errors_are_found_and_none_is_invented(
    archive: tuple[list[dict[str, Any]], dict[str, tuple[Verdict, ...]]],
) -> None:
    truths, verdicts = archive
    result = score(verdicts, truths)
    assert result.planted > 80
    assert result.matched_wrong == 0
    assert result.found_share >= 0.98, result.missed
    assert result.false_share <= 0.02, result.false
    assert result.matched / result.persons > 0.9


def test_look_alikes_are_never_matched(
    archive: tuple[list[dict[str, Any]], dict[str, tuple[Verdict, ...]]],
) -> None:
    truths, verdicts = archive
    seen = 0
    for truth in truths:
        for verdict in verdicts[truth["file"]]:
            seen += len(truth["look_alikes"])
            if verdict.decision is Decision.MATCHED:
                assert verdict.personal_id not in truth["look_alikes"]
    assert seen > 20
