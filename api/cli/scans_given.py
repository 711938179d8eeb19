"""The scans that a person named on the command line; none at all is a slip of theirs worth telling."""

from collections.abc import Sequence
from pathlib import Path

import typer

from api.scan_files import SCAN_SUFFIXES, scans


def found(paths: Sequence[Path]) -> list[Path]:
    """Every file meant by ``paths``. Ends the command as misused where folders hold no scan."""
    files = list(scans(paths))
    if not files:
        wanted = ", ".join(sorted(suffix.removeprefix(".") for suffix in SCAN_SUFFIXES))
        msg = f"no scans ({wanted}) in {', '.join(map(str, paths))}"
        raise typer.BadParameter(msg)
    return files
