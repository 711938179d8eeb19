"""An issued copy stands before the judges of others: poppler, OpenSSL, qpdf, pyHanko, pikepdf."""

import asyncio
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from asn1crypto import x509
from asn1crypto.parser import peek
from pikepdf import pdfa
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from domain.certificate import Regime
from domain.errors import ErrorCode, HosoError
from domain.verification import Genuineness
from signing.composition import EcopyContent, EcopyPage, SigningFacts, compose
from signing.demo_pki.authority import DemoAuthority
from signing.ecopy import IssuedCopy
from signing.issue import Issuer
from signing.verification import verify_own_output

FACTS = SigningFacts(
    signed_at=datetime(2026, 11, 21, 3, 15, 30, tzinfo=UTC), signer="Nguyễn Văn Demo", demo=True
)


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def file(issued: IssuedCopy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("copy") / "copy.pdf"
    path.write_bytes(issued.pdf)
    return path


def test_verify_finds_it_genuine_and_says_demo(
    issued: IssuedCopy, authority: DemoAuthority
) -> None:
    report = verify_own_output(issued.pdf, trust=authority.trust(), now=datetime.now(UTC))
    assert report.genuineness is Genuineness.GENUINE, report.steps
    assert report.exit_code == 0
    assert report.demo
    assert report.sha256 == issued.sha256
    assert [item.field for item in report.signatures] == ["OfficerCertification", "AgencySeal"]
    assert [step.number for step in report.steps] == list(range(1, len(report.steps) + 1))


@pytest.mark.parametrize("days", [30, 1200])
def test_it_stays_genuine_after_revocation_data_and_signer_certificates_expire(
    issued: IssuedCopy, authority: DemoAuthority, days: int
) -> None:
    later = datetime.now(UTC) + timedelta(days=days)
    future = DemoAuthority(authority.folder, base_url="", now=lambda: later)
    report = verify_own_output(issued.pdf, trust=future.trust(), now=later)
    assert report.genuineness is Genuineness.GENUINE, report.steps


def test_poppler_finds_both_signatures_valid(file: Path) -> None:
    # trust is OpenSSL's and pyHanko's to judge below: poppler 22.12 answers "unknown issue" for any
    # root of ours in its NSS store, where certutil -V finds the same chain valid
    answer = _run(_program("pdfsig"), str(file))
    assert answer.count("Signature is Valid.") == 2, answer


def test_openssl_verifies_both_signatures_up_to_the_root(
    issued: IssuedCopy, authority: DemoAuthority, tmp_path: Path
) -> None:
    openssl = _program("openssl")
    root = tmp_path / "root.pem"
    (tmp_path / "root.crt").write_bytes(authority.certificate("root"))
    _run(openssl, "x509", "-inform", "DER", "-in", str(tmp_path / "root.crt"), "-out", str(root))
    for position, signature in enumerate(_signatures(issued.pdf)):
        start, length, second, rest = (int(value) for value in signature.byte_range)
        signed = issued.pdf[start : start + length] + issued.pdf[second : second + rest]
        (tmp_path / f"{position}.data").write_bytes(signed)
        padded = (
            signature.pkcs7_content
        )  # the DER itself may end in nought, so its own length counts
        (tmp_path / f"{position}.cms").write_bytes(padded[: peek(padded)])
        _run(
            openssl, "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any",
            "-in", str(tmp_path / f"{position}.cms"), "-content", str(tmp_path / f"{position}.data"),
            "-CAfile", str(root), "-out", "/dev/null",
        )  # fmt: skip


def _signatures(pdf: bytes) -> list:  # type: ignore[type-arg]
    reader = PdfFileReader(io.BytesIO(pdf))
    return [item for item in reader.embedded_signatures if item.sig_object_type == "/Sig"]


def test_qpdf_finds_no_error(file: Path) -> None:
    assert "No syntax or stream encoding errors" in _run(_program("qpdf"), "--check", str(file))


def test_pyhanko_validates_long_term_archival_from_the_root_alone(
    issued: IssuedCopy, authority: DemoAuthority
) -> None:
    # only the root is given: every other certificate and all revocation data come from the file
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(
                    trust_roots=[x509.Certificate.load(authority.certificate("root"))]
                ),
                revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )
    for signature in _signatures(issued.pdf):
        result = asyncio.run(ades_lta_validation(signature, spec))
        assert result.ades_subindic is AdESPassed.OK, result.failure_msg
        assert result.oldest_evidence_record_timestamp is not None


def test_unsigned_copy_is_pdfa_2b_with_level_u_declared_and_unicode_for_every_font(
    contents: Callable[..., EcopyContent],
) -> None:
    for regime in Regime:
        pdf = compose(contents(regime=regime), facts=FACTS)
        report = pdfa.validate_written(io.BytesIO(pdf), "2b")
        # the validator knows level B only: the one thing it may object to is our declaring level U
        assert [finding.rule for finding in report.findings] == ["ISO_19005_2:6.6.4-3"]
        assert "conformance is 'U'" in report.findings[0].message
        with pikepdf.open(io.BytesIO(pdf)) as document:
            fonts = [
                item
                for item in document.objects
                if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0"
            ]
            assert fonts
            assert all("/ToUnicode" in font for font in fonts)


def test_signing_adds_nothing_that_pdfa_2_forbids(issued: IssuedCopy) -> None:
    # ISO 19005-2: 6.1.2 version, 6.1.12 permissions, 6.3.2-3 annotations, 6.4 forms and signatures
    assert issued.pdf.startswith(b"%PDF-1.7")
    report = pdfa.validate_written(io.BytesIO(issued.pdf), "2b")
    violations = {finding.rule for finding in report.findings if finding.kind == "violation"}
    assert violations == {"ISO_19005_2:6.6.4-3"}, report.findings
    with pikepdf.open(io.BytesIO(issued.pdf)) as document:
        assert "/Version" not in document.Root
        assert list(document.Root.Perms.keys()) == ["/DocMDP"]
        reference = document.Root.Perms.DocMDP.Reference[0]
        assert not {"/DigestMethod", "/DigestValue", "/DigestLocation"} & set(reference.keys())
        assert not {"/XFA", "/NeedAppearances"} & set(document.Root.AcroForm.keys())
        for field in document.Root.AcroForm.Fields:
            left, lower, right, upper = (float(side) for side in field.Rect)
            assert (right - left, upper - lower) == (0, 0)  # no appearance needed
            print_flag, others = int(field.F) & 4, int(field.F) & (1 | 2 | 32 | 256)
            assert (print_flag, others) == (4, 0)
            assert not {"/A", "/AA"} & set(field.keys())


def test_scan_is_embedded_untouched_at_full_scale(
    issued: IssuedCopy, content: EcopyContent
) -> None:
    with pikepdf.open(io.BytesIO(issued.pdf)) as document:
        for page, source in zip(document.pages, content.pages, strict=False):
            pictures = [item.read_raw_bytes() for item in page.get_images().values()]
            assert source.jpeg in pictures
            width = float(page.mediabox[2])
            assert width == pytest.approx(source.width * 72 / source.dpi, abs=0.2)


def test_text_can_be_searched_where_it_stands(file: Path, content: EcopyContent) -> None:
    page = content.pages[0]
    line = page.lines[1]
    scale = 72 / page.dpi
    answer = _run(_program("pdftotext"), "-bbox", "-l", "1", str(file), "-")
    boxes = re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">NGUYỄN<', answer
    )
    assert len(boxes) == 1, answer
    left, top, right, bottom = (float(side) for side in boxes[0])
    assert line.box.left * scale - 2 < left < right < line.box.right * scale + 2
    assert abs((top + bottom) / 2 - (line.box.top + line.box.bottom) / 2 * scale) < 5


@pytest.mark.parametrize("top", [400, 20])
def test_block_and_qr_never_cover_the_scan(
    contents: Callable[..., EcopyContent], top: int, tmp_path: Path
) -> None:
    content = contents(top=top)
    page = content.pages[0]
    path = tmp_path / "copy.pdf"
    path.write_bytes(compose(content, facts=FACTS))
    with pikepdf.open(path) as document:
        grown = float(document.pages[0].mediabox[3]) - page.height * 72 / page.dpi
    # print near the upper edge makes the page grow; a blank margin takes block and QR as it is
    assert (grown > 50) == (top == 20)
    _run(
        _program("pdftoppm"),
        "-r",
        "150",
        "-l",
        "1",
        "-png",
        "-singlefile",
        str(path),
        str(tmp_path / "p"),
    )
    with Image.open(tmp_path / "p.png") as picture:
        codes = zxingcpp.read_barcodes(picture)
        assert [code.text.splitlines()[0] for code in codes] == [content.verification_url]
        assert "027******234" in codes[0].text
        assert "027098001234" not in codes[0].text
    words = _run(_program("pdftotext"), "-l", "1", str(path), "-")
    assert "BẢN SAO ĐIỆN TỬ CÓ CHỨNG THỰC" in words
    assert "21-11-2026 10:15:30 +07:00" in words
    assert "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in words


def test_office_copy_says_sao_y_with_its_code_and_has_no_statement_page(
    issuer: Issuer, contents: Callable[..., EcopyContent], tmp_path: Path
) -> None:
    content = contents(regime=Regime.OFFICE_COPY)
    copy = issuer.issue(content)
    path = tmp_path / "sao-y.pdf"
    path.write_bytes(copy.pdf)
    words = _run(_program("pdftotext"), "-layout", str(path), "-")
    assert f"Mã tra cứu: {content.code}" in words
    with pikepdf.open(io.BytesIO(copy.pdf)) as document:
        assert len(document.pages) == 1
        assert "Sao y" in str(document.docinfo["/Title"])


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_grey_and_colour_scans_become_pdfa(
    contents: Callable[..., EcopyContent], mode: str
) -> None:
    content = contents()
    page = content.pages[0]
    jpeg = io.BytesIO()
    with Image.open(io.BytesIO(page.jpeg)) as picture:
        picture.convert(mode).save(jpeg, "JPEG")
    pdf = compose(replace(content, pages=(replace(page, jpeg=jpeg.getvalue()),)), facts=FACTS)
    report = pdfa.validate_written(io.BytesIO(pdf), "2b")
    assert [finding.rule for finding in report.findings] == ["ISO_19005_2:6.6.4-3"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"agency_name": "UBND \u4e2d"}, "letter_not_in_font"),
        ({"pages": ()}, "pages_without_size"),
        ({"pages": (EcopyPage(jpeg=b"no", width=9, height=9, dpi=9),)}, "UnidentifiedImageError"),
    ],
)
def test_content_that_cannot_be_printed_is_refused_by_name(
    contents: Callable[..., EcopyContent], change: dict[str, object], problem: str
) -> None:
    with pytest.raises(HosoError) as caught:
        compose(replace(contents(), **change), facts=FACTS)  # type: ignore[arg-type]
    assert caught.value.code is ErrorCode.SIGNING_FAILED
    assert problem in str(caught.value.facts["problem"])


def test_same_content_gives_the_same_pages(contents: Callable[..., EcopyContent]) -> None:
    content = contents()
    with (
        pikepdf.open(io.BytesIO(compose(content, facts=FACTS))) as one,
        pikepdf.open(io.BytesIO(compose(content, facts=FACTS))) as two,
    ):
        for first, second in zip(one.pages, two.pages, strict=True):
            assert first.Contents.read_bytes() == second.Contents.read_bytes()


def test_one_desk_serves_several_threads(
    issuer: Issuer, contents: Callable[..., EcopyContent]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        copies = list(pool.map(issuer.issue, [contents() for _ in range(4)]))
    assert len({copy.sha256 for copy in copies}) == 4
