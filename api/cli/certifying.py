"""``hoso certify``, ``fetch`` and ``revoke``: certified copies of verified documents."""

import time
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from api.cli.messages import failure_words, print_error, reasons_of, tell_held, terminal_locale
from api.cli.progress import err, out, progress
from api.cli.saving import save
from api.explanations import label, wording
from api.office import office_actor
from api.stores import Stores, open_stores
from domain.actor import Actor
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from storage.settings import load_settings
from workflow import issuing, revoking, viewing

_POLL_SECONDS = 0.4
_OPEN = (
    DocumentState.RECEIVED,
    DocumentState.READ,
    DocumentState.REVIEW,
    DocumentState.FAILED,
)
"""States in which something is still to be done before a document can be certified or is settled."""


def certify(
    documents: Annotated[list[str] | None, typer.Argument(help="Document ids.")] = None,
    batch: Annotated[
        str | None, typer.Option(help="Certify everything verified in this batch.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Wait until the copies are signed.")] = True,  # noqa: FBT002 - a flag
) -> None:
    """Sign certified copies of verified documents. Exit code 1 where one could not be certified.

    Of a batch it is told how many of its documents are not verified, which is no failure.
    """
    if bool(documents) == bool(batch):
        msg = "name documents, or a batch by --batch, not both"
        raise typer.BadParameter(msg)
    settings = load_settings()
    stores, actor = open_stores(settings), office_actor(settings)
    asked: list[str] = []
    problems, certified = 0, 0
    for document_id in documents or _verified(stores, actor, batch):
        try:
            with stores.database.transaction() as tx:
                state = viewing.status(actor, document_id, tx=tx).state
                if state is DocumentState.CERTIFIED:
                    out.print(f"{document_id} is certified already")
                    continue
                if state is not DocumentState.CERTIFYING:
                    issuing.request(actor, document_id, tx=tx, clock=stores.clock)
            asked.append(document_id)
        except HosoError as error:
            problems += 1
            print_error(error, subject=document_id)
    if wait:
        certified = sum(_succeeded(document) for document in _finished(stores, actor, asked))
        problems += len(asked) - certified
    out.print(
        _counted(certified, "certified") if wait else _counted(len(asked), "queued for signing")
    )
    if batch is not None:
        _tell_open(stores, actor, batch)
    if problems:
        raise typer.Exit(1)


def _counted(count: int, done: str) -> str:
    return f"{count or 'no'} document{'' if count == 1 else 's'} {done}"


def _tell_open(stores: Stores, actor: Actor, batch: str) -> None:
    """Whoever certifies a batch believes it done: what of it cannot be certified yet, and where to see it."""
    with stores.database.transaction() as tx:
        counts = viewing.counts(actor, tx=tx, batch=batch)
    locale = terminal_locale()
    states = [
        f"{label('state', str(state), locale)} {counts[state]}"
        for state in _OPEN
        if state in counts
    ]
    if states:
        said = wording("terminal.left_open", locale, states=", ".join(states), batch=quote(batch))
        out.print(said, markup=False, highlight=False, soft_wrap=True)


def _verified(stores: Stores, actor: Actor, batch: str | None) -> Iterator[str]:
    """Ids first, then work: certifying moves documents out of the listing being paged.

    Raises ``batch_not_found`` where there is no such batch; one without anything verified is empty.
    """
    ids: list[str] = []
    for state in (DocumentState.VERIFIED, DocumentState.CERTIFYING):
        cursor = None
        while True:
            with stores.database.transaction() as tx:
                page = viewing.listing(
                    actor, tx=tx, batch=batch, state=state, cursor=cursor, limit=200
                )
            ids.extend(document.id for document in page.documents)
            cursor = page.next_cursor
            if cursor is None:
                break
    if not ids:
        with stores.database.transaction() as tx:
            known = viewing.counts(actor, tx=tx, batch=batch)
        if not any(known.values()):
            raise HosoError(ErrorCode.BATCH_NOT_FOUND, batch=batch)
    yield from ids


def _finished(stores: Stores, actor: Actor, asked: list[str]) -> Iterator[Document]:
    with progress() as bar:
        task = bar.add_task("Certifying", total=len(asked))
        waiting, told = list(asked), set[str]()
        while waiting:
            with stores.database.transaction() as tx:
                looked = [viewing.status(actor, document_id, tx=tx) for document_id in waiting]
            tell_held(looked, told)
            for document in looked:
                if document.state is not DocumentState.CERTIFYING:
                    waiting.remove(document.id)
                    bar.advance(task)
                    yield document
            if waiting:
                time.sleep(_POLL_SECONDS)


def _succeeded(document: Document) -> bool:
    if document.state is DocumentState.CERTIFIED:
        return True
    if document.state is DocumentState.REVIEW:
        why = "; ".join(reasons_of(document))
    else:
        why = failure_words(document)
    err.print(f"{document.id}: {why}", highlight=False, soft_wrap=True)
    return False


def fetch(
    document: Annotated[str, typer.Argument(help="Document id.")],
    out_file: Annotated[Path, typer.Option("--out", help="PDF file to write.")],
) -> None:
    """Save the certified e-copy of DOCUMENT; a file of that name gives way to it."""
    settings = load_settings()
    stores, actor = open_stores(settings), office_actor(settings)
    with stores.database.transaction() as tx:
        pdf = viewing.fetch(actor, document, tx=tx, objects=stores.objects, clock=stores.clock)
    save(out_file, pdf)
    out.print(f"{out_file}: {len(pdf)} bytes", highlight=False, soft_wrap=True)


def revoke(
    document: Annotated[str, typer.Argument(help="Document id.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the register and the audit trail.")],
) -> None:
    """Withdraw the certified copy of DOCUMENT: whoever verifies it is told; its document is reviewed."""
    settings = load_settings()
    stores, actor = open_stores(settings), office_actor(settings)
    with stores.database.transaction() as tx:
        revoking.revoke(actor, document, reason=reason, tx=tx, clock=stores.clock)
    out.print(
        f"{document}: its copy is revoked; the document waits for review",
        highlight=False,
        soft_wrap=True,
    )
