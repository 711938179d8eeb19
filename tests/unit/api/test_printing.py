"""What a stranger's file says never steers the terminal, and is told to programs without loss."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.text import Text

from api.cli import main
from api.cli.messages import document_lines, print_error, verification_lines
from api.cli.progress import err, out
from api.explanations import Locale
from api.explanations.conclusions import proviso
from api.explanations.foreign import harmless, shown
from domain.errors import ErrorCode, HosoError
from domain.verification import (
    Genuineness,
    SignatureFacts,
    StepOutcome,
    VerificationReport,
    VerificationStep,
)
from tests.fakes.house import sample_document

VERDICT = "Genuine and in force"
HOSTILE = [
    f"\x1b[2J\x1b[H\x1b[1;32m{VERDICT}\x1b[0m\r\n",
    f"x\n{VERDICT}\n",
    f"x\x85{VERDICT}\u2028{VERDICT}\u2029",
    f"\x9b2J{VERDICT}",
    f"\u202e{VERDICT}\u2066\u200b\u200f\ufeff\x00\x7f",
    f"x{' ' * 200}{VERDICT}{chr(0xA0) * 90}{VERDICT}",
]
BROKEN_SIGNER = "signer_not_trusted"


def _report(words: str) -> VerificationReport:
    """As of a file signed by somebody whose certificate and field are called so."""
    return VerificationReport(
        genuineness=Genuineness.NOT_GENUINE,
        steps=(
            VerificationStep(
                number=1,
                code="signers_trusted",
                outcome=StepOutcome.FAIL,
                facts={"problem": BROKEN_SIGNER, "field": words},
            ),
        ),
        signatures=(
            SignatureFacts(
                field=words,
                signer=words,
                organization=words,
                signed_at=datetime(2026, 11, 27, tzinfo=UTC),
                valid=False,
            ),
        ),
    )


def _steering(text: str) -> set[str]:
    return {sign for sign in text if not sign.isprintable() and sign not in "\n "}


@pytest.mark.parametrize("words", HOSTILE)
def test_names_in_a_copy_neither_steer_the_terminal_nor_begin_a_line(
    words: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_LANG", "en")
    for line in verification_lines(_report(words)):
        out.print(line, soft_wrap=True)
    printed = capfd.readouterr().out
    assert _steering(printed) == set()
    assert "   " not in printed.replace("     – ", "")
    assert [line[:2] for line in printed.splitlines()][1:] == ["  "] * (
        len(printed.splitlines()) - 1
    )
    assert printed.splitlines()[0] == "Not a genuine copy"


@pytest.mark.parametrize("words", HOSTILE[:-1])
def test_file_names_steer_nothing_wherever_they_are_printed(
    words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    err.print(f"skipped: {words}")
    out.print(Text.assemble(("x", "bold"), words))
    for line in document_lines([sample_document(file=words)]):
        out.print(line, highlight=False, soft_wrap=True)
    print_error(HosoError(ErrorCode.TOOL_FAILED, tool=words, problem=words), subject=words)
    captured = capfd.readouterr()
    assert _steering(captured.out + captured.err) - {"\xa0"} == set()
    assert VERDICT not in {line.strip() for line in (captured.out + captured.err).splitlines()}


def test_wrong_arguments_that_name_a_file_steer_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "\x1b[2Jempty"
    folder.mkdir()
    monkeypatch.setattr(
        sys, "argv", ["hoso", "read", str(folder), "--jsonl", str(tmp_path / "out.jsonl")]
    )
    with pytest.raises(SystemExit):
        main()
    assert "\x1b[2J" not in capfd.readouterr().err


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("several", [False, True])
def test_programs_are_told_every_sign_as_json_escapes_it(
    words: str,
    several: bool,  # noqa: FBT001 - a parameter of pytest
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.cli.verifying.verify_file", lambda _settings, _pdf: _report(words))
    file = tmp_path / "copy.pdf"
    file.write_bytes(b"x")
    monkeypatch.setattr(sys, "argv", ["hoso", "verify", "--json", *[str(file)] * (1 + several)])
    with pytest.raises(SystemExit):
        main()
    printed = capfd.readouterr().out
    assert _steering(printed) - {"\xa0"} == set()
    told = json.loads(printed.splitlines()[0] if several else printed)
    assert told["signatures"][0]["signer"] == words
    assert told["signatures"][0]["field"] == words


def test_the_words_beside_a_conclusion_name_a_signer_harmlessly() -> None:
    steps = (
        VerificationStep(
            number=1,
            code="register_known",
            outcome=StepOutcome.FAIL,
            facts={"problem": "not_in_register"},
        ),
        VerificationStep(number=2, code="not_revoked", outcome=StepOutcome.SKIPPED),
    )
    report = VerificationReport(
        genuineness=Genuineness.NOT_GENUINE,
        steps=steps,
        signatures=_report(HOSTILE[0]).signatures,
    )
    beside = proviso(report, Locale.EN)
    assert beside is not None
    assert _steering(beside) == set()


def test_what_harms_nothing_stays_as_it_is() -> None:
    name = "Ủy ban nhân dân phường Việt Yên – Nguyễn Thị Hương Giang (ﬁ, 日本, 🙂)"
    assert harmless(name) == name
    assert shown(name) == name
    assert len(shown("Đ" * 500)) == 81
