"""``hoso backup`` and ``hoso restore``: everything that cannot be made again, in one file, and back."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import TaskID
from rich.text import Text

from api.cli.messages import print_error, terminal_locale
from api.cli.progress import err, megabytes, out
from api.explanations import wording
from api.safekeeping import (
    Manifest,
    Outcome,
    Sought,
    Stage,
    Watch,
    back_up,
    check_backup,
    differing_settings,
    put_back,
    restore,
)
from domain.errors import ErrorCode, HosoError
from storage.settings import load_settings

_SHOWN_FLAWS = 20
_DOING = {
    Stage.DATABASE: "Database",
    Stage.OBJECTS: "Originals, pages, e-copies",
    Stage.CHECK: "Checking the backup",
    Stage.MENDING: "Putting back",
}
_GIVEN = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A file that `hoso backup` made.")
]


def backup(
    out_path: Annotated[
        str | None,  # a Path would lose the slash at its end
        typer.Option(
            "--out",
            metavar="PATH",
            help="File to write, or a folder (ending in / it is made) for a file with a dated name.",
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="Verify this backup instead; changes nothing."
        ),
    ] = None,
) -> None:
    """Back up database, originals, pages, e-copies, secrets and signing keys; the service may run on.

    The file holds keys and personal data in clear: it is 0600, keep it where only the right people can
    read it. Exit code 1 where the installation itself lacks an object (it is named; the rest is kept).
    """
    if check is not None and out_path is None:
        _check(check)
        return
    if check is not None or out_path is None:
        msg = "give --out FILE_OR_FOLDER to make a backup, or --check FILE to verify one"
        raise typer.BadParameter(msg)
    with _watched() as watch:
        file, manifest = back_up(load_settings(), _target(out_path), watch=watch)
    out.print(f"{file}: {_size(file.stat().st_size)}", highlight=False, soft_wrap=True)
    _print_contents(manifest)
    err.print(wording("terminal.backup_private", terminal_locale()), highlight=False)
    if not any(name.startswith("pki/") for name in manifest.private):
        err.print(wording("terminal.backup_keyless", terminal_locale()), highlight=False)
    for flaw in manifest.flaws[:_SHOWN_FLAWS]:
        print_error(HosoError(ErrorCode(flaw.code)), subject=f"{flaw.bucket}/{flaw.key}")
    if manifest.flaws:
        err.print(f"{len(manifest.flaws)} objects of this installation are missing or corrupt")
        raise typer.Exit(1)


def _target(out_path: str) -> Path:
    """Where to write. A path that ends in a slash means a folder, which is made for its owner alone."""
    target = Path(out_path)
    if out_path.endswith("/"):
        try:
            target.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=out_path) from error
    return target


def restore_(
    file: _GIVEN,
    check: Annotated[bool, typer.Option("--check", help="Only verify FILE.")] = False,  # noqa: FBT002 - a flag
    damaged: Annotated[  # noqa: FBT002 - a flag
        bool,
        typer.Option(
            "--damaged",
            help="Only put back what `hoso doctor --objects` names; the service may run on.",
        ),
    ] = False,
) -> None:
    """Restore FILE into an empty installation, and verify all of it; then run `hoso up`.

    The installation must be down, with no documents, certified copies or population data in it (not so
    with --damaged). May be interrupted and run again. Exit code 1 where an object is still damaged.
    """
    if check and damaged:
        msg = "give --check or --damaged, not both"
        raise typer.BadParameter(msg)
    if check:
        _check(file)
    elif damaged:
        _put_back(file)
    else:
        _restore(file)


def _put_back(file: Path) -> None:
    """Everything this installation lacks, out of the backup, with a line for each object."""
    found: Counter[Outcome] = Counter()
    with _watched() as watch:
        for sought in put_back(load_settings(), file, watch=watch):
            found[sought.outcome] += 1
            _print_sought(sought)
    locale = terminal_locale()
    left = sum(count for outcome, count in found.items() if not outcome.is_well)
    if not found:
        out.print(wording("terminal.nothing_damaged", locale), highlight=False)
        return
    words = wording("terminal.put_back_sum", locale, count=found[Outcome.PUT_BACK], left=left)
    out.print(words, highlight=False)
    if left:
        raise typer.Exit(1)


def _print_sought(sought: Sought) -> None:
    mark = ("✓", "green") if sought.outcome.is_well else ("✗", "red")
    words = wording(f"terminal.{sought.outcome}", terminal_locale())
    line = Text.assemble(mark, f" {sought.bucket}/{sought.key}: {words}")
    (out if sought.outcome.is_well else err).print(line, soft_wrap=True)


def _restore(file: Path) -> None:
    settings, damaged = load_settings(), list[Sought]()
    with _watched() as watch:
        manifest = restore(settings, file, watch=watch, tell=damaged.append)
    for sought in damaged:
        _print_sought(sought)
    out.print(f"restored from {file}", highlight=False, soft_wrap=True)
    _print_contents(manifest)
    for name, (there, here) in differing_settings(settings, manifest).items():
        err.print(
            Text.assemble((name, "yellow"), f": {there!r} in the backup, {here!r} here"),
            soft_wrap=True,
        )
    out.print(wording("terminal.restored", terminal_locale()), highlight=False)
    if not all(sought.outcome.is_well for sought in damaged):
        raise typer.Exit(1)


def _check(file: Path) -> None:
    with _watched() as watch:
        manifest = check_backup(file, watch=watch)
    out.print(f"{file}: whole and unchanged", highlight=False, soft_wrap=True)
    _print_contents(manifest)


def _print_contents(manifest: Manifest) -> None:
    tables = manifest.database.tables
    objects = ", ".join(
        f"{count.objects} {bucket} ({_size(count.size)})"
        for bucket, count in manifest.objects.items()
    )
    made = manifest.made_at.isoformat()
    rows = ", ".join(
        f"{tables.get(table, 0)} {words}"
        for table, words in (
            ("document", "documents"),
            ("certificate", "certified"),
            ("population", "persons"),
            ("event", "lines of the audit trail"),
        )
    )
    for line in (
        f"made {made} by Hoso {manifest.release}, schema {manifest.database.schema}",
        rows,
        f"{objects}; {len(manifest.private)} secrets and keys",
    ):
        out.print(f"  {line}", highlight=False, soft_wrap=True)


@contextmanager
def _watched() -> Iterator[Watch]:
    """One bar per stage, shown when the stage begins."""
    with megabytes() as bars:
        tasks: dict[Stage, TaskID] = {}

        def watch(stage: Stage, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_DOING[stage], total=total or None)
            bars.update(tasks[stage], completed=done)

        yield watch


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
