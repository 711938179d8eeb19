"""The scans that a person named on the command line; none at all is a slip of theirs worth telling."""

from collections.abc import Sequence
from pathlib import Path

import typer

from api.cli.messages import terminal_locale
from api.cli.progress import err
from api.explanations import wording
from api.scan_files import SCAN_SUFFIXES, scans

_NAMED = 5
"""So many of the skipped are called by name; the line is to be read."""


def found(paths: Sequence[Path]) -> list[Path]:
    """Every file meant by ``paths``, and a line about what lies beside them and is no scan.

    Ends the command as misused where folders hold no scan.
    """
    meant = scans(paths)
    if not meant.files:
        wanted = ", ".join(sorted(suffix.removeprefix(".") for suffix in SCAN_SUFFIXES))
        msg = f"no scans ({wanted}) in {', '.join(map(str, paths))}"
        raise typer.BadParameter(msg)
    if meant.skipped:
        err.print(_skipped_line(meant.skipped), highlight=False, soft_wrap=True)
    return list(meant.files)


def _skipped_line(skipped: Sequence[Path]) -> str:
    # what is hidden is seldom missed: it is named last
    names = [path.name for path in sorted(skipped, key=lambda path: path.name.startswith("."))]
    listed = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return wording("terminal.skipped", terminal_locale(), count=len(names), names=listed)
