"""Collect: a person named on a paper fetches its certified copy, knowing its code and what it says."""

from dataclasses import dataclass
from datetime import timedelta

from domain.actor import Action, Actor, require
from domain.certificate import Certificate
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Bucket, Clock, ObjectStore, Transaction
from signing.code import canonical_code
from workflow.proof import Way, is_birthday, proves, said_in, way_of
from workflow.throttle import Limit, digest, network_of, reached, require_below
from workflow.transition import find_document, note

_LIMITS = (
    Limit(fact="code", most=10, window=timedelta(days=1)),
    Limit(fact="code", most=30, window=timedelta(days=365)),
    Limit(fact="address", most=60, window=timedelta(hours=1)),
)
"""Whoever has only seen a code may try thirty of a number's millions, or of the 36,000 days that somebody
on a paper without numbers may be born. Whole neighbourhoods share one address."""


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


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An entry of the register, and by which way its copy may be collected."""

    certificate: Certificate
    way: Way
    throttled: bool
    """Whether nobody at this address may try now, for too many tries were wrong."""


def collect(
    actor: Actor, request: Request, *, tx: Transaction, objects: ObjectStore, clock: Clock
) -> Collected | None:
    """The copy, for whoever knows a number of a person named on it.

    Where the paper bears no number at all, a full day of birth will do; elsewhere it must not, also where the
    number could not be read: a child's is one of sixty days, for births are registered at once, and a
    neighbour knows it.

    ``None`` where the proof is wrong; the refusal is noted then, so the caller must commit. Tries for one
    copy wait for one another: many at once are counted too. Raises ``certificate_not_found``,
    ``copy_revoked``, ``collect_throttled``; and, before anything is compared, so that nothing is told and
    nothing counted: ``birthday_not_taken`` for any day where a number is asked for, ``copy_at_counter`` where
    nothing proves anything, ``proof_no_number`` and ``proof_no_day`` for what can be neither.
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
    way = way_of(document.record) if document.record else Way.NONE
    if way is Way.NONE:
        raise HosoError(ErrorCode.COPY_AT_COUNTER)
    if way is Way.NUMBER and is_birthday(request.proof):
        raise HosoError(ErrorCode.BIRTHDAY_NOT_TAKEN)
    said = said_in(request.proof, way)
    if said is None:
        number = way is Way.NUMBER
        raise HosoError(ErrorCode.PROOF_NO_NUMBER if number else ErrorCode.PROOF_NO_DAY)
    if document.record is None or not proves(said, document.record):
        refused = EventName.COPY_COLLECT_REFUSED
        note(tx, refused, actor, at=now, document=document, **facts)
        return None
    collected = EventName.COPY_COLLECTED
    note(tx, collected, actor, at=now, document=document, address=facts["address"])
    pdf = objects.get(Bucket.ECOPIES, certificate.sha256, version=certificate.object_version)
    return Collected(pdf=pdf, certificate=certificate)


def offered(actor: Actor, code: str, *, address: str, tx: Transaction, clock: Clock) -> Offer:
    """A copy that is in force, as it stands for whoever is at ``address``.

    Raises ``certificate_not_found`` and ``copy_revoked``.
    """
    require(actor, Action.COPY_COLLECT)
    certificate = _in_force(tx.certificates.by_code(canonical_code(code)))
    record = find_document(tx, actor, certificate.document_id).record
    facts = Request(code=code, proof="", address=address).facts(tx.events.digest_key())
    limit = reached(_LIMITS, facts, EventName.COPY_COLLECT_REFUSED, tx=tx, clock=clock)
    return Offer(
        certificate=certificate,
        way=way_of(record) if record else Way.NONE,
        throttled=limit is not None,
    )


def _in_force(certificate: Certificate | None) -> Certificate:
    if certificate is None:
        raise HosoError(ErrorCode.CERTIFICATE_NOT_FOUND)
    if certificate.revoked_at is not None:
        raise HosoError(ErrorCode.COPY_REVOKED)
    return certificate
