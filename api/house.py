"""The house as the web sees it: what pages and REST interface need, wired by ``api.bootstrap``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.actor import SYSTEM, Actor, Role
from domain.agency import Agency
from domain.ports import Clock, Database, ObjectStore
from ingest.inspection import Limits
from signing.trust import TrustAnchors
from workflow.retention import Retention
from workflow.verification import Judgements

Probe = Callable[[], None]
"""Returns when a server can be reached, raises ``HosoError`` when it cannot."""
Responder = Callable[[bytes], bytes]
"""Answers one DER request with one DER response."""


@dataclass(frozen=True, kw_only=True)
class Pki:
    """The demonstration authority's public endpoints under ``/pki``.

    Keys of ``revocation_lists`` and ``certificates`` are names without extension; lists are made anew
    when asked, for they expire.
    """

    revocation_lists: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    certificates: Mapping[str, bytes] = field(default_factory=dict)
    ocsp: Responder | None = None
    timestamp: Responder | None = None


@dataclass(frozen=True, kw_only=True)
class House:
    """One running installation, as one web process sees it."""

    database: Database
    objects: ObjectStore
    clock: Clock
    limits: Limits
    retention: Retention
    trust: Callable[[], TrustAnchors]
    """Asked anew for each verification, for revocation lists age."""
    root: Agency
    """The top of the agency tree: events of nobody signed in belong to it, figures are counted below it."""
    public_url: str
    """As browsers reach this house, without a slash at the end."""
    pki: Pki | None = None
    probes: Mapping[str, Probe] = field(default_factory=dict)
    demo: bool = False
    """True where the trust root is the demonstration authority: every page says so."""
    judgements: Judgements = field(default_factory=Judgements)
    """What this process found in copies a moment ago."""
    trusted_proxies: str = "127.0.0.1"
    """Whose ``X-Forwarded-*`` headers count, as uvicorn's ``forwarded_allow_ips``."""

    @property
    def secure_cookies(self) -> bool:
        """Cookies travel by TLS only, unless the house is served in the clear on this very machine."""
        return not self.public_url.startswith(
            ("http://localhost", "http://127.0.0.1", "http://[::1]")
        )

    @property
    def visitor(self) -> Actor:
        """Anyone without an account."""
        return Actor(
            id="visitor",
            name="",
            roles=frozenset({Role.VISITOR}),
            agency_id=self.root.id,
            agency_path=self.root.path,
        )

    @property
    def system(self) -> Actor:
        """The house itself, for figures over all agencies."""
        return Actor(
            id=SYSTEM,
            name="",
            roles=frozenset(),
            agency_id=self.root.id,
            agency_path=self.root.path,
            is_system=True,
        )
