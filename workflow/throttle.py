"""Throttling of logins: refusals are counted in the trail, so the count holds over all processes."""

import hashlib
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
_LIMITS = (
    ("login_at_address", PER_LOGIN_AT_ADDRESS),
    ("login", PER_LOGIN),
    ("address", PER_ADDRESS),
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Who tries to sign in from where; only digests are ever kept."""

    login: str
    address: str

    @property
    def facts(self) -> dict[str, str]:
        """What the trail keeps of a refusal."""
        login, network = self.login.strip().casefold(), _network(self.address)
        return {
            "login": _digest("login", login),
            "address": _digest("address", network),
            "login_at_address": _digest("login_at_address", f"{login} {network}"),
        }


def _network(address: str) -> str:
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


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()[:32]


def admit(attempt: Attempt, *, tx: Transaction, clock: Clock) -> None:
    """Raises ``login_throttled`` after too many refusals of a login at an address, of either alone.

    A known and an unknown login are treated alike: nothing tells them apart.
    """
    since = clock.now() - WINDOW
    for fact, most in _LIMITS:
        refused = tx.events.count(
            EventName.LOGIN_REFUSED, fact=fact, value=attempt.facts[fact], since=since
        )
        if refused >= most:
            raise HosoError(
                ErrorCode.LOGIN_THROTTLED,
                minutes=int(WINDOW.total_seconds() // 60),
                seconds=int(WINDOW.total_seconds()),
            )


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
            facts=attempt.facts,
        )
    )
