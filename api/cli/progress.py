"""Progress bars and tables on the terminal; to standard error, so that output stays clean."""

from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from api.cli.printing import HarmlessConsole

# what is printed names files and people: brackets and colons are theirs, styled pieces come as Text
out = HarmlessConsole(markup=False, emoji=False)
err = HarmlessConsole(stderr=True, markup=False, emoji=False)


def progress() -> Progress:
    """A bar with count, time spent and time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
    )


def megabytes() -> Progress:
    """A bar that counts bytes, with their speed."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
    )
