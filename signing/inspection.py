"""The checks of an untrusted file, in order; strict where pyHanko's default verdict is lenient.

Nothing here opens a connection. It runs in a process of its own when the file comes from outside
(``signing.inspection_process``) and in ours when the file is our own output.
"""

import asyncio
import io
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.ades import AdESLTAValidationResult, ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from domain.verification import SignatureFacts, StepOutcome
from signing.code import canonical_code
from signing.containers import check_container, check_token_extras
from signing.refusal import Problem, Refusal
from signing.signatures import OFFICER_FIELD, SEAL_FIELD
from signing.structure import check_catalog, check_objects
from signing.trust import TrustAnchors

EXPECTED_FIELDS = (OFFICER_FIELD, SEAL_FIELD)
_SUBFILTER = "/ETSI.CAdES.detached"
_A_MOMENT = timedelta(seconds=1)
_LAST_BYTES = (b"%%EOF", b"%%EOF\n")

# its warnings tell of the file, which our steps report; they do not belong in the service's log
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Outcome of one check, not yet numbered."""

    code: str
    outcome: StepOutcome
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """All checks made of one file, and the signatures found in it."""

    checks: tuple[Checked, ...]
    signatures: tuple[SignatureFacts, ...] = ()
    code: str | None = None
    """Verification code that the file claims in its metadata."""
    stamped_later: datetime | None = None
    """The time of a trusted stamp that is later than now: our clock is behind, and the file not wrong."""

    @property
    def is_whole(self) -> bool:
        """Whether every check was made and passed; one that was skipped proves nothing."""
        return all(check.outcome is StepOutcome.PASS for check in self.checks)


def inspect(pdf: bytes, *, trust: TrustAnchors, now: datetime) -> Inspection:
    """Check ``pdf`` against our own rules and ``trust`` as of ``now``.

    Never raises for what a file contains: whatever goes wrong is a failed check. Later checks run
    even when earlier ones failed, so that a report names everything that is wrong.
    """
    found, latest = _inspected(pdf, trust=trust, now=now)
    if found.is_whole or latest is None or latest <= now:
        return found
    # a stamp may say anything; believed is only one with which every check passes, trust in it included
    then, _ = _inspected(pdf, trust=trust, now=latest + _A_MOMENT)
    return replace(then, stamped_later=latest) if then.is_whole else found


def _inspected(
    pdf: bytes, *, trust: TrustAnchors, now: datetime
) -> tuple[Inspection, datetime | None]:
    """The checks as of ``now``, and the latest time that a document time stamp claims."""
    case = _Case(pdf=pdf, trust=trust, now=now)
    checks: list[Checked] = []
    for code, check in (
        ("file_readable", case.check_readable),
        ("structure", case.check_structure),
        ("no_active_content", case.check_content),
        ("signature_fields", case.check_fields),
        ("certification", case.check_certification),
        ("signatures_intact", case.check_intact),
        ("nothing_added", case.check_additions),
        ("signers_trusted", case.check_signers),
        ("seal_known", case.check_seal),
        ("archive_timestamp", case.check_archive),
    ):
        checks.append(_outcome(code, check))
        if code == "file_readable" and checks[-1].outcome is StepOutcome.FAIL:
            # a mail program's line behind the end hides no code: it leads to the right copy
            return Inspection(checks=tuple(checks), code=case.claimed_code()), None
    inspection = Inspection(
        checks=tuple(checks), signatures=case.signature_facts(), code=case.claimed_code()
    )
    return inspection, case.latest_stamp()


def _outcome(code: str, check: Callable[[], Mapping[str, object] | None]) -> Checked:
    try:
        facts = check()
    except Refusal as refusal:
        if refusal.problem is Problem.SIGNATURE_MISSING:
            # nothing to examine; the step on signature fields has failed for the same reason
            return Checked(code=code, outcome=StepOutcome.SKIPPED)
        return Checked(
            code=code,
            outcome=StepOutcome.FAIL,
            facts={"problem": str(refusal.problem), **refusal.facts},
        )
    except Exception as error:  # noqa: BLE001 - libraries raise anything on hostile input; all of it refuses
        return Checked(
            code=code,
            outcome=StepOutcome.FAIL,
            facts={"problem": str(Problem.MALFORMED), "error": type(error).__name__},
        )
    return Checked(code=code, outcome=StepOutcome.PASS, facts=facts or {})


def _end_problem(pdf: bytes) -> Problem:
    """Of a file that does not end as a PDF: something was put behind its end, or its end is missing."""
    _, ended, behind = pdf.rpartition(b"%%EOF")
    # every revision ends with the mark: objects behind the last one belong to a revision that was cut
    return Problem.BYTES_AFTER_END if ended and b" obj" not in behind else Problem.CUT_SHORT


@dataclass(frozen=True, kw_only=True)
class _Case:
    """One file under examination; each ``check_…`` returns facts or raises :class:`Refusal`."""

    pdf: bytes
    trust: TrustAnchors
    now: datetime

    @cached_property
    def reader(self) -> PdfFileReader:
        return PdfFileReader(io.BytesIO(self.pdf), strict=True)

    @cached_property
    def found(self) -> list[EmbeddedPdfSignature]:
        """All signatures and document time stamps, oldest first."""
        return list(self.reader.embedded_signatures)

    @cached_property
    def results(self) -> dict[str, AdESLTAValidationResult]:
        """Long-term validation of every signature (not of time stamps), by field."""
        return {
            item.field_name: asyncio.run(
                ades_lta_validation(
                    item,
                    self._validation_spec(),
                    timing_info=ValidationTimingInfo(
                        validation_time=self.now,
                        best_signature_time=self.now,
                        point_in_time_validation=True,
                    ),
                )
            )
            for item in self.found
            if item.sig_object_type == "/Sig"
        }

    def check_readable(self) -> None:
        """A strict parser reads it, from the first byte to the last and no further."""
        if not self.pdf.startswith(b"%PDF-1."):
            raise Refusal(Problem.NOT_A_PDF)
        if not self.pdf.endswith(_LAST_BYTES):
            raise Refusal(_end_problem(self.pdf))
        if "/Type" not in self.reader.root:
            raise Refusal(Problem.NO_CATALOG)

    def check_structure(self) -> None:
        """Only parts of PDF that our copies use, and one revision per signature."""
        check_catalog(self.reader)
        revisions = self.reader.xrefs.total_revisions
        if revisions != 1 + len(self.found):
            raise Refusal(
                Problem.REVISIONS_UNEXPECTED, revisions=revisions, signatures=len(self.found)
            )

    def check_content(self) -> None:
        """Nothing acts, hides or is carried along."""
        check_objects(self.reader)

    def check_fields(self) -> None:
        """Officer, seal, then time stamps; no other field, nothing left unsigned."""
        if not self.found:
            raise Refusal(Problem.UNSIGNED)
        names = tuple(item.field_name for item in self.found[: len(EXPECTED_FIELDS)])
        if names != EXPECTED_FIELDS:
            raise Refusal(
                Problem.SIGNATURES_UNEXPECTED, fields=[item.field_name for item in self.found]
            )
        for position, item in enumerate(self.found):
            expected = "/Sig" if position < len(EXPECTED_FIELDS) else "/DocTimeStamp"
            if item.sig_object_type != expected:
                raise Refusal(Problem.SIGNATURE_KIND_UNEXPECTED, field=item.field_name)
            if expected == "/Sig" and item.sig_object["/SubFilter"] != _SUBFILTER:
                raise Refusal(Problem.SIGNATURE_KIND_UNEXPECTED, field=item.field_name)
        fields = self.reader.root["/AcroForm"]["/Fields"]
        if len(fields) != len(self.found):
            raise Refusal(Problem.FIELDS_UNEXPECTED, count=len(fields))
        for index in range(len(fields)):
            item = fields[index]
            if item.get("/FT") != "/Sig" or "/Kids" in item or "/V" not in item:
                raise Refusal(Problem.FIELDS_UNEXPECTED, count=len(fields))

    def check_certification(self) -> None:
        """The officer's signature certifies with DocMDP P=2 and the catalog says so; the seal does not."""
        officer, seal = self._pair()
        if officer.docmdp_level is not MDPPerm.FILL_FORMS:
            raise Refusal(Problem.NOT_CERTIFIED)
        permissions = self.reader.root["/Perms"]
        if set(permissions) != {"/DocMDP"}:
            raise Refusal(Problem.PERMISSIONS_UNEXPECTED)
        if permissions.raw_get("/DocMDP").reference != officer.sig_field.raw_get("/V").reference:
            raise Refusal(Problem.CERTIFIED_BY_ANOTHER)
        if seal.docmdp_level is not None or "/Reference" in seal.sig_object:
            raise Refusal(Problem.CERTIFIED_TWICE)

    def check_intact(self) -> None:
        """Each signature covers its whole revision, its digest and its cryptography hold."""
        self._pair()
        for item in self.found:
            item.compute_integrity_info()
            check_container(self.pdf, item)
            last = item is self.found[-1]
            least = (
                SignatureCoverageLevel.ENTIRE_FILE
                if last
                else SignatureCoverageLevel.ENTIRE_REVISION
            )
            if item.coverage < least:
                raise Refusal(Problem.NOT_COVERED, field=item.field_name)
        for name, result in self.results.items():
            status = result.api_status
            if status is None or not (status.intact and status.valid):
                raise Refusal(Problem.SIGNATURE_BROKEN, field=name)

    def check_additions(self) -> None:
        """After the officer only the seal was filled in; after the seal only time stamps were added."""
        officer, seal = self._pair()
        for item, most in (
            (officer, ModificationLevel.FORM_FILLING),
            (seal, ModificationLevel.LTA_UPDATES),
        ):
            if item.diff_result is None:
                item.compute_integrity_info()
            level = getattr(item.diff_result, "modification_level", ModificationLevel.OTHER)
            if level > most:
                raise Refusal(Problem.CHANGED_AFTER_SIGNING, field=item.field_name)
        then = self.reader.get_historical_resolver(officer.signed_revision)
        if len(then.root["/AcroForm"]["/Fields"]) != len(EXPECTED_FIELDS):
            raise Refusal(Problem.SEAL_FIELD_ADDED)

    def check_signers(self) -> None:
        """PAdES long-term validation of officer and seal ends at a root that we trust."""
        if not self.results:
            raise Refusal(Problem.SIGNATURE_MISSING)
        for name, result in self.results.items():
            if result.ades_subindic is not AdESPassed.OK:
                raise Refusal(
                    Problem.SIGNER_NOT_TRUSTED,
                    field=name,
                    indication=result.ades_subindic.standard_name,
                )
            if result.api_status is None or not result.api_status.bottom_line:
                raise Refusal(Problem.SIGNER_NOT_TRUSTED, field=name, indication="bottom_line")
            if result.signature_timestamp_status is None:
                raise Refusal(Problem.SIGNATURE_TIME_UNPROVEN, field=name)

    def check_seal(self) -> Mapping[str, object]:
        """The seal is one of an agency we know, where we were told which there are."""
        _, seal = self._pair()
        if not self.trust.seals:
            return {"compared": False}
        if seal.signer_cert.dump() not in self.trust.seals:
            raise Refusal(Problem.SEAL_UNKNOWN)
        return {"compared": True}

    def check_archive(self) -> Mapping[str, object]:
        """A document time stamp, itself trusted, closes the file."""
        if not self.found:
            raise Refusal(Problem.SIGNATURE_MISSING)
        if self.found[-1].sig_object_type != "/DocTimeStamp":
            raise Refusal(Problem.ARCHIVE_TIMESTAMP_MISSING)
        stamps = [result.oldest_evidence_record_timestamp for result in self.results.values()]
        if not stamps or any(stamp is None for stamp in stamps):
            raise Refusal(Problem.ARCHIVE_TIMESTAMP_NOT_TRUSTED)
        check_token_extras(self.found[-1], self._known_certificates())
        return {"time": min(stamp for stamp in stamps if stamp).isoformat()}

    def signature_facts(self) -> tuple[SignatureFacts, ...]:
        """Who signed, for the report; only what the checks above could read.

        Of a signature that failed the time is not told: none is proven, and pyHanko would name this moment.
        """
        try:
            return tuple(
                self._facts_of(item) for item in self.found if item.sig_object_type == "/Sig"
            )
        except Exception:  # noqa: BLE001 - the failed checks already say that the signatures cannot be read
            return ()

    def _facts_of(self, item: EmbeddedPdfSignature) -> SignatureFacts:
        result = self.results[item.field_name]
        valid = result.ades_subindic is AdESPassed.OK
        subject = item.signer_cert.subject.native
        organization = subject.get("organization_name")
        return SignatureFacts(
            field=item.field_name,
            signer=str(subject.get("common_name", "")),
            organization=str(organization) if organization else None,
            signed_at=result.best_signature_time if valid else None,
            valid=valid,
        )

    def latest_stamp(self) -> datetime | None:
        """The latest time that a document time stamp claims; nobody has believed it yet."""
        try:
            stamps: list[datetime] = [
                item.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
                for item in self.found
                if item.sig_object_type == "/DocTimeStamp"
            ]
            return max(stamps, default=None)
        except Exception:  # noqa: BLE001 - a file without a readable stamp claims no time
            return None

    def claimed_code(self) -> str | None:
        """The verification code in the document's metadata; a claim, not a proof."""
        try:
            return canonical_code(str(self.reader.trailer_view["/Info"]["/Keywords"]))
        except Exception:  # noqa: BLE001 - optional information; a file without it claims no code
            return None

    def _pair(self) -> tuple[EmbeddedPdfSignature, EmbeddedPdfSignature]:
        by_name = {item.field_name: item for item in self.found}
        if not set(EXPECTED_FIELDS) <= set(by_name):
            raise Refusal(Problem.SIGNATURE_MISSING)
        return by_name[OFFICER_FIELD], by_name[SEAL_FIELD]

    def _known_certificates(self) -> set[bytes]:
        store = DocumentSecurityStore.read_dss(self.reader)
        embedded = {certificate.dump() for certificate in store.load_certs()}
        return {*self.trust.roots, *self.trust.intermediates, *embedded}

    def _validation_spec(self) -> PdfSignatureValidationSpec:
        return PdfSignatureValidationSpec(
            SignatureValidationSpec(
                cert_validation_policy=CertValidationPolicySpec(
                    trust_manager=SimpleTrustManager.build(
                        trust_roots=[x509.Certificate.load(der) for der in self.trust.roots]
                    ),
                    revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
                ),
                revinfo_gathering_policy=RevocationInfoGatheringSpec(
                    online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
                ),
                local_knowledge=LocalKnowledge(
                    known_certs=[x509.Certificate.load(der) for der in self.trust.intermediates],
                    known_crls=[
                        CRLContainer(crl.CertificateList.load(der)) for der in self.trust.crls
                    ],
                ),
            )
        )
