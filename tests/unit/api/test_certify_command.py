"""``hoso certify`` counts what was certified, not what was asked for."""

import sys
from types import SimpleNamespace

import pytest

from api.cli import certifying, main
from domain.document import DocumentState
from domain.errors import ErrorCode
from domain.ports import Step
from tests.fakes.house import (
    ROOT,
    TestHouse,
    fill,
    make_test_house,
    of_state,
    sample_document,
)
from workflow.failure import give_up

WAITING = of_state(DocumentState.VERIFIED)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> TestHouse:
    test = make_test_house()
    fill(test)
    stores = SimpleNamespace(database=test.database, objects=test.objects, clock=test.clock)
    monkeypatch.setattr(certifying, "open_stores", lambda _: stores)
    monkeypatch.setenv("HOSO_AGENCY", "vn=Việt Nam;24=Bắc Ninh;07777=Việt Yên")
    monkeypatch.setenv("HOSO_LANG", "en")
    return test


def said(
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
    code: int,
) -> list[str]:
    monkeypatch.setattr(sys, "argv", ["hoso", "certify", *(arguments or (WAITING,))])
    with pytest.raises(SystemExit) as ended:
        main()
    written = capfd.readouterr()
    assert (ended.value.code or 0) == code, written
    return written.out.splitlines()


def test_what_could_not_be_signed_is_not_counted(
    house: TestHouse, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def desk_gives_up(_seconds: float) -> None:
        with house.database.transaction() as tx:
            give_up(
                house.house.system,
                Step.CERTIFY,
                WAITING,
                ErrorCode.OBJECT_MISSING,
                tx=tx,
                clock=house.clock,
            )

    monkeypatch.setattr(certifying.time, "sleep", desk_gives_up)
    assert said(capfd, monkeypatch, code=1) == ["no documents certified"]


def test_what_was_signed_is_counted(
    house: TestHouse, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def desk_signs(_seconds: float) -> None:
        with house.database.transaction() as tx:
            waiting = tx.documents.get(WAITING, within=ROOT.path)
            assert waiting is not None
            signed = {**vars(waiting), "state": DocumentState.CERTIFIED}
            tx.documents.move(waiting, changed=type(waiting)(**signed))

    monkeypatch.setattr(certifying.time, "sleep", desk_signs)
    assert said(capfd, monkeypatch, code=0) == ["1 document certified"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Needs review 2, Failed 1. See each of them: hoso status --batch 'hộp 9'"),
        ("vi", "Chờ xem xét 2, Không xử lý được 1. Xem từng hồ sơ: hoso status --batch 'hộp 9'"),
    ],
)
def test_what_of_a_batch_is_left_is_told(
    house: TestHouse,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
) -> None:
    monkeypatch.setenv("HOSO_LANG", language)
    states = (DocumentState.VERIFIED, *[DocumentState.REVIEW] * 2, DocumentState.FAILED)
    for number, state in enumerate(states):
        house.put(
            sample_document(
                f"5555555{number}-0000", state=state, batch="hộp 9", sha256=f"{number + 1:064x}"
            )
        )
    counted, left = said(capfd, monkeypatch, "--batch", "hộp 9", "--no-wait", code=0)
    assert counted == "1 document queued for signing"
    assert words in left


def test_of_a_batch_that_is_done_nothing_is_left(
    house: TestHouse, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.put(
        sample_document(
            "55555555-0000", state=DocumentState.VERIFIED, batch="xong", sha256="e" * 64
        )
    )
    told = said(capfd, monkeypatch, "--batch", "xong", "--no-wait", code=0)
    assert told == ["1 document queued for signing"]
