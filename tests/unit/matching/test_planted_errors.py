"""Errors planted as in the sample archive are found from perfect readings, and none is invented."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.verdict import Decision, Verdict
from ingest.samples.typed import PERFECT, typed_document
from matching.accuracy import score
from matching.decision import decide
from tests.unit.matching.registers import Register

DOCUMENTS = 300
Archive = tuple[list[Mapping[str, Any]], dict[str, tuple[Verdict, ...]]]


@pytest.fixture(scope="module")
def archive() -> Archive:
    cases = [
        typed_document(number, seed=1, error_share=0.5, legibility=PERFECT)
        for number in range(DOCUMENTS)
    ]
    register = Register(person for case in cases for person in case.population)
    verdicts = {case.record.file: decide(case.record, register) for case in cases}
    return [case.truth for case in cases], verdicts


def test_planted_errors_are_found_and_none_is_invented(
    archive: Archive,
) -> None:
    truths, verdicts = archive
    result = score(verdicts, truths)
    assert result.planted > 80
    assert result.matched_wrong == 0
    assert result.found_share >= 0.98, result.missed
    assert result.false_share <= 0.02, result.false
    # half of the papers meet an error, and three in ten bear no number that would outweigh it
    assert result.matched / result.persons > 0.85


def test_look_alikes_are_never_matched(
    archive: Archive,
) -> None:
    truths, verdicts = archive
    seen = 0
    for truth in truths:
        for verdict in verdicts[truth["file"]]:
            seen += len(truth["look_alikes"])
            if verdict.decision is Decision.MATCHED:
                assert verdict.personal_id not in truth["look_alikes"]
    assert seen > 20
