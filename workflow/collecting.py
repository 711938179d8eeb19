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
from signing.code import canonical_code
from workflow.throttle import Limit, digest, network_of, require_below
from workflow.transition import find_document, note

_LIMITS = (
    Limit(fact="code", most=10, window=timedelta(days=1)),
    Limit(fact="address", most=60, window=timedelta(hours=1)),
)
"""A day of birth is one of some 36,000, and a paper names a few people: whoever only saw a code needs a
year and more for it. Whole neighbourhoods share one address."""
_NUMBERS = ("personal_id", "identity_paper")
_NUMBER = re.compile(r"(?<!\d)(?:\d{9}|\d{12})(?!\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.\-]+(?=\d)")


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who asks for the copy behind ``code``, and from where: ``proof`` is a number or a day of birth."""

    code: str
    proof: str
    address: str

    @property
    def facts(self) -> dict[str, str]:
        """What the trail keeps of a refusal: digests only."""
        return {
            "code": digest("code", canonical_code(self.code)),
            "address": digest("address", network_of(self.address)),
        }


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The signed PDF and its entry in the register."""

    pdf: bytes
    certificate: Certificate


def collect(
    actor: Actor, request: Request, *, tx: Transaction, objects: ObjectStore, clock: Clock
) -> Collected | None:
    """The copy, for whoever knows a number or a full day of birth of a person named on it.

    ``None`` where the proof is wrong; the refusal is noted then, so the caller must commit. Tries for one
    copy wait for one another: many at once are counted too. Raises ``certificate_not_found``,
    ``copy_revoked`` and ``collect_throttled``.
    """
    require(actor, Action.COPY_COLLECT)
    certificate = _in_force(tx.certificates.hold(canonical_code(request.code)))
    require_below(
        _LIMITS,
        request.facts,
        EventName.COPY_COLLECT_REFUSED,
        ErrorCode.COLLECT_THROTTLED,
        tx=tx,
        clock=clock,
    )
    document = find_document(tx, actor, certificate.document_id)
    now = clock.now()
    if document.record is None or not _proves(request.proof, document.record):
        refused = EventName.COPY_COLLECT_REFUSED
        note(tx, refused, actor, at=now, document=document, **request.facts)
        return None
    collected = EventName.COPY_COLLECTED
    note(tx, collected, actor, at=now, document=document, address=request.facts["address"])
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
    """Whether ``proof`` is a number or a full day of birth of anybody named on the paper."""
    given = _BETWEEN_DIGITS.sub("", proof.strip())
    born = parse_date(proof)
    return any(
        given in _NUMBER.findall(field.value)
        if name.endswith(_NUMBERS)
        else name.endswith("birth_date") and born == field.value and is_full_date(field.value)
        for name, field in record.fields.items()
        if field.value
    )
