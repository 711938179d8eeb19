"""The scans that a person named on the command line; none at all is a slip of theirs worth telling."""

from collections.abc import Sequence
from pathlib import Path

import typer

from api.cli.messages import terminal_locale
from api.cli.progress import err
from api.explanations import Locale, wording
from api.scan_files import SCAN_SUFFIXES, name_of, scans

_NAMED = 3
"""So many of a kind are called by name; of more, their suffix and their number are told."""
_HIDDEN, _FOLDER, _BARE = ".", "/", ""
_COUNTED = {_HIDDEN: "terminal.skipped_hidden", _BARE: "terminal.skipped_bare"}


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
    """Every kind of file is told, however many there are: what nobody looked at may have been a scan."""
    locale = terminal_locale()
    kinds: dict[str, list[str]] = {}
    for path in skipped:
        kinds.setdefault(_kind_of(path), []).append(name_of(Path(path.name)))
    told = [
        part
        for kind, names in sorted(kinds.items(), key=_place)
        for part in _told(kind, sorted(names), locale)
    ]
    return wording("terminal.skipped", locale, count=len(skipped), names=", ".join(told))


def _place(kind: tuple[str, list[str]]) -> tuple[bool, bool, str]:
    return kind[0] == _HIDDEN, kind[0] != _FOLDER, kind[0]


def _kind_of(path: Path) -> str:
    # what is hidden is seldom missed: it is told last
    if path.name.startswith("."):
        return _HIDDEN
    return _FOLDER if path.is_dir() else path.suffix.lower()


def _told(kind: str, names: Sequence[str], locale: Locale) -> Sequence[str]:
    if kind == _FOLDER:  # one that is closed or only linked to: a whole box may lie in it
        return [f"{name}/" for name in names]
    if len(names) <= _NAMED:
        return names
    if kind in _COUNTED:
        return [wording(_COUNTED[kind], locale, count=len(names))]
    return [f"*{kind} ({len(names)})"]
