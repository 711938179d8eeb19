"""Collect: a person named on a paper fetches its certified copy, knowing its code and what it says."""

import re
from dataclasses import dataclass
from datetime import timedelta

from domain.actor import Action, Actor, require
from domain.certificate import Certificate
from domain.dates import is_full_date, parse_date
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Bucket, Clock, ObjectStore, Transaction
from domain.record import Record
from domain.text import fold
from signing.code import canonical_code
from workflow.throttle import Limit, digest, network_of, require_below
from workflow.transition import find_document, note

_LIMITS = (
    Limit(fact="code", most=10, window=timedelta(days=1)),
    Limit(fact="code", most=30, window=timedelta(days=365)),
    Limit(fact="address", most=60, window=timedelta(hours=1)),
)
"""Whoever has only seen a code may try thirty of a number's millions, or of the 36,000 days that somebody
on a paper without numbers may be born. Whole neighbourhoods share one address."""
_NUMBERS = ("personal_id", "identity_paper")
_NUMBER = re.compile(r"(?<!\d)(?:\d{9}|\d{12})(?!\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.\-]+(?=\d)")
_SPEAKS_OF_NUMBERS = re.compile(
    r"dinh danh|tuy than|chung minh|cmnd|cmtnd|can cuoc|cccd|ho chieu|identi|passport"
    r"|(?<!\d)\d{3}(?:[\s.]?\d{3}){2,3}(?!\d)"
)
"""In folded text: what such a number is called on papers, or digits that look like one."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who asks for the copy behind ``code``, and from where, by a ``proof``: see :func:`collect`."""

    code: str
    proof: str
    address: str

    def facts(self, key: bytes) -> dict[str, str]:
        """What the trail keeps of a refusal: keyed digests only."""
        return {
            "code": digest("code", canonical_code(self.code), key=key),
            "address": digest("address", network_of(self.address), key=key),
        }


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The signed PDF and its entry in the register."""

    pdf: bytes
    certificate: Certificate


def collect(
    actor: Actor, request: Request, *, tx: Transaction, objects: ObjectStore, clock: Clock
) -> Collected | None:
    """The copy, for whoever knows a number of a person named on it.

    Where the paper bears no number at all, a full day of birth will do; elsewhere it must not, also where the
    number could not be read: a child's is one of sixty days, for births are registered at once, and a
    neighbour knows it.

    ``None`` where the proof is wrong; the refusal is noted then, so the caller must commit. Tries for one
    copy wait for one another: many at once are counted too. Raises ``certificate_not_found``,
    ``copy_revoked`` and ``collect_throttled``.
    """
    require(actor, Action.COPY_COLLECT)
    certificate = _in_force(tx.certificates.hold(canonical_code(request.code)))
    facts = request.facts(tx.events.digest_key())
    require_below(
        _LIMITS,
        facts,
        EventName.COPY_COLLECT_REFUSED,
        ErrorCode.COLLECT_THROTTLED,
        tx=tx,
        clock=clock,
    )
    document = find_document(tx, actor, certificate.document_id)
    now = clock.now()
    if document.record is None or not _proves(request.proof, document.record):
        refused = EventName.COPY_COLLECT_REFUSED
        note(tx, refused, actor, at=now, document=document, **facts)
        return None
    collected = EventName.COPY_COLLECTED
    note(tx, collected, actor, at=now, document=document, address=facts["address"])
    pdf = objects.get(Bucket.ECOPIES, certificate.sha256, version=certificate.object_version)
    return Collected(pdf=pdf, certificate=certificate)


def offered(actor: Actor, code: str, *, tx: Transaction) -> Certificate:
    """The entry of a copy that can be collected. Raises ``certificate_not_found`` and ``copy_revoked``."""
    require(actor, Action.COPY_COLLECT)
    return _in_force(tx.certificates.by_code(canonical_code(code)))


def _in_force(certificate: Certificate | None) -> Certificate:
    if certificate is None:
        raise HosoError(ErrorCode.CERTIFICATE_NOT_FOUND)
    if certificate.revoked_at is not None:
        raise HosoError(ErrorCode.COPY_REVOKED)
    return certificate


def _proves(proof: str, record: Record) -> bool:
    """Whether ``proof`` is a number on the paper, or where it bears none, a full day of birth."""
    if _may_bear_a_number(record):
        numbers = {
            number
            for name, field in record.fields.items()
            if name.endswith(_NUMBERS) and field.value
            for number in _NUMBER.findall(field.value)
        }
        return _BETWEEN_DIGITS.sub("", proof.strip()) in numbers
    born = parse_date(proof)
    return born is not None and any(
        name.endswith("birth_date") and born == field.value and is_full_date(field.value)
        for name, field in record.fields.items()
    )


def _may_bear_a_number(record: Record) -> bool:
    """Whether a number stands on the paper or may: one read in part, a passport's, one under a stamp.

    That no number was read is no proof that there is none, and whoever knows a birthday must gain nothing
    by a stain. What an officer said is not on the paper (an empty field) bears none.
    """
    said = (
        field.value or field.text.strip()
        for name, field in record.fields.items()
        if name.endswith(_NUMBERS)
    )
    return any(said) or any(_SPEAKS_OF_NUMBERS.search(fold(line.text)) for line in record.lines)
