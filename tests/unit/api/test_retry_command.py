"""``hoso retry``: by id, by cause, by batch; whoever mistypes a cause is told which there are."""

import sys
from types import SimpleNamespace

import pytest

from api.cli import main, retrying
from domain.document import DocumentState
from domain.event import EventName
from tests.fakes.house import COMMUNE, ELSEWHERE, TestHouse, make_test_house, sample_document

LOST = {"state": DocumentState.FAILED, "problem": "worker_lost"}


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> TestHouse:
    test = make_test_house()
    for number in range(3):
        test.put(sample_document(f"lost-{number}", **LOST, batch=f"box {number % 2}"))
    test.put(sample_document("broken", state=DocumentState.FAILED, problem="file_broken"))
    test.put(sample_document("elsewhere", **LOST, agency=ELSEWHERE))
    stores = SimpleNamespace(database=test.database, objects=test.objects, clock=test.clock)
    monkeypatch.setattr(retrying, "open_stores", lambda _: stores)
    monkeypatch.setenv("HOSO_AGENCY", "vn=Việt Nam;24=Bắc Ninh;07777=Việt Yên")
    monkeypatch.setenv("HOSO_LANG", "en")
    return test


def said(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str, code: int
) -> list[str]:
    monkeypatch.setattr(sys, "argv", ["hoso", "retry", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    written = capfd.readouterr()
    assert (ended.value.code or 0) == code, written
    return written.out.splitlines()


def tried_again(house: TestHouse) -> set[str | None]:
    with house.database.transaction() as tx:
        lines = tx.events.named((EventName.DOCUMENT_RETRIED,), within="vn")
    assert {line.agency_id for line in lines} <= {COMMUNE.id}
    assert all(line.facts["os_user"] for line in lines), "who typed it"
    return {line.document_id for line in lines}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--code", "worker_lost"], {"lost-0", "lost-1", "lost-2"}),
        (["--code", "worker_lost", "--batch", "box 0"], {"lost-0", "lost-2"}),
        (["--batch", "box 1"], {"lost-1"}),
        (["lost-2", "broken"], {"lost-2", "broken"}),
    ],
)
def test_what_failed_is_tried_again(
    house: TestHouse,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    expected: set[str],
) -> None:
    told = said(capfd, monkeypatch, *arguments, code=0)
    count = len(expected)
    assert told == [f"{count} document{'' if count == 1 else 's'} tried again"]
    assert tried_again(house) == expected
    assert {job.document_id for job in house.database.jobs} == expected


def test_a_cause_that_nothing_failed_of_is_answered_with_those_there_are(
    house: TestHouse, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = said(capfd, monkeypatch, "--code", "workerlost", code=0)
    assert told[0] == "Nothing failed so."
    assert sorted(line.split(":")[0] for line in told[1:]) == ["1 failed", "3 failed"]
    assert tried_again(house) == set()


def test_what_has_not_failed_or_is_not_ones_own_is_refused(
    house: TestHouse, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.put(sample_document("fine"))
    told = said(capfd, monkeypatch, "fine", "elsewhere", "lost-0", code=1)
    assert told == ["1 document tried again"]
    assert tried_again(house) == {"lost-0"}


@pytest.mark.parametrize("arguments", [[], ["lost-0", "--code", "worker_lost"]])
def test_what_is_meant_must_be_said(
    house: TestHouse,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
) -> None:
    said(capfd, monkeypatch, *arguments, code=2)
    assert tried_again(house) == set()
