"""The demonstration's certificates are renewed at start, unless what is noted contradicts the clock.

By a clock that is years ahead they would be renewed into the future, and sign nothing once it is right.
"""

from datetime import datetime, timedelta

from api.office import worker_actor
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Clock, Database, Transaction
from signing.demo_pki.authority import DemoAuthority
from storage.settings import Settings

_BEHIND = timedelta(days=1)
"""The clocks of machines that share a database differ by less."""
_AHEAD = timedelta(days=365)
"""A house is left alone for less, or somebody says that the clock is right."""


def renew_certificates(
    settings: Settings,
    authority: DemoAuthority,
    database: Database,
    clock: Clock,
    *,
    clock_right: bool,
) -> HosoError | None:
    """Renew what is due. By a doubtful clock nothing is renewed, and the doubt is returned.

    ``clock_right``: somebody has looked at the clock. Where nothing is noted yet, the certificates
    themselves tell when it was.
    """
    if not authority.due():
        return None
    with database.transaction() as tx:
        newest = newest_noted(settings, tx) or authority.begins()[1]
    doubt = clock_doubt(clock.now(), newest)
    if doubt is None or clock_right:
        authority.renew()
        return None
    return doubt


def newest_noted(settings: Settings, tx: Transaction) -> datetime | None:
    """When the latest line of the trail was written, by the clock of then."""
    within = worker_actor(settings).agency_path
    return next((one.at for one in tx.events.named(EventName, within=within, limit=1)), None)


def clock_doubt(now: datetime, newest: datetime) -> HosoError | None:
    """``clock_doubtful`` where ``now`` is far from the newest time that is noted."""
    if -_BEHIND <= now - newest <= _AHEAD:
        return None
    return HosoError(
        ErrorCode.CLOCK_DOUBTFUL,
        now=f"{now:%Y-%m-%d %H:%M} UTC",
        newest=f"{newest:%Y-%m-%d %H:%M} UTC",
    )
