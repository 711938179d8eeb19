"""The command line: ``hoso COMMAND``. Each command's module is loaded only when it is called."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from api.cli.messages import print_error, print_json_error, unforeseen
from api.explanations.foreign import harmless
from domain.errors import ErrorCode, HosoError
from storage.settings import load_settings

EXIT_REFUSED = 2
"""A command could not do its work; for ``verify``: could not be checked."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Where a command lives: a function, or a ``Typer`` group, named in a module."""

    module: str
    name: str
    help: str


COMMANDS = {
    "up": Entry(
        module="api.cli.lifecycle",
        name="up",
        help="Start the embedded servers, the workers and the web page.",
    ),
    "down": Entry(
        module="api.cli.lifecycle", name="down", help="Stop everything that `up` started."
    ),
    "status": Entry(
        module="api.cli.standing",
        name="status",
        help="Say what runs, where to look, how to log in.",
    ),
    "worker": Entry(
        module="api.cli.working", name="worker", help="Do queued work, on this or another host."
    ),
    "web": Entry(
        module="api.cli.serving", name="web", help="Serve the web pages and the REST API."
    ),
    "account": Entry(
        module="api.cli.accounts",
        name="app",
        help="Add, list and disable staff accounts, set passwords.",
    ),
    "population": Entry(
        module="api.cli.population", name="app", help="Import the population data, remove a row."
    ),
    "read": Entry(
        module="api.cli.reading", name="read", help="Read files into records; needs no server."
    ),
    "digitize": Entry(
        module="api.cli.digitizing",
        name="digitize",
        help="Register files for reading and matching.",
    ),
    "retry": Entry(
        module="api.cli.retrying", name="retry", help="Have what failed tried again, by its cause."
    ),
    "match": Entry(
        module="api.cli.matching", name="match", help="Match records against the population data."
    ),
    "certify": Entry(
        module="api.cli.certifying",
        name="certify",
        help="Sign certified copies of verified documents.",
    ),
    "fetch": Entry(module="api.cli.certifying", name="fetch", help="Save the certified e-copy."),
    "revoke": Entry(
        module="api.cli.certifying", name="revoke", help="Withdraw a certified copy, with a reason."
    ),
    "verify": Entry(
        module="api.cli.verifying", name="verify", help="Say whether a copy is genuine and current."
    ),
    "samples": Entry(
        module="api.cli.samples", name="app", help="Make a sample archive with known truth."
    ),
    "bench": Entry(module="api.cli.bench", name="app", help="Measure reading, matching, signing."),
    "backup": Entry(
        module="api.cli.safekeeping",
        name="backup",
        help="Back up everything that cannot be made again.",
    ),
    "restore": Entry(
        module="api.cli.safekeeping",
        name="restore_",
        help="Restore a backup into an empty installation.",
    ),
    "doctor": Entry(
        module="api.cli.doctor",
        name="doctor",
        help="Check this installation and say what is wrong.",
    ),
}


class LazyGroup(TyperGroup):
    """Lists commands by name and help; imports a command's module when it is called."""

    def make_context(self, *args: Any, **named: Any) -> Any:
        """Wrong arguments before the command."""
        with _wrong_arguments_told():
            return super().make_context(*args, **named)

    def invoke(self, ctx: Any) -> Any:
        """Wrong arguments after it."""
        with _wrong_arguments_told():
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real command in place of its listing."""
        name, command, rest = super().resolve_command(ctx, args)
        # before the import: libraries lay out their caches in HOSO_HOME as soon as they are loaded
        load_settings()
        return name, command if name is None else _load(name), rest


@contextmanager
def _wrong_arguments_told() -> Iterator[None]:
    """Programs that want JSON get it for wrong arguments too; people read what follows."""
    try:
        yield
    except TyperException as error:
        error.message = harmless(error.message)  # typer prints it, and it may name a file
        if _wants_json():
            print_json_error(HosoError(ErrorCode.REQUEST_INVALID, problem=error.format_message()))
        raise


def _load(name: str) -> Any:
    entry = COMMANDS[name]
    found = getattr(import_module(entry.module), entry.name)
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False)
        single.command(name=name)(found)
        found = single
    command = typer.main.get_command(found)
    command.name = name
    return command


def _group() -> LazyGroup:
    stubs = {name: TyperCommand(name=name, help=entry.help) for name, entry in COMMANDS.items()}
    return LazyGroup(
        name="hoso",
        commands=dict(stubs),
        no_args_is_help=True,
        help="Hoso: paper civil records in; verified, signed, certified electronic copies out.",
    )


def main() -> None:
    """Entry point of ``hoso``. Exit code 2 where a command was refused, with code, facts and remedy.

    So it is where something unforeseen happened: 1 is an answer (not genuine, not up, refused in part).
    """
    if isinstance(sys.stdout, TextIOWrapper):
        # a file name may hold bytes that are no UTF-8; naming it must not end the command
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        _group()(prog_name="hoso")
    except HosoError as error:
        _refuse(error)
    except Exception as error:  # noqa: BLE001 - see above
        _refuse(unforeseen(error))


def _refuse(error: HosoError) -> NoReturn:
    if _wants_json():
        print_json_error(error)
    print_error(error)
    sys.exit(EXIT_REFUSED)


def _wants_json() -> bool:
    return "--json" in sys.argv[1:]
