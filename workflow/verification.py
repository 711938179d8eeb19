"""Verify: anyone asks by code (QR) or by file whether a copy is genuine and in force."""

from dataclasses import dataclass, replace

from domain.actor import Action, Actor, require
from domain.certificate import Certificate
from domain.event import EventName
from domain.form import FormCode
from domain.ports import Bucket, Clock, ObjectStore, Transaction
from domain.verification import VerificationReport
from signing.code import canonical_code
from signing.verification import TrustAnchors, verify
from workflow.transition import note


@dataclass(frozen=True, kw_only=True)
class VerifiedCopy:
    """The report, with what the public register says of the copy; no personal data."""

    report: VerificationReport
    certificate: Certificate | None = None
    agency_name: str | None = None
    form: FormCode | None = None


def by_code(
    actor: Actor,
    code: str,
    *,
    tx: Transaction,
    objects: ObjectStore,
    trust: TrustAnchors,
    clock: Clock,
) -> VerifiedCopy | None:
    """The stored copy under ``code``, verified anew; ``None`` where the register knows no such code."""
    require(actor, Action.COPY_VERIFY)
    certificate = tx.certificates.by_code(canonical_code(code))
    if certificate is None:
        return None
    pdf = objects.get(Bucket.ECOPIES, certificate.sha256, version=certificate.object_version)
    return by_file(actor, pdf, tx=tx, trust=trust, clock=clock)


def by_file(
    actor: Actor, pdf: bytes, *, tx: Transaction, trust: TrustAnchors, clock: Clock
) -> VerifiedCopy:
    """Verify the bytes themselves against the trust roots and the certification register."""
    require(actor, Action.COPY_VERIFY)
    report = verify(pdf, trust=trust, register=tx.certificates.by_sha256, now=clock.now())
    # the entry is shown for revoked copies too: that they are revoked is what a person must learn
    certificate = tx.certificates.by_sha256(report.sha256) if report.sha256 else None
    if certificate is None:
        return VerifiedCopy(report=report)
    agency = tx.agencies.get(certificate.agency_id)
    document = tx.documents.get(certificate.document_id, within=agency.path if agency else "")
    note(
        tx,
        EventName.COPY_VERIFIED,
        replace(actor, agency_id=certificate.agency_id),
        at=clock.now(),
        document=document,
    )
    return VerifiedCopy(
        report=report,
        certificate=certificate,
        agency_name=agency.name if agency else None,
        form=document.record.form if document and document.record else None,
    )
