"""Wiring of verification: whom this installation trusts, and what it says of a copy."""

from collections.abc import Callable
from pathlib import Path

from api.clock import SystemClock
from api.office import office_actor
from domain.errors import ErrorCode, HosoError
from domain.verification import VerificationReport
from signing.demo_pki.authority import DemoAuthority
from signing.trust import TrustAnchors
from signing.verification import verify
from storage.embedded.home import prepare_home
from storage.settings import Settings
from storage.stores import open_database
from workflow import verification


def pki_folder(settings: Settings) -> Path:
    """Where the demonstration authority's keys lie."""
    return settings.home / "pki"


def open_authority(settings: Settings) -> DemoAuthority:
    """The demonstration authority of this home, created at first use."""
    prepare_home(settings.home)
    return DemoAuthority(pki_folder(settings), base_url=f"{settings.public_url}/pki")


def make_trust(settings: Settings) -> Callable[[], TrustAnchors]:
    """Whom verification trusts, asked anew each time: the same office. Raises ``config_invalid``."""
    if settings.signing is None:
        return open_authority(settings).trust
    from signing.office import Office  # noqa: PLC0415  brings all that copies are made with

    return Office(settings.signing).trust


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
