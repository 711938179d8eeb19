"""``hoso status``: what runs on this machine, and how many documents stand where."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from rich.text import Text

from api.cli.messages import document_lines, print_error, terminal_locale
from api.cli.progress import err, out
from api.explanations import label, title_of, wording
from api.logins import first_logins
from api.office import office_actor
from api.stores import Stores, open_stores
from domain.document import UNDER_WAY, Document, DocumentState, ProblemCounts
from domain.errors import ErrorCode, HosoError
from storage.embedded import supervisor
from storage.settings import Settings, load_settings
from storage.stores import require_room_for_scans
from workflow import viewing

_TOLD = frozenset(
    {
        ErrorCode.NOT_RUNNING,
        ErrorCode.DATABASE_UNAVAILABLE,
        ErrorCode.DATABASE_TOO_OLD,
        ErrorCode.DATABASE_TOO_NEW,
    }
)
"""Problems under which there is still something to say: what runs."""


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,  # noqa: FBT002 - a flag
    batch: Annotated[str | None, typer.Option(help="List this batch's documents too.")] = None,
    logins: Annotated[bool, typer.Option(help="Show the first logins.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Say what runs, how many documents stand where, where to look. Exit code 1 where it is not up."""
    settings = load_settings()
    running, in_force = supervisor.status(settings), supervisor.in_force(settings)
    counts, problems, documents, problem = _documents(settings, batch)
    if batch is not None and problem is None and not documents:
        raise HosoError(ErrorCode.BATCH_NOT_FOUND, batch=batch)
    # a full disk is why a database does not answer, and the remedy that helps
    problem = full_disk(settings) or problem
    if as_json:
        out.print_value(
            {
                "up": running.up,
                "url": in_force["HOSO_PUBLIC_URL"],
                "differing": list(supervisor.differing(settings, in_force)),
                "processes": {line.name: line.running for line in running.processes},
                "external": list(running.external),
                "documents": {str(state): count for state, count in counts.items()},
                "problems": {str(state): dict(each) for state, each in problems.items()},
                "problem": None if problem is None else str(problem.code),
            }
            | ({} if batch is None else {"listed": [_listed(one) for one in documents]})
        )
    else:
        _print_status(running, counts, problem)
        for said in problem_lines(problems):
            out.print(f"        {said}", highlight=False, soft_wrap=True)
        if running.up:
            print_in_force(settings, in_force)
        if batch is not None:
            for line in document_lines(documents):
                out.print(line, highlight=False, soft_wrap=True)
        if logins:
            _print_logins(settings)
    if not running.up:
        raise typer.Exit(1)


def problem_lines(problems: ProblemCounts) -> Iterator[str]:
    """What waits because of which trouble, and what failed of which cause, with the way to go on."""
    locale = terminal_locale()
    for state, each in problems.items():
        # in other states the step that failed is a signature's: the document says so, and is certified again
        if state is not DocumentState.FAILED and state not in UNDER_WAY:
            continue
        told = "terminal.held" if state in UNDER_WAY else "terminal.failed"
        for code, count in each.items():
            yield wording(told, locale, count=count, title=title_of(code, locale), code=code)


def full_disk(settings: Settings) -> HosoError | None:
    """Everything may run and yet take no scan: the embedded servers do not say so."""
    try:
        require_room_for_scans(settings)
    except HosoError as error:
        return error
    return None


def _listed(document: Document) -> dict[str, object]:
    """What a listing says of a document; ``digitize --jsonl`` has its whole record."""
    return {
        "document": document.id,
        "file": document.file,
        "pages": list(document.pages),
        "form": None if document.record is None else str(document.record.form),
        "state": str(document.state),
        "reasons": list(document.reasons),
        "problem": document.problem,
    }


def _documents(
    settings: Settings, batch: str | None
) -> tuple[dict[DocumentState, int], ProblemCounts, list[Document], HosoError | None]:
    try:
        stores: Stores = open_stores(settings, pool_size=1)
        actor = office_actor(settings)
        with stores.database.transaction() as tx:
            counts = viewing.counts(actor, tx=tx, batch=batch)
            problems = viewing.problems(actor, tx=tx, batch=batch)
            documents: list[Document] = []
            cursor = None
            while batch is not None:
                page = viewing.listing(actor, tx=tx, batch=batch, cursor=cursor, limit=200)
                documents.extend(page.documents)
                cursor = page.next_cursor
                if cursor is None:
                    break
    except HosoError as error:
        if error.code not in _TOLD:
            raise
        return {}, {}, [], error
    documents.sort(key=lambda one: (one.file, one.created_at, one.pages))
    return counts, problems, documents, None


def _print_status(
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


def print_in_force(settings: Settings, in_force: Mapping[str, str]) -> None:
    """Where the web page is, and what of this shell's settings the running servers do not have."""
    out.print(f"Web page: {in_force['HOSO_PUBLIC_URL']}")
    if names := supervisor.differing(settings, in_force):
        words = wording("terminal.settings_differ", terminal_locale(), names=", ".join(names))
        err.print(words, highlight=False, soft_wrap=True)


def _print_logins(settings: Settings) -> None:
    passwords = first_logins(settings)
    if not passwords:
        return
    out.print("First logins (change them: hoso account password LOGIN):")
    for login, password in passwords.items():
        out.print(f"  {login:10} {password}", markup=False, highlight=False)
