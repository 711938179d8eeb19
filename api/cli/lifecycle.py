"""``hoso up``, ``hoso down``, ``hoso status``: the servers, the workers and the web page of this machine."""

import json
import socket
import sys
from typing import Annotated

import typer
from rich.text import Text

from api.bootstrap import Stores, make_issuer, office_actor, open_stores
from api.cli.messages import document_lines, print_error, terminal_locale
from api.cli.progress import err, out
from api.explanations import label
from api.first_start import first_logins, prepare_office
from api.safekeeping import refuse_unfinished
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from storage.embedded import supervisor
from storage.embedded.process import ManagedProcess
from storage.settings import Settings, load_settings
from workflow import viewing


def children(settings: Settings) -> tuple[ManagedProcess, ...]:
    """Web page, one reading worker per core, and one worker for what takes milliseconds.

    The last one keeps matching and signing going while all the others read long scans.
    """
    hoso = (sys.executable, "-m", "api.cli")
    env = {"HOSO_HOME": str(settings.home)}
    readers = tuple(
        ManagedProcess(
            name=f"reader-{number}", argv=(*hoso, "worker", "--queues", "read,match"), env=env
        )
        for number in range(1, settings.worker_count + 1)
    )
    desk = ManagedProcess(name="desk", argv=(*hoso, "worker", "--queues", "match,certify"), env=env)
    web = ManagedProcess(
        name="web",
        argv=(*hoso, "web"),
        env=env,
        ready_url=f"http://{settings.web_host}:{settings.web_port}/healthz",
    )
    return (web, *readers, desk)


def up() -> None:
    """Start everything; returns when it answers. Safe to repeat."""
    settings = load_settings()
    if supervisor.status(settings).up:
        out.print(f"Hoso is up already: {settings.public_url}")
        return
    refuse_unfinished(settings)
    _require_free_port(settings)
    with err.status("Starting servers, workers and web page"):
        make_issuer(settings)  # who signs is there, or nothing starts
        supervisor.up(settings, children(settings), prepare=lambda: prepare_office(settings))
    out.print(f"Hoso is up: {settings.public_url}")


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


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,  # noqa: FBT002 - a flag
    batch: Annotated[str | None, typer.Option(help="List this batch's documents too.")] = None,
    logins: Annotated[bool, typer.Option(help="Show the first logins.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Say what runs, how many documents stand where, where to look. Exit code 1 where it is not up."""
    settings = load_settings()
    running = supervisor.status(settings)
    counts, documents, problem = _documents(settings, batch)
    if batch is not None and problem is None and not documents:
        raise HosoError(ErrorCode.BATCH_NOT_FOUND, batch=batch)
    if as_json:
        out.print_json(
            json.dumps(
                {
                    "up": running.up,
                    "url": settings.public_url,
                    "processes": {line.name: line.running for line in running.processes},
                    "external": list(running.external),
                    "documents": {str(state): count for state, count in counts.items()},
                    "problem": None if problem is None else str(problem.code),
                }
                | ({} if batch is None else {"listed": [_listed(one) for one in documents]})
            )
        )
    else:
        _print_status(settings, running, counts, problem)
        if batch is not None:
            for line in document_lines(documents):
                out.print(line, highlight=False, soft_wrap=True)
        if logins:
            _print_logins(settings)
    if not running.up:
        raise typer.Exit(1)


def _listed(document: Document) -> dict[str, object]:
    """What a listing says of a document; ``digitize --jsonl`` has its whole record."""
    return {
        "document": document.id,
        "file": document.file,
        "form": None if document.record is None else str(document.record.form),
        "state": str(document.state),
        "reasons": list(document.reasons),
        "problem": document.problem,
    }


def _documents(
    settings: Settings, batch: str | None
) -> tuple[dict[DocumentState, int], list[Document], HosoError | None]:
    try:
        stores: Stores = open_stores(settings, pool_size=1)
        actor = office_actor(settings)
        with stores.database.transaction() as tx:
            counts = viewing.counts(actor, tx=tx, batch=batch)
            documents: list[Document] = []
            cursor = None
            while batch is not None:
                page = viewing.listing(actor, tx=tx, batch=batch, cursor=cursor, limit=200)
                documents.extend(page.documents)
                cursor = page.next_cursor
                if cursor is None:
                    break
    except HosoError as error:
        if error.code not in {ErrorCode.NOT_RUNNING, ErrorCode.DATABASE_UNAVAILABLE}:
            raise
        return {}, [], error
    return counts, sorted(documents, key=lambda document: document.file), None


def _print_status(
    settings: Settings,
    running: supervisor.Status,
    counts: dict[DocumentState, int],
    problem: HosoError | None,
) -> None:
    for line in running.processes:
        mark = ("●", "green") if line.running else ("○", "red")
        standing = f"pid {line.pid}" if line.pid else "not running"
        out.print(Text.assemble(mark, f" {line.name:14} {standing}"))
    for name in running.external:
        out.print(f"  {name:14} external")
    if problem is not None:
        print_error(problem)
    locale = terminal_locale()
    for state, count in counts.items():
        out.print(f"{count:7} {label('state', str(state), locale)}")
    if running.up:
        out.print(f"Web page: {settings.public_url}")


def _print_logins(settings: Settings) -> None:
    passwords = first_logins(settings)
    if not passwords:
        return
    out.print("First logins (change them: hoso account password LOGIN):")
    for login, password in passwords.items():
        out.print(f"  {login:10} {password}", markup=False, highlight=False)
