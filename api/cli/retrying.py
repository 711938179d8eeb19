"""``hoso retry``: what failed is tried again, once its cause is mended."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from api.cli.messages import print_error, terminal_locale
from api.cli.progress import out, progress
from api.cli.standing import problem_lines
from api.explanations import wording
from api.office import office_actor
from api.stores import Stores, open_stores
from domain.actor import Actor
from domain.document import DocumentState, ProblemCounts
from domain.errors import HosoError
from storage.settings import load_settings
from workflow import retrying, viewing


def retry(
    documents: Annotated[list[str] | None, typer.Argument(help="Document ids.")] = None,
    code: Annotated[
        str | None, typer.Option(help="Everything that failed of this cause, such as worker_lost.")
    ] = None,
    batch: Annotated[str | None, typer.Option(help="Everything that failed in this batch.")] = None,
) -> None:
    """Have the step tried again that failed. Exit code 1 where one could not be.

    What waits because of an outage goes on by itself, and is no matter of this command.
    """
    if bool(documents) == bool(code or batch):
        msg = "name documents, or a cause by --code, a batch by --batch or both"
        raise typer.BadParameter(msg)
    settings = load_settings()
    stores, actor = open_stores(settings), office_actor(settings)
    failed = documents or list(_failed(stores, actor, code=code, batch=batch))
    if not failed:
        _tell_what_failed(stores, actor)
        return
    done = _try_again(failed, stores=stores, actor=actor)
    out.print(f"{done or 'no'} document{'' if done == 1 else 's'} tried again")
    if done < len(failed):
        raise typer.Exit(1)


def _try_again(failed: Sequence[str], *, stores: Stores, actor: Actor) -> int:
    """How many of them are tried again; the others are told."""
    done = 0
    with progress() as bar:
        for document_id in bar.track(failed, description="Trying again"):
            try:
                with stores.database.transaction() as tx:
                    retrying.retry(actor, document_id, tx=tx, clock=stores.clock)
            except HosoError as error:
                print_error(error, subject=document_id)
            else:
                done += 1
    return done


def _failed(stores: Stores, actor: Actor, *, code: str | None, batch: str | None) -> Iterator[str]:
    """Ids first, then work: what is tried again leaves the listing that is paged."""
    cursor = None
    while True:
        with stores.database.transaction() as tx:
            page = viewing.listing(
                actor, tx=tx, batch=batch, state=DocumentState.FAILED, cursor=cursor, limit=200
            )
        yield from (one.id for one in page.documents if code in {None, one.problem})
        cursor = page.next_cursor
        if cursor is None:
            return


def _tell_what_failed(stores: Stores, actor: Actor) -> None:
    """Whoever mistyped a cause sees which there are."""
    with stores.database.transaction() as tx:
        problems = viewing.problems(actor, tx=tx)
    failed: ProblemCounts = {DocumentState.FAILED: problems.get(DocumentState.FAILED, {})}
    for said in (wording("terminal.none_failed", terminal_locale()), *problem_lines(failed)):
        out.print(said, highlight=False, soft_wrap=True)
