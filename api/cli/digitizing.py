"""``hoso digitize``: files go in for good; reading and matching follow in the workers."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.jsonl import Sink, refuse_overwriting, writing
from api.cli.messages import document_lines, print_error, tell_held
from api.cli.progress import err, out, progress
from api.cli.scans_given import found
from api.intake import intake_limits
from api.office import enter_agencies, office_actor
from api.scan_files import bytes_of, name_of
from api.stores import Stores, open_stores
from domain.actor import Actor
from domain.batch import batch_name
from domain.document import Document, DocumentState, Lane
from domain.errors import HosoError
from domain.record import unread
from domain.record_json import to_json
from domain.verdict import verdict_to_json
from storage.settings import Settings, load_settings
from workflow.intake import Upload, register
from workflow.retention import Retention
from workflow.viewing import hand_out, originals

_POLL_SECONDS = 0.5
_UNDER_WAY = frozenset({DocumentState.RECEIVED, DocumentState.READ})


@dataclass(kw_only=True)
class _Batch:
    """What this call brought in."""

    files: list[tuple[str, str]] = field(default_factory=list)
    """Name as given in this call and SHA-256 of each file taken; two names may be of the same bytes."""
    duplicates: int = 0
    mended: int = 0
    """Originals that the store had lost or damaged, and has again."""
    refused: int = 0


def digitize(
    paths: Annotated[list[Path], typer.Argument(exists=True, help="Files and folders.")],
    batch: Annotated[
        str | None, typer.Option(help="Name to find these documents under again.")
    ] = None,
    lane: Annotated[Lane, typer.Option(help="Counter work overtakes bulk work.")] = Lane.BULK,
    wait: Annotated[bool, typer.Option(help="Wait until everything is read and matched.")] = False,  # noqa: FBT002 - a flag
    jsonl: Annotated[
        Path | None, typer.Option(help="Wait, then write the records, one per line.")
    ] = None,
) -> None:
    """Register files durably. May be killed and repeated at any moment: known scans are recognised.

    A known scan given with a batch belongs to that batch too, beside the one it came in first.

    Exit code 1 where a file was refused or a document failed.
    """
    batch = None if batch is None else batch_name(batch)
    files = found(paths)
    if jsonl is not None:
        refuse_overwriting(jsonl, files)
    settings = load_settings()
    stores, actor = open_stores(settings), office_actor(settings)
    with _opened(
        jsonl
    ) as sink:  # before anything is registered: a place that cannot be written is told now
        with stores.database.transaction() as tx:
            enter_agencies(settings, tx)
        brought = _register_all(files, batch, lane, settings=settings, stores=stores, actor=actor)
        _say(brought)
        documents = []
        if wait or sink is not None:
            documents = _wait(brought.files, stores=stores, actor=actor)
        if sink is not None:
            with stores.database.transaction() as tx:
                hand_out(actor, documents, command="hoso digitize", tx=tx, clock=stores.clock)
            for document in documents:
                sink(_line(document))
    for described in document_lines(documents):
        err.print(described, soft_wrap=True)
    failed = sum(document.state is DocumentState.FAILED for document in documents)
    if failed or brought.refused:
        raise typer.Exit(1)


def _opened(jsonl: Path | None) -> AbstractContextManager[Sink | None]:
    return nullcontext() if jsonl is None else writing(jsonl)


def _say(brought: _Batch) -> None:
    out.print(
        f"{len(brought.files)} files registered, {brought.duplicates} of them known already, "
        f"{brought.refused} refused"
    )
    if brought.mended:
        out.print(f"originals stored again, for they were missing or damaged: {brought.mended}")


def _register_all(
    files: Sequence[Path],
    batch: str | None,
    lane: Lane,
    *,
    settings: Settings,
    stores: Stores,
    actor: Actor,
) -> _Batch:
    brought = _Batch()
    retention = Retention(days=settings.retention_days)
    limits = intake_limits(settings)
    with progress() as bar:
        for path in bar.track(files, description="Registering"):
            try:
                upload = Upload(name=name_of(path), data=bytes_of(path), lane=lane, batch=batch)
                with stores.database.transaction() as tx:
                    registered = register(
                        actor,
                        upload,
                        tx=tx,
                        objects=stores.objects,
                        clock=stores.clock,
                        limits=limits,
                        retention=retention,
                    )
            except HosoError as error:
                brought.refused += 1
                print_error(error, subject=str(path))
                continue
            brought.files.append((upload.name, registered.document.sha256))
            brought.duplicates += registered.duplicate
            brought.mended += registered.mended
    return brought


def _wait(files: Sequence[tuple[str, str]], *, stores: Stores, actor: Actor) -> list[Document]:
    """Everything made from these files, in the order they were brought, once nothing is under way.

    Each document is called what its file was called in this call: its bytes may have come first under
    another name, and whoever gave the file looks for the name they gave.
    """
    finished: dict[str, tuple[Document, ...]] = {}
    wanted = list(dict.fromkeys(sha256 for _, sha256 in files))
    with progress() as bar:
        task = bar.add_task("Reading and matching", total=len(wanted))
        told: set[str] = set()
        while len(finished) < len(wanted):
            for sha256, documents in _look(wanted, finished, stores=stores, actor=actor):
                tell_held(documents, told)
                if all(document.state not in _UNDER_WAY for document in documents):
                    finished[sha256] = documents
            bar.update(task, completed=len(finished))
            if len(finished) < len(wanted):
                time.sleep(_POLL_SECONDS)
    return [_called(name, document) for name, sha256 in files for document in finished[sha256]]


def _called(name: str, document: Document) -> Document:
    record = document.record and replace(document.record, file=name)
    return replace(document, file=name, record=record)


def _look(
    wanted: Sequence[str],
    finished: dict[str, tuple[Document, ...]],
    *,
    stores: Stores,
    actor: Actor,
) -> Iterator[tuple[str, tuple[Document, ...]]]:
    """Work goes first in, first out: look at the front of the queue, not at all of it every time."""
    front = [sha256 for sha256 in wanted if sha256 not in finished][:50]
    with stores.database.transaction() as tx:
        for sha256 in front:
            yield sha256, originals(actor, sha256, tx=tx)


def _line(document: Document) -> dict[str, Any]:
    record = document.record or unread(
        file=document.file, sha256=document.sha256, pages=document.pages
    )
    return to_json(record) | {
        "document": document.id,
        "batch": document.batch,
        "batches": list(document.batches),
        "state": str(document.state),
        "reasons": list(document.reasons),
        "problem": document.problem,
        "verdicts": [verdict_to_json(verdict) for verdict in document.verdicts],
    }
