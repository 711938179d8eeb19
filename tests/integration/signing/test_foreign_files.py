"""Files of others: known attacks, foreign signatures, hostile bytes. None is genuine, none hurts us."""

import io
import json
import resource
import subprocess
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.explanations import Locale, label
from domain.verification import Genuineness, StepOutcome, VerificationReport, report_to_json
from signing.demo_pki.authority import DemoAuthority
from signing.ecopy import IssuedCopy
from signing.inspection_process import InspectionUnavailableError, Limits, inspect_contained
from signing.refusal import Problem
from signing.trust import TrustAnchors
from signing.verification import verify, verify_own_output

SLOWEST = 20.0
LARGEST = 1.5 * 2**30


@pytest.mark.parametrize("folder", ["signed/attacks", "signed/pyhanko"])
def test_no_published_attack_and_no_foreign_signature_is_genuine(
    shared_data: Path, authority: DemoAuthority, folder: str
) -> None:
    trust = authority.trust()
    files = sorted((shared_data / folder).glob("*.pdf"))
    assert len(files) > 10
    for path in files:
        report = verify_own_output(path.read_bytes(), trust=trust, now=datetime.now(UTC))
        assert report.genuineness is Genuineness.NOT_GENUINE, path.name
        json.dumps(report_to_json(report))  # whatever was found can be printed


def test_foreign_signature_is_reported_as_not_trusted(
    shared_data: Path, authority: DemoAuthority
) -> None:
    path = shared_data / "signed" / "pyhanko" / "pades-lta-dss-indirect-arrs-test.pdf"
    report = verify(
        path.read_bytes(), trust=authority.trust(), register=None, now=datetime.now(UTC)
    )
    problems = {step.facts.get("problem") for step in report.steps}
    assert "signer_not_trusted" in problems
    assert report.signatures
    assert not any(item.valid for item in report.signatures)


def test_hostile_files_are_refused_in_bounded_time_and_memory(
    shared_data: Path, authority: DemoAuthority
) -> None:
    trust = authority.trust()
    for path in sorted((shared_data / "hostile").glob("*")):
        started = time.monotonic()
        report = verify_own_output(path.read_bytes(), trust=trust, now=datetime.now(UTC))
        assert report.genuineness is Genuineness.NOT_GENUINE, path.name
        assert time.monotonic() - started < SLOWEST, path.name


def _pdf(*objects: bytes) -> bytes:
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF" % table)
    return out.getvalue()


def _stream(data: bytes, entries: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"
HOSTILE = {
    "deep nesting": _pdf(CATALOG, PAGES, b"[" * 200_000 + b"]" * 200_000),
    "own parent": _pdf(b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>", PAGES),
    "bomb": _pdf(
        CATALOG,
        PAGES,
        _stream(
            zlib.compress(zlib.compress(b"\0" * 300_000_000, 9), 9),
            b"/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]",
        ),
    ),
    "fields in a circle": _pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        PAGES,
        b"<< /T (a) /FT /Sig /Kids [3 0 R] /V 3 0 R >>",
    ),
    "table that points at itself": (
        b"%PDF-1.7\nxref\n0 0\ntrailer\n<< /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_crafted_bombs_are_refused(authority: DemoAuthority, name: str) -> None:
    started = time.monotonic()
    report = verify(HOSTILE[name], trust=authority.trust(), register=None, now=datetime.now(UTC))
    assert report.genuineness is Genuineness.NOT_GENUINE, report.steps
    assert time.monotonic() - started < SLOWEST
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < LARGEST


def test_file_that_needs_too_much_time_or_memory_is_refused(
    issued: IssuedCopy, authority: DemoAuthority
) -> None:
    now, trust = datetime.now(UTC), authority.trust()
    # a file with many objects stands in for one that keeps a parser busy
    busy = _pdf(CATALOG, PAGES, *(b"<< /Kids [ %s ] >>" % (b"0 " * 2000) for _ in range(400)))
    slow = inspect_contained(busy, trust=trust, now=now, limits=Limits(cpu_seconds=0))
    assert slow.checks[-1].facts == {"problem": "too_slow"}
    large = inspect_contained(issued.pdf, trust=trust, now=now, limits=Limits(memory_bytes=1 << 20))
    assert large.checks[-1].outcome is StepOutcome.FAIL


def test_our_own_failure_says_nothing_about_the_file(issued: IssuedCopy) -> None:
    with pytest.raises(InspectionUnavailableError) as unavailable:
        inspect_contained(
            issued.pdf,
            trust=TrustAnchors(roots=(b"",)),
            now=datetime.now(UTC),
            limits=Limits(wall_seconds=0.01),
        )
    assert unavailable.value.problem is Problem.MACHINE_BUSY


def test_why_nothing_could_be_inspected_is_told_in_words(
    issued: IssuedCopy, authority: DemoAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust, now = authority.trust(), datetime.now(UTC)
    answers = {
        Problem.MACHINE_BUSY: subprocess.TimeoutExpired("inspection", 18),
        Problem.INSPECTION_FAILED: subprocess.CompletedProcess([], -9, stdout=b"", stderr=b""),
    }
    for problem, answer in answers.items():

        def run(*_: object, answer: object = answer, **__: object) -> object:
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr("signing.inspection_process.subprocess.run", run)
        report = verify(issued.pdf, trust=trust, register=None, now=now)
        (step,) = [one for one in report.steps if one.code == "inspection_available"]
        assert report.exit_code == 2
        assert step.facts["problem"] == str(problem)
        for locale in Locale:
            assert label("refusal", str(step.facts["problem"]), locale) != str(problem)


def test_a_file_cut_short_is_not_told_that_something_follows_its_end(
    issued: IssuedCopy, judge: Callable[[bytes], VerificationReport]
) -> None:
    def problem(pdf: bytes) -> object:
        (step,) = [one for one in judge(pdf).steps if one.code == "file_readable"]
        return step.facts.get("problem")

    without_line_end = judge(issued.pdf.removesuffix(b"\n"))
    assert "cut_short" in {step.facts.get("problem") for step in without_line_end.steps}
    pdf = issued.pdf.removesuffix(b"\n")
    for end in (-1, -5, -400, -30_000, -len(pdf) // 2, 20):
        assert problem(pdf[:end]) == "cut_short", end
    for behind in (b"\r\n", b"\n<!-- from: somebody -->\n", b"\0" * 4096):
        assert problem(pdf + behind) == "bytes_after_end", behind
