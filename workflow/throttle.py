"""Throttling of guesses: refusals are counted in the trail, so the count holds over all processes."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from domain.agency import Agency
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.ports import Clock, Transaction

WINDOW = timedelta(minutes=15)
PER_LOGIN_AT_ADDRESS = 5
"""A person who knows the password needs no more. It closes the login there, not for its owner."""
PER_LOGIN = 50
"""From all addresses together: who has ten of them can still lock a login, but guesses no faster."""
PER_ADDRESS = 30
"""Whole offices share one address."""
_IPV6_SUBSCRIBER = 64


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most so many refusals that share a fact, within a span of time."""

    fact: str
    most: int
    window: timedelta


_LIMITS = (
    Limit(fact="login_at_address", most=PER_LOGIN_AT_ADDRESS, window=WINDOW),
    Limit(fact="login", most=PER_LOGIN, window=WINDOW),
    Limit(fact="address", most=PER_ADDRESS, window=WINDOW),
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Who tries to sign in from where; only keyed digests are ever kept."""

    login: str
    address: str

    def facts(self, key: bytes) -> dict[str, str]:
        """What the trail keeps of a refusal."""
        login, network = self.login.strip().casefold(), network_of(self.address)
        return {
            "login": digest("login", login, key=key),
            "address": digest("address", network, key=key),
            "login_at_address": digest("login_at_address", f"{login} {network}", key=key),
        }


def network_of(address: str) -> str:
    """What one visitor commands: an IPv4 address, or the 64 bits that every IPv6 subscriber is given."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _IPV6_SUBSCRIBER), strict=False))


def digest(kind: str, value: str, *, key: bytes) -> str:
    """What the trail keeps instead of ``value``: equal for equal ones, and no more.

    There are few enough addresses and logins to try them all, so ``key`` is the installation's secret.
    """
    return hmac.digest(key, f"{kind}:{value}".encode(), "sha256").hex()[:32]


def admit(attempt: Attempt, *, tx: Transaction, clock: Clock) -> None:
    """Raises ``login_throttled`` after too many refusals of a login at an address, of either alone.

    A known and an unknown login are treated alike: nothing tells them apart.
    """
    require_below(
        _LIMITS,
        attempt.facts(tx.events.digest_key()),
        EventName.LOGIN_REFUSED,
        ErrorCode.LOGIN_THROTTLED,
        tx=tx,
        clock=clock,
    )


def require_below(
    limits: Sequence[Limit],
    facts: Mapping[str, str],
    event: EventName,
    code: ErrorCode,
    *,
    tx: Transaction,
    clock: Clock,
) -> None:
    """Raises ``code`` where any limit of refusals (``event``) that share a fact with this try is reached."""
    limit = reached(limits, facts, event, tx=tx, clock=clock)
    if limit is not None:
        seconds = int(limit.window.total_seconds())
        raise HosoError(code, minutes=seconds // 60, hours=seconds // 3600, seconds=seconds)


def reached(
    limits: Sequence[Limit],
    facts: Mapping[str, str],
    event: EventName,
    *,
    tx: Transaction,
    clock: Clock,
) -> Limit | None:
    """The first limit that refusals (``event``) with these facts have reached."""
    for limit in limits:
        refused = tx.events.count(
            event, fact=limit.fact, value=facts[limit.fact], since=clock.now() - limit.window
        )
        if refused >= limit.most:
            return limit
    return None


def note_refusal(attempt: Attempt, *, root: Agency, tx: Transaction, clock: Clock) -> None:
    """Count one refusal, where the auditors of the login's agency see it; nobody's login is the root's."""
    account = tx.accounts.by_login(attempt.login)
    tx.events.add(
        Event(
            name=EventName.LOGIN_REFUSED,
            actor_id="visitor",
            agency_id=account.agency_id if account else root.id,
            document_id=None,
            at=clock.now(),
            facts=attempt.facts(tx.events.digest_key()),
        )
    )
