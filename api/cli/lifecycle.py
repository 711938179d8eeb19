"""``hoso up``, ``hoso down``: the servers, the workers and the web page of this machine."""

import socket
import sys
from typing import Annotated

import typer

from api.bootstrap import make_issuer
from api.cli.messages import print_error, terminal_locale
from api.cli.progress import err, out
from api.cli.standing import full_disk, print_in_force
from api.explanations import wording
from api.first_start import prepare_office
from api.renewal import renew_certificates
from api.safekeeping import refuse_unfinished
from api.stores import open_stores
from api.trust import open_authority
from domain.errors import ErrorCode, HosoError
from storage.embedded import supervisor
from storage.embedded.belonging import moved_from
from storage.embedded.home import Home
from storage.embedded.process import ManagedProcess
from storage.settings import Settings, load_settings

_ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}
"""Each thread of a pool would keep an arena of its own: a third to a half of a reader's memory."""


def children(settings: Settings) -> tuple[ManagedProcess, ...]:
    """Web page, one reading worker per core, and one worker for what takes milliseconds.

    The last one keeps matching and signing going while all the others read long scans.
    """
    hoso = (sys.executable, "-m", "api.cli")
    env = {"HOSO_HOME": str(settings.home)}
    readers = tuple(
        ManagedProcess(
            name=f"reader-{number}",
            argv=(*hoso, "worker", "--queues", "read,match"),
            env=env | _ONE_ARENA,
        )
        for number in range(1, settings.worker_count + 1)
    )
    desk = ManagedProcess(name="desk", argv=(*hoso, "worker", "--queues", "match,certify"), env=env)
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    web = ManagedProcess(
        name="web",
        argv=(*hoso, "web"),
        env=env,
        ready_url=f"http://{host}:{settings.web_port}/healthz",
    )
    return (web, *readers, desk)


def up(
    clock_right: Annotated[  # noqa: FBT002 - a flag
        bool,
        typer.Option(
            "--clock-right",
            help="Renew the demonstration's certificates though the clock is far from what is noted.",
        ),
    ] = False,
) -> None:
    """Start everything; returns when it answers. Safe to repeat."""
    settings = load_settings()
    if supervisor.status(settings).up:
        _up_already(settings)
        return
    refuse_unfinished(settings)
    _require_free_port(settings)
    former = moved_from(Home(path=settings.home))
    told: list[HosoError] = []

    def prepare() -> None:
        if (doubt := _renew(settings, clock_right=clock_right)) is not None:
            told.append(doubt)
        prepare_office(settings)

    with err.status("Starting servers, workers and web page"):
        make_issuer(settings)  # who signs is there, or nothing starts
        supervisor.up(settings, children(settings), prepare=prepare)
    out.print(f"Hoso is up: {settings.public_url}")
    if former is not None:
        words = wording("terminal.home_moved", terminal_locale(), place=str(former))
        err.print(words, highlight=False, markup=False, soft_wrap=True)
    if (problem := full_disk(settings)) is not None:
        told.append(problem)
    for problem in told:
        print_error(problem)


def _renew(settings: Settings, *, clock_right: bool) -> HosoError | None:
    """Before anybody signs with them, and before the first start notes anything by a doubtful clock."""
    if settings.signing is not None:
        return None
    stores, authority = open_stores(settings, pool_size=1), open_authority(settings)
    return renew_certificates(
        settings, authority, stores.database, stores.clock, clock_right=clock_right
    )


def _up_already(settings: Settings) -> None:
    """Raises ``database_too_old`` and ``database_too_new`` where what runs is of another release."""
    out.print("Hoso is up already.")
    print_in_force(settings, supervisor.in_force(settings))
    try:
        with open_stores(settings, pool_size=1).database.transaction():
            return
    except HosoError as error:
        if error.code is not ErrorCode.DATABASE_UNAVAILABLE:  # the watcher starts it again
            raise


def _require_free_port(settings: Settings) -> None:
    """Somebody else's web page on our port would answer in place of ours. Raises ``config_invalid``.

    A web page of ours that outlived its watcher is taken over, and may keep the port.
    """
    if any(line.name == "web" and line.running for line in supervisor.status(settings).processes):
        return
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.web_host, settings.web_port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        where = f"{settings.web_host}:{settings.web_port}"
        problem = f"HOSO_WEB_PORT: cannot listen on {where}: {error.strerror}"
        raise HosoError(ErrorCode.CONFIG_INVALID, problems=[problem]) from error


def down() -> None:
    """Stop everything that `up` started; each worker finishes its document first."""
    with err.status("Stopping"):
        stopped = supervisor.down(load_settings())
    out.print(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")
