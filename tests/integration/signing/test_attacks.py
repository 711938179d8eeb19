"""Everything that is done to a genuine copy, or brought in its place, is found out."""

import io
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko_certvalidator import ValidationContext

from domain.verification import Genuineness, VerificationReport
from signing.composition import EcopyContent, SigningFacts, compose
from signing.demo_pki.authority import DemoAuthority
from signing.demo_pki.office import demo_issuer
from signing.ecopy import IssuedCopy
from signing.issue import Issuer
from signing.refusal import Problem
from signing.signatures import (
    OFFICER_FIELD,
    SEAL_FIELD,
    PdfA2Signer,
    SignaturePolicy,
    _metadata,
    sign,
)
from signing.trust import offline_context
from signing.verification import verify_own_output

Judge = Callable[[bytes], VerificationReport]
POLICY = SignaturePolicy(reason="Chứng thực", agency="UBND")
FACTS = SigningFacts(
    signed_at=datetime(2026, 11, 21, 3, 15, 30, tzinfo=UTC), signer="Nguyễn Văn Demo", demo=True
)


def _refused(report: VerificationReport) -> set[str]:
    """The problems named; a refusal without one would be a bug."""
    assert report.genuineness is Genuineness.NOT_GENUINE, report.steps
    assert report.exit_code == 1
    # a failed signature proves no time; the moment of checking must not be told as that of signing
    assert not any(each.signed_at for each in report.signatures if not each.valid)
    problems = {str(step.facts["problem"]) for step in report.steps if "problem" in step.facts}
    assert problems <= {str(problem) for problem in Problem}
    assert problems
    return problems


def _gaps(pdf: bytes) -> list[tuple[int, int]]:
    reader = PdfFileReader(io.BytesIO(pdf))
    ranges = [[int(value) for value in item.byte_range] for item in reader.embedded_signatures]
    return [(entry[1], entry[2]) for entry in ranges]


def _changed(pdf: bytes, position: int, mask: int) -> bytes:
    return pdf[:position] + bytes([pdf[position] ^ mask]) + pdf[position + 1 :]


# bytes


def test_one_flipped_byte_anywhere_is_found(issued: IssuedCopy, judge: Judge) -> None:
    pdf = issued.pdf
    chosen = random.Random(20261121)  # noqa: S311 - chooses positions
    positions = {0, 7, len(pdf) - 1, len(pdf) - 7}
    positions |= {chosen.randrange(len(pdf)) for _ in range(14)}
    start, end = _gaps(pdf)[0][0], len(pdf)
    positions |= {
        chosen.randrange(start, end) for _ in range(14)
    }  # signatures, revisions, trailers
    for position in sorted(positions):
        _refused(judge(_changed(pdf, position, 1)))


def test_no_byte_of_the_last_signature_can_change_its_meaning_or_its_case(
    issued: IssuedCopy, judge: Judge
) -> None:
    # nothing later covers this gap: padding, case of hex digits, unsigned parts of the token
    pdf = issued.pdf
    start, end = _gaps(pdf)[-1]
    token_end = start + 1 + len(pdf[start + 1 : end - 1].rstrip(b"0"))
    chosen = random.Random(7)  # noqa: S311 - chooses positions
    positions = {start, start + 1, token_end + 1, end - 2, end - 1}
    positions |= {chosen.randrange(start, token_end) for _ in range(20)}
    for position in sorted(positions):
        _refused(judge(_changed(pdf, position, 1)))
    letters = [place for place in range(start, token_end) if chr(pdf[place]) in "ABCDEF"]
    assert "signature_container_altered" in _refused(judge(_changed(pdf, letters[-1], 0x20)))
    # a name in other case is the same name to X.509, not to us
    name = b"Root CA".hex().upper().encode()
    for place in (found.start() for found in re.finditer(name, pdf[start:end])):
        _refused(judge(_changed(pdf, start + place, 2)))


@pytest.mark.parametrize(
    "tail", [b"\0", b" ", b"\n", b"\r\n", b"% note\n", b"%%EOF", b"\n%%EOF\n", b"x" * 5000]
)
def test_appended_bytes_are_found(issued: IssuedCopy, judge: Judge, tail: bytes) -> None:
    _refused(judge(issued.pdf + tail))


def test_prepended_and_truncated_files_are_found(issued: IssuedCopy, judge: Judge) -> None:
    _refused(judge(b"\n" + issued.pdf))
    for length in (0, 1, 100, len(issued.pdf) // 2, len(issued.pdf) - 1):
        _refused(judge(issued.pdf[:length]))


def test_earlier_revisions_are_no_copies(issued: IssuedCopy, judge: Judge) -> None:
    ends = _revision_ends(issued.pdf)
    assert len(ends) == 4
    expected = ["unsigned", "signatures_unexpected", "archive_timestamp_missing"]
    for end, problem in zip(ends, expected, strict=False):
        assert problem in _refused(judge(issued.pdf[:end]))


def _revision_ends(pdf: bytes) -> list[int]:
    ends = []
    at = pdf.find(b"%%EOF")
    while at != -1:
        ends.append(at + len(b"%%EOF"))
        at = pdf.find(b"%%EOF", at + 1)
    return ends


# changes made with PDF tools


def test_replaced_page_is_found(issued: IssuedCopy, judge: Judge) -> None:
    with pikepdf.open(io.BytesIO(issued.pdf)) as document:
        document.pages[0].Contents = document.make_stream(b"0 0 100 100 re f")
        out = io.BytesIO()
        document.save(out)
    _refused(judge(out.getvalue()))


def _set_title(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(generic.DictionaryObject({"/Title": generic.pdf_string("khác")}))


def _change_page(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    writer.update_container(page)


def _add_annotation(writer: IncrementalPdfFileWriter) -> None:
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                map(generic.NumberObject, (0, 0, 400, 400))
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("Nguyễn Văn Bình"),
        }
    )
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def _change_store(writer: IncrementalPdfFileWriter) -> None:
    store = writer.root["/DSS"]
    store["/CRLs"] = generic.ArrayObject()
    writer.update_container(store)


def _strip_certification(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def _add_script(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
            generic.pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
        }
    )
    writer.update_root()


def _add_layer(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OCProperties"] = generic.DictionaryObject()
    writer.update_root()


CHANGES = [
    _set_title,
    _change_page,
    _add_annotation,
    _change_store,
    _strip_certification,
    _add_script,
    _add_layer,
]


def _updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("change", CHANGES)
def test_incremental_updates_are_found(
    issued: IssuedCopy, judge: Judge, change: Callable[[IncrementalPdfFileWriter], None]
) -> None:
    problems = _refused(judge(_updated(issued.pdf, change)))
    assert problems & {"revisions_unexpected", "catalog_entry_unexpected"}
    assert "not_covered" in problems


@pytest.mark.parametrize("change", CHANGES)
def test_updates_between_officer_and_seal_are_found_though_the_seal_covers_them(
    content: EcopyContent,
    authority: DemoAuthority,
    judge: Judge,
    change: Callable[[IncrementalPdfFileWriter], None],
) -> None:
    # shadow attack: what the officer saw is swapped before the agency seals in good faith
    certified = _officer_only(compose(content, facts=FACTS), authority)
    # told apart from a wrongly made copy by the reason: the officer's signature sees the change
    problems = _refused(judge(_sealed(_updated(certified, change), authority)))
    assert problems & {"changed_after_signing", "revisions_unexpected", "catalog_entry_unexpected"}


def _officer_only(
    pdf: bytes,
    authority: DemoAuthority,
    *,
    signer: str = "officer",
    level: MDPPerm | None = MDPPerm.FILL_FORMS,
    seal_field: bool = True,
) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    names = (OFFICER_FIELD, SEAL_FIELD) if seal_field else (OFFICER_FIELD,)
    for name in names:
        fields.append_signature_field(writer, SigFieldSpec(name, on_page=0))
    metadata = replace(
        _metadata(authority, POLICY),
        field_name=OFFICER_FIELD,
        certify=level is not None,
        docmdp_permissions=level or MDPPerm.FILL_FORMS,
    )
    signed = PdfA2Signer(
        metadata, authority.signatory(signer).signer, timestamper=authority.timestamper()
    ).sign_pdf(writer, existing_fields_only=True)
    return bytes(signed.getvalue())


def _sealed(
    pdf: bytes,
    authority: DemoAuthority,
    *,
    signer: str = "seal",
    certify: bool = False,
    archive: bool = True,
) -> bytes:
    metadata = replace(
        _metadata(authority, POLICY),
        field_name=SEAL_FIELD,
        certify=certify,
        use_pades_lta=archive,
    )
    signed = PdfA2Signer(
        metadata, authority.signatory(signer).signer, timestamper=authority.timestamper()
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(signed.getvalue())


# signatures of others, or put on in another way


def test_the_hand_made_copy_of_these_tests_is_genuine_when_nothing_is_wrong_with_it(
    content: EcopyContent, authority: DemoAuthority, judge: Judge
) -> None:
    # otherwise the refusals below would prove nothing
    report = judge(_sealed(_officer_only(compose(content, facts=FACTS), authority), authority))
    assert report.genuineness is Genuineness.GENUINE, report.steps


def test_second_certification_is_refused(
    content: EcopyContent,
    authority: DemoAuthority,
    judge: Judge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certified = _officer_only(compose(content, facts=FACTS), authority)
    # pyHanko itself refuses to certify twice; an attacker's tool does not ask
    monkeypatch.setattr("pyhanko.sign.signers.pdf_signer._signatures_exist", lambda _: False)
    problems = _refused(judge(_sealed(certified, authority, certify=True)))
    assert problems & {"certified_by_another", "certified_twice"}


def test_field_added_at_sealing_is_refused(
    content: EcopyContent, authority: DemoAuthority, judge: Judge
) -> None:
    certified = _officer_only(compose(content, facts=FACTS), authority, seal_field=False)
    assert _refused(judge(_sealed(certified, authority))) == {"seal_field_added"}


def test_certification_of_another_level_or_none_is_refused(
    content: EcopyContent, authority: DemoAuthority, judge: Judge
) -> None:
    composed = compose(content, facts=FACTS)
    for level in (None, MDPPerm.ANNOTATE):
        signed = _sealed(_officer_only(composed, authority, level=level), authority)
        assert _refused(judge(signed)) & {"not_certified", "malformed"}


def test_seal_without_archive_timestamp_is_refused(
    content: EcopyContent, authority: DemoAuthority, judge: Judge
) -> None:
    signed = _sealed(
        _officer_only(compose(content, facts=FACTS), authority), authority, archive=False
    )
    assert "archive_timestamp_missing" in _refused(judge(signed))


def test_officer_cannot_stand_in_for_the_seal(
    content: EcopyContent, authority: DemoAuthority, judge: Judge
) -> None:
    signed = _sealed(
        _officer_only(compose(content, facts=FACTS), authority), authority, signer="officer"
    )
    assert _refused(judge(signed)) == {"seal_unknown"}


def test_another_ca_with_the_same_names_is_not_trusted(
    content: EcopyContent, issuer: Issuer, judge: Judge, tmp_path: Path
) -> None:
    twin = DemoAuthority(tmp_path / "pki", base_url="http://127.0.0.1:8000/pki")
    foreign = demo_issuer(twin, clock=issuer.clock).issue(content)
    report = judge(foreign.pdf)
    assert "signer_not_trusted" in _refused(report)
    assert [item.signer for item in report.signatures] == [
        "Cán bộ chứng thực (DEMO)",
        "Con dấu cơ quan (DEMO)",
    ]
    assert not any(item.valid for item in report.signatures)


def test_genuine_copy_signed_again_by_a_stranger_is_refused(
    issued: IssuedCopy, judge: Judge, tmp_path: Path
) -> None:
    twin = DemoAuthority(tmp_path / "pki", base_url="http://127.0.0.1:8000/pki")
    metadata = PdfSignatureMetadata(field_name="Another", subfilter=SigSeedSubFilter.PADES)
    signed = PdfA2Signer(
        metadata, twin.signatory("officer").signer, new_field_spec=SigFieldSpec("Another")
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(issued.pdf)))
    _refused(judge(bytes(signed.getvalue())))


def test_signing_under_a_revoked_certificate_fails_or_is_found_later(
    content: EcopyContent, tmp_path: Path
) -> None:
    office = DemoAuthority(tmp_path / "pki", base_url="http://127.0.0.1:8000/pki")
    stale = office.revocation_data()
    office.revoke("officer", at=datetime.now(UTC) - timedelta(hours=1))

    class Thief:
        """Has the key and revocation answers from before the theft was reported."""

        def validation_context(self) -> ValidationContext:
            return offline_context(stale)

    stolen = sign(
        compose(content, facts=FACTS),
        officer=office.signatory("officer"),
        seal=office.signatory("seal"),
        timestamper=office.timestamper(),
        revocation=Thief(),
        policy=POLICY,
    )
    report = verify_own_output(stolen, trust=office.trust(), now=datetime.now(UTC))
    assert "signer_not_trusted" in _refused(report)


def test_copies_signed_before_a_revocation_stay_genuine(
    content: EcopyContent, issuer: Issuer, tmp_path: Path
) -> None:
    office = DemoAuthority(tmp_path / "pki", base_url="http://127.0.0.1:8000/pki")
    copy = demo_issuer(office, clock=issuer.clock).issue(content)
    later = datetime.now(UTC) + timedelta(days=2)
    office.revoke("officer", at=later - timedelta(days=1))
    future = DemoAuthority(office.folder, base_url="", now=lambda: later)
    report = verify_own_output(copy.pdf, trust=future.trust(), now=later)
    assert report.genuineness is Genuineness.GENUINE, report.steps
