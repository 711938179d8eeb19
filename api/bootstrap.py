"""Wiring: settings become stores, readers, a signing desk, a house. The only place that knows them all."""

import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from api.house import House, Pki
from domain.actor import Actor
from domain.agency import Agency, AgencyLevel
from domain.errors import ErrorCode, HosoError
from domain.ports import Database, ImportReport, ObjectStore
from domain.verification import VerificationReport
from ingest.inspection import Limits
from matching.population_file import open_population
from signing.demo_pki.authority import DemoAuthority
from signing.demo_pki.office import demo_issuer
from signing.issue import Issuer
from signing.office import Office
from signing.verification import TrustAnchors, verify
from storage.embedded.home import prepare_home
from storage.population_copy import copy_population
from storage.s3 import ping
from storage.settings import Settings
from storage.stores import database_url, open_database, open_object_store, s3_endpoint
from workflow import population, verification
from workflow.issuing import Desk
from workflow.retention import Retention


class SystemClock:
    """The machine's clock; satisfies ``domain.ports.Clock``."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Stores:
    """An open installation."""

    database: Database
    objects: ObjectStore
    clock: SystemClock


def open_stores(settings: Settings, *, pool_size: int = 10) -> Stores:
    """Database and object store, embedded or external. Raises ``not_running``."""
    return Stores(
        database=open_database(settings, pool_size=pool_size),
        objects=open_object_store(settings),
        clock=SystemClock(),
    )


def agencies(settings: Settings) -> tuple[Agency, ...]:
    """The chain of ``HOSO_AGENCY``, from the state down."""
    units = [unit.strip().partition("=") for unit in settings.agency.split(";")]
    levels = [AgencyLevel.STATE, AgencyLevel.PROVINCE, AgencyLevel.COMMUNE]
    chain: list[Agency] = []
    for index, (code, _, name) in enumerate(units):
        above = chain[-1] if chain else None
        path = f"{above.path}.{code}" if above else code
        chain.append(
            Agency(
                id=path,
                name=name.strip(),
                level=levels[min(index, len(levels) - 1)],
                parent_id=above.id if above else None,
                path=path,
            )
        )
    return tuple(chain)


def office_actor(settings: Settings) -> Actor:
    """The command line on the server itself, acting for this installation's agency."""
    try:
        typed_by = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without a name
        typed_by = str(os.getuid())
    return replace(_system(agencies(settings)[-1]), os_user=typed_by)


def worker_actor(settings: Settings) -> Actor:
    """The workers: they serve every agency of the tree."""
    return _system(agencies(settings)[0])


def _system(agency: Agency) -> Actor:
    return Actor(
        id="system",
        name="",
        roles=frozenset(),
        agency_id=agency.id,
        agency_path=agency.path,
        is_system=True,
    )


def intake_limits(settings: Settings) -> Limits:
    """What a file may cost here."""
    return Limits(
        max_bytes=settings.upload_max_bytes,
        max_pages=settings.upload_max_pages,
        max_pixels=settings.image_max_pixels,
    )


def pki_folder(settings: Settings) -> Path:
    """Where the demonstration authority's keys lie."""
    return settings.home / "pki"


def open_authority(settings: Settings) -> DemoAuthority:
    """The demonstration authority of this home, created at first use."""
    prepare_home(settings.home)
    return DemoAuthority(pki_folder(settings), base_url=f"{settings.public_url}/pki")


def make_issuer(settings: Settings) -> Issuer:
    """Who signs: the office of ``HOSO_SIGNING``, else the demonstration's. Raises ``config_invalid``."""
    if settings.signing is None:
        return demo_issuer(open_authority(settings), clock=SystemClock())
    return Office(settings.signing).issuer(clock=SystemClock())


def make_trust(settings: Settings) -> Callable[[], TrustAnchors]:
    """Whom verification trusts, asked anew each time: the same office. Raises ``config_invalid``."""
    if settings.signing is None:
        return open_authority(settings).trust
    return Office(settings.signing).trust


def make_desk(settings: Settings) -> Desk:
    """The certifying desk of this home."""
    return Desk(
        issuer=make_issuer(settings),
        regime=settings.regime,
        public_url=settings.public_url,
        retention=Retention(days=settings.retention_days),
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
    url = database_url(settings)
    with open_population(file) as lines:
        return population.import_population(
            actor,
            lines,
            source=source,
            load=lambda rows, name: copy_population(url, rows, name),
            database=stores.database,
            clock=stores.clock,
        )


def verify_file(settings: Settings, pdf: bytes) -> VerificationReport:
    """Verify a copy; whether it is still in force is told where this installation's database answers.

    A folder that is no installation stays as it is: it has nobody to trust.
    """
    known = settings.signing is not None or pki_folder(settings).is_dir()
    trust = make_trust(settings)() if known else TrustAnchors(roots=())
    try:
        database, clock = open_database(settings, pool_size=1), SystemClock()
        with database.transaction() as tx:
            return verification.by_file(
                office_actor(settings), pdf, tx=tx, trust=trust, clock=clock
            ).report
    except HosoError as error:
        if error.code not in {ErrorCode.NOT_RUNNING, ErrorCode.DATABASE_UNAVAILABLE}:
            raise
    return verify(pdf, trust=trust, register=None, now=SystemClock().now())
