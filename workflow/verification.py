"""Verify: anyone asks by code (QR) or by file whether a copy is genuine and in force."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock

from domain.actor import Action, Actor, require
from domain.certificate import Certificate
from domain.dates import day_in_vietnam, is_full_date
from domain.document import Document
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.form import FormCode
from domain.ports import Bucket, Clock, ObjectStore, Transaction
from domain.record import Record
from domain.verification import Genuineness, VerificationReport
from ocr.checks import end_of_validity
from signing.code import canonical_code
from signing.verification import TrustAnchors, verify
from workflow.transition import note

_ONE_ASKING = timedelta(hours=1)
_END_SAYS_NOTHING_OF_THE_PERSON = frozenset({FormCode.MARITAL_STATUS_CONFIRMATION})
"""Told by code alone too: six months from the day of issue. An identity card ends on a birthday of its
holder, and that it has ended, asked day by day, tells the birthday as well."""


@dataclass(frozen=True, kw_only=True)
class VerifiedCopy:
    """The report, with what the public register says of the copy; no personal data.

    A paper's last day is told to whoever has the file; by code alone only where it says nothing of the
    person.
    """

    report: VerificationReport
    certificate: Certificate | None = None
    agency_name: str | None = None
    form: FormCode | None = None
    held_code: str | None = None
    """The code that a file names which is not as it was issued, where the register holds a copy in force
    under it. The file says so itself: a forged one may name it too."""


class Judgements:
    """Reports on copies of the register, kept for some minutes: looking into a file is costly.

    The file stays the same, and a report is found again only under the same entry of the register and the
    same trust, which are asked each time: a revocation, of a copy or of a key, is told at once.
    """

    def __init__(self, *, most: int = 500, life: timedelta = timedelta(minutes=5)) -> None:
        self._most = most
        self._life = life
        self._kept = OrderedDict[
            tuple[Certificate, TrustAnchors], tuple[datetime, VerificationReport]
        ]()
        self._turn = Lock()

    def find(
        self, certificate: Certificate, *, trust: TrustAnchors, now: datetime
    ) -> VerificationReport | None:
        """The report, where there is one that is young enough."""
        with self._turn:
            kept = self._kept.get((certificate, trust))
        if kept is None or not timedelta(0) <= now - kept[0] < self._life:
            return None
        return kept[1]

    def keep(
        self,
        report: VerificationReport,
        certificate: Certificate,
        *,
        trust: TrustAnchors,
        now: datetime,
    ) -> None:
        """Keep what was found in the file; not that it could not be read, which may be different soon."""
        if report.genuineness is Genuineness.UNCHECKED or "file_readable" in report.reasons:
            return
        with self._turn:
            self._kept.pop((certificate, trust), None)
            self._kept[certificate, trust] = (now, report)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


def recall(
    actor: Actor,
    code: str,
    *,
    tx: Transaction,
    trust: TrustAnchors,
    clock: Clock,
    judgements: Judgements,
) -> VerifiedCopy | None:
    """The copy under ``code`` as it was found a moment ago; ``None`` where it must be looked into.

    Raises ``certificate_not_found``.
    """
    require(actor, Action.COPY_VERIFY)
    certificate = _registered(code, tx=tx)
    report = judgements.find(certificate, trust=trust, now=clock.now())
    if report is None:
        return None
    return _told(actor, report, certificate, tx=tx, clock=clock, in_hand=False)


def by_code(
    actor: Actor,
    code: str,
    *,
    tx: Transaction,
    objects: ObjectStore,
    trust: TrustAnchors,
    clock: Clock,
    judgements: Judgements,
) -> VerifiedCopy:
    """The stored copy under ``code``, verified. Raises ``certificate_not_found``."""
    require(actor, Action.COPY_VERIFY)
    certificate = _registered(code, tx=tx)
    pdf = objects.get(Bucket.ECOPIES, certificate.sha256, version=certificate.object_version)
    report, entry = _judged(pdf, tx=tx, trust=trust, clock=clock, judgements=judgements)
    return _told(actor, report, entry, tx=tx, clock=clock, in_hand=False)


def _registered(code: str, *, tx: Transaction) -> Certificate:
    certificate = tx.certificates.by_code(canonical_code(code))
    if certificate is None:
        raise HosoError(ErrorCode.CERTIFICATE_NOT_FOUND)
    return certificate


def by_file(
    actor: Actor,
    pdf: bytes,
    *,
    tx: Transaction,
    trust: TrustAnchors,
    clock: Clock,
    judgements: Judgements | None = None,
) -> VerifiedCopy:
    """Verify the bytes themselves against the trust roots and the certification register."""
    require(actor, Action.COPY_VERIFY)
    report, entry = _judged(pdf, tx=tx, trust=trust, clock=clock, judgements=judgements)
    return _told(actor, report, entry, tx=tx, clock=clock, in_hand=True)


def _judged(
    pdf: bytes,
    *,
    tx: Transaction,
    trust: TrustAnchors,
    clock: Clock,
    judgements: Judgements | None,
) -> tuple[VerificationReport, Certificate | None]:
    """The report on the bytes, and their entry in the register."""
    now = clock.now()
    entry = tx.certificates.by_sha256(hashlib.sha256(pdf).hexdigest())
    judged = judgements.find(entry, trust=trust, now=now) if judgements and entry else None
    if judged is not None:
        return judged, entry
    report = verify(pdf, trust=trust, register=tx.certificates.by_sha256, now=now)
    # the entry is shown for revoked copies too: that they are revoked is what a person must learn
    certificate = tx.certificates.by_sha256(report.sha256) if report.sha256 else None
    # an entry that changed meanwhile is not the one, or not surely, that the report speaks of
    if judgements and certificate and certificate == entry:
        judgements.keep(report, certificate, trust=trust, now=now)
    return report, certificate


def _told(
    actor: Actor,
    report: VerificationReport,
    certificate: Certificate | None,
    *,
    tx: Transaction,
    clock: Clock,
    in_hand: bool,
) -> VerifiedCopy:
    """``in_hand``: who asks has the file, so knows what the paper says."""
    if certificate is None:
        return VerifiedCopy(report=report, held_code=_held(report, tx=tx))
    agency = tx.agencies.get(certificate.agency_id)
    document = tx.documents.get(certificate.document_id, within=agency.path if agency else "")
    _note(replace(actor, agency_id=certificate.agency_id), document, tx=tx, at=clock.now())
    record = document.record if document else None
    if record and (in_hand or record.form in _END_SAYS_NOTHING_OF_THE_PERSON):
        report = _with_end(report, record, today=day_in_vietnam(clock.now()))
    return VerifiedCopy(
        report=report,
        certificate=certificate,
        agency_name=agency.name if agency else None,
        form=record.form if record else None,
    )


def _held(report: VerificationReport, *, tx: Transaction) -> str | None:
    named = tx.certificates.by_code(report.code) if report.code else None
    return named.code if named and named.revoked_at is None else None


def _with_end(report: VerificationReport, record: Record, *, today: date) -> VerificationReport:
    """The report, with the day until which the paper itself holds: the copy outlives what it says."""
    if report.genuineness is not Genuineness.GENUINE:
        return report
    values = {name: field.value for name, field in record.fields.items() if field.value}
    until = end_of_validity(record.form, values)
    if until is None or not is_full_date(until):
        return report
    last = date.fromisoformat(until)
    return replace(report, valid_until=last, ended=last < today)


def _note(actor: Actor, document: Document | None, *, tx: Transaction, at: datetime) -> None:
    """That the copy was asked for stands in the trail once an hour: anybody may ask a thousand times."""
    asked = EventName.COPY_VERIFIED
    if document is None or not tx.events.noted(
        asked, document_id=document.id, since=at - _ONE_ASKING
    ):
        note(tx, asked, actor, at=at, document=document)
