"""``hoso doctor``: is everything here that the work needs?"""

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from api.bootstrap import make_issuer
from api.cli.messages import print_error, terminal_locale
from api.cli.progress import megabytes, out
from api.cli.standing import problem_lines
from api.clock import SystemClock
from api.explanations import explain, label
from api.office import worker_actor
from api.renewal import clock_doubt, newest_noted
from api.safekeeping import Stage, examined_objects
from api.stores import open_stores
from api.trust import open_authority, pki_folder
from domain.errors import OF_THE_FILE, ErrorCode, HosoError
from domain.ports import Bucket
from ocr.engine import OWN_MODELS, proven, shipped_model
from ocr.model_files import DETECTOR, model_dir
from ocr.tesseract import find_tessdata
from signing.font import serif_font
from signing.rehearsal import rehearse
from storage.disk import full_disk_told, require_free
from storage.embedded import supervisor
from storage.embedded.home import files_below, unusable
from storage.s3 import ping
from storage.settings import Settings, load_settings
from storage.stores import require_room_for_scans, s3_endpoint
from workflow.pictures import page_key

_PROGRAMS = ("pdftoppm", "pdfimages", "fc-match")
_LEAST_FREE = 2 * 1024**3
"""Bytes; below this a day's scans may not fit."""
_NOTICE = timedelta(days=30)
_SAMPLE = 5
"""Documents whose objects are read at every call."""


@dataclass(frozen=True, kw_only=True)
class Examination:
    """One thing looked at: raises ``HosoError`` where it is not well, else says what it found."""

    name: str
    look: Callable[[Settings], "str | Caution"]


@dataclass(frozen=True, kw_only=True)
class Caution:
    """Not wrong, but somebody should know; the exit code stays 0."""

    words: str


def doctor(
    objects: Annotated[  # noqa: FBT002 - a flag
        bool,
        typer.Option(
            "--objects",
            help="Read every stored object whole instead, and name what is missing or damaged.",
        ),
    ] = False,
) -> None:
    """Check this installation. Exit code 1 where something needs doing."""
    settings = load_settings()
    if objects:
        _every_object(settings)
        return
    unwell = 0
    for name, finding in _examined(settings):
        if isinstance(finding, Caution):
            out.print(Text.assemble(("!", "yellow"), f" {name}: {finding.words}"))
        elif isinstance(finding, HosoError):
            unwell += 1
            words = explain(finding, terminal_locale())
            facts = ", ".join(f"{key}={value}" for key, value in finding.facts.items())
            out.print(Text.assemble(("✗", "red"), f" {name}: {words.detail} {facts}"))
            out.print(f"    {words.remedy}", highlight=False)
        else:
            out.print(Text.assemble(("✓", "green"), f" {name}: {finding}"))
    if unwell:
        raise typer.Exit(1)


def _examined(settings: Settings) -> Iterator[tuple[str, str | Caution | HosoError]]:
    for examination in EXAMINATIONS:
        try:
            with full_disk_told(settings.home):
                yield examination.name, examination.look(settings)
        except HosoError as error:
            yield examination.name, error
        except OSError as error:
            closed = unusable(settings.home, error)
            if closed is None:
                raise
            yield examination.name, closed


def _every_object(settings: Settings) -> None:
    """Each original, page picture and e-copy against the register, and its hash where one is kept."""
    count, size, flaws = 0, 0, 0
    with megabytes() as bars:
        task = bars.add_task("Originals, pages, e-copies", total=None)

        def watch(_stage: Stage, done: int, _total: int) -> None:
            bars.update(task, completed=done)

        for looked in examined_objects(settings, watch=watch):
            count += looked.part is not None
            size += looked.part.size if looked.part else 0
            if looked.flaw is not None:
                flaws += 1
                print_error(HosoError(looked.flaw), subject=f"{looked.bucket}/{looked.key}")
    out.print(
        f"{count} objects read ({size / 1e6:.1f} MB), {flaws} missing or damaged", highlight=False
    )
    if flaws:
        raise typer.Exit(1)


def _programs(_settings: Settings) -> str:
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if missing:
        raise HosoError(ErrorCode.TOOL_MISSING, tool=", ".join(missing))
    return ", ".join(_PROGRAMS)


def _models(_settings: Settings) -> str:
    own = [proven(shipped_model(name)).name for name in OWN_MODELS]
    readers = ", ".join(f"{name} (reads all 134 letters)" for name in own)
    return f"{model_dir(DETECTOR).name}, {readers}"


def _tesseract(_settings: Settings) -> str:
    return str(find_tessdata())


def _font(_settings: Settings) -> str:
    return str(serif_font())


def _disk(settings: Settings) -> str:
    folder = settings.home if settings.home.exists() else settings.home.parent
    require_free(folder, _LEAST_FREE)
    return f"{shutil.disk_usage(folder).free // 1024**3} GiB free"


def _secrets(settings: Settings) -> str:
    kept = [path for folder in ("secrets", "pki") for path in _files(settings.home / folder)]
    open_to_others = [path.name for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if open_to_others:
        raise HosoError(
            ErrorCode.CONFIG_INVALID,
            problems=[f"readable by others: {', '.join(open_to_others)} (chmod 600)"],
        )
    return f"{len(kept)} files, private"


def _public_address(settings: Settings) -> str | Caution:
    """Printed in every certified copy, so it is looked at before there is one."""
    if settings.public_url_is_local:
        if settings.signing is not None:
            raise HosoError(ErrorCode.PUBLIC_URL_LOCAL, url=settings.public_url)
        return Caution(
            words=f"{settings.public_url} opens on this machine only, and certified copies carry it "
            "for ever: set HOSO_PUBLIC_URL to the address that people use"
        )
    if settings.public_url.startswith("https://") and not settings.names_proxies:
        return Caution(
            words=f"{settings.public_url}; only a proxy on this machine is believed: name another in "
            "HOSO_TRUSTED_PROXIES, or all visitors count as one"
        )
    return settings.public_url


def _signatures(settings: Settings) -> str | Caution:
    """A rehearsal in earnest, for a token may be pulled out and a certificate may have ended."""
    if settings.signing is None:
        return _demonstration(settings)
    return "; ".join(rehearse(make_issuer(settings), now=SystemClock().now()))


def _demonstration(settings: Settings) -> str | Caution:
    """New certificates are made at ``hoso up``; one that runs for years has not had them made.

    Those that have not begun were made when the clock was ahead, or it is behind now.
    """
    if not pki_folder(settings).is_dir():
        return "the demonstration authority, made at the first start: copies have no legal value"
    authority, now = open_authority(settings), SystemClock().now()
    remedy = "hoso down, then hoso up, makes a new one; copies signed so far stay genuine"
    name, begins = authority.begins()
    if begins > now:
        told = f"the demonstration certificate {name} counts only from {begins.date()} on"
        problem = f"{told}: set the clock right if it is behind; if not, {remedy}"
        raise HosoError(ErrorCode.CONFIG_INVALID, problems=[problem])
    name, ends = authority.ends()
    left = ends - now
    told = f"the demonstration certificate {name} ends on {ends.date()}"
    if left < timedelta(0):
        raise HosoError(ErrorCode.CONFIG_INVALID, problems=[f"{told}: {remedy}"])
    if left < _NOTICE:
        return Caution(words=f"{told}: {remedy}")
    return f"the demonstration authority, until {ends.date()}: copies have no legal value"


def _files(folder: Path) -> Iterator[Path]:
    """Certificates are public and may be read by everybody; the lock is empty."""
    return (
        path
        for path in files_below(folder)
        if path.is_file() and path.suffix != ".crt" and path.name != "lock"
    )


def _processes(settings: Settings) -> str:
    running = supervisor.status(settings)
    down = [line.name for line in running.processes if not line.running]
    if not running.up or down:
        raise HosoError(ErrorCode.NOT_RUNNING, processes=", ".join(down))
    return ", ".join(line.name for line in running.processes)


def _database(settings: Settings) -> str:
    stores = open_stores(settings, pool_size=1)
    with stores.database.transaction() as tx:
        counts = tx.documents.counts(within=worker_actor(settings).agency_path)
        persons = tx.population.count()
    locale = terminal_locale()
    states = ", ".join(
        f"{count} {label('state', state, locale)}" for state, count in counts.items()
    )
    return f"{persons} persons; {states or 'no documents yet'}"


def _clock(settings: Settings) -> str | Caution:
    stores = open_stores(settings, pool_size=1)
    now = stores.clock.now()
    with stores.database.transaction() as tx:
        newest = newest_noted(settings, tx)
    doubt = None if newest is None else clock_doubt(now, newest)
    if doubt is None:
        return f"{now:%Y-%m-%d %H:%M} UTC"
    words = explain(doubt, terminal_locale())
    return Caution(words=f"{words.detail} {words.remedy}")


def _trouble(settings: Settings) -> str | Caution:
    """What of the work stands still, and why: what failed by its file is no trouble of this installation."""
    stores, actor = open_stores(settings, pool_size=1), worker_actor(settings)
    with stores.database.transaction() as tx:
        problems = tx.documents.problems(within=actor.agency_path)
    ours = {
        state: {code: count for code, count in each.items() if not code.startswith(OF_THE_FILE)}
        for state, each in problems.items()
    }
    told = list(problem_lines(ours))
    return (
        Caution(words="; ".join(told))
        if told
        else "nothing waits or failed for reasons of this house"
    )


def _object_store(settings: Settings) -> str:
    endpoint = s3_endpoint(settings)
    if not ping(endpoint):
        raise HosoError(ErrorCode.OBJECT_STORE_UNAVAILABLE, address=endpoint.address)
    require_room_for_scans(settings)
    return endpoint.address


def _newest_objects(settings: Settings) -> str:
    """What the newest documents stand on; ``--objects`` looks at all of them."""
    stores, actor = open_stores(settings, pool_size=1), worker_actor(settings)
    with stores.database.transaction() as tx:
        newest = tx.documents.page(within=actor.agency_path, limit=_SAMPLE).documents
        copies = [tx.certificates.by_document(document.id) for document in newest]
    for document, copy in zip(newest, copies, strict=True):
        stores.objects.get(Bucket.ORIGINALS, document.sha256)
        for number in document.pages if document.record else ():
            key = page_key(document.sha256, number)
            if not stores.objects.exists(Bucket.PAGES, key):
                raise HosoError(ErrorCode.OBJECT_MISSING, bucket=str(Bucket.PAGES), key=key)
        if copy is not None:
            stores.objects.get(Bucket.ECOPIES, copy.sha256, version=copy.object_version)
    return f"those of the {len(newest)} newest documents are whole (all: hoso doctor --objects)"


EXAMINATIONS = (
    Examination(name="programs", look=_programs),
    Examination(name="models", look=_models),
    Examination(name="tesseract", look=_tesseract),
    Examination(name="font", look=_font),
    Examination(name="disk", look=_disk),
    Examination(name="secrets", look=_secrets),
    Examination(name="public address", look=_public_address),
    Examination(name="signatures", look=_signatures),
    Examination(name="processes", look=_processes),
    Examination(name="database", look=_database),
    Examination(name="clock", look=_clock),
    Examination(name="work", look=_trouble),
    Examination(name="object store", look=_object_store),
    Examination(name="objects", look=_newest_objects),
)
