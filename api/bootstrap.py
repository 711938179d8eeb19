"""Wiring: settings become a signing desk, a house, an import.

What smaller commands need stands apart, for they would wait seconds for all of this to be loaded:
``api.stores``, ``api.office``, ``api.trust``, ``api.intake``, ``api.reader``.
"""

from collections.abc import Callable
from pathlib import Path

from api.clock import SystemClock
from api.house import House, Pki
from api.intake import intake_limits
from api.office import agencies
from api.stores import open_stores
from api.trust import make_trust, open_authority
from domain.actor import Actor
from domain.errors import ErrorCode, HosoError
from domain.population_import import ImportReport
from domain.ports import Database
from matching.population_file import open_population
from signing.demo_pki.authority import DemoAuthority
from signing.demo_pki.office import demo_issuer
from signing.issue import Issuer
from signing.office import Office
from storage.s3 import ping
from storage.settings import Settings
from storage.stores import s3_endpoint
from workflow import population
from workflow.issuing import Desk
from workflow.retention import Retention


def make_issuer(settings: Settings) -> Issuer:
    """Who signs: the office of ``HOSO_SIGNING``, else the demonstration's. Raises ``config_invalid``."""
    if settings.signing is None:
        return demo_issuer(open_authority(settings), clock=SystemClock())
    return Office(settings.signing).issuer(clock=SystemClock())


def make_desk(settings: Settings) -> Desk:
    """The certifying desk of this home.

    Raises ``public_url_local`` where copies with legal value would carry an address that nobody else can
    open; the demonstration's may.
    """
    if settings.signing is not None and settings.public_url_is_local:
        raise HosoError(ErrorCode.PUBLIC_URL_LOCAL, url=settings.public_url)
    return Desk(
        issuer=make_issuer(settings),
        regime=settings.regime,
        public_url=settings.public_url,
        retention=Retention(days=settings.retention_days),
        limits=intake_limits(settings),
    )


def make_house(settings: Settings) -> House:
    """Everything one web process needs."""
    stores = open_stores(settings)
    authority = open_authority(settings) if settings.signing is None else None
    return House(
        database=stores.database,
        objects=stores.objects,
        clock=stores.clock,
        limits=intake_limits(settings),
        retention=Retention(days=settings.retention_days),
        trust=make_trust(settings),
        root=agencies(settings)[0],
        public_url=settings.public_url,
        pki=_pki(authority) if authority else None,
        probes={
            "database": _database_probe(stores.database),
            "object_store": _object_store_probe(settings),
        },
        demo=authority is not None,
        trusted_proxies=settings.trusted_proxies,
    )


def _pki(authority: DemoAuthority) -> Pki:
    def revocation_list(issuer: str) -> Callable[[], bytes]:
        return lambda: authority.crl(issuer)

    return Pki(
        revocation_lists={name: revocation_list(name) for name in ("root", "issuing")},
        certificates={
            name: authority.certificate(name)
            for name in ("root", "issuing", "officer", "seal", "tsa")
        },
        ocsp=authority.ocsp,
        timestamp=authority.timestamp,
    )


def _database_probe(database: Database) -> Callable[[], None]:
    def probe() -> None:
        with database.transaction() as tx:
            tx.agencies.get("")

    return probe


def _object_store_probe(settings: Settings) -> Callable[[], None]:
    def probe() -> None:
        if not ping(s3_endpoint(settings)):
            raise HosoError(ErrorCode.OBJECT_STORE_UNAVAILABLE)

    return probe


def import_population(settings: Settings, actor: Actor, file: Path, *, source: str) -> ImportReport:
    """Import a population file into this installation."""
    stores = open_stores(settings)
    with open_population(file) as lines:
        return population.import_population(
            actor,
            lines,
            source=source,
            database=stores.database,
            clock=stores.clock,
        )
