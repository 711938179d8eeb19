"""``hoso account``: who may sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from api.cli.progress import out
from api.clock import SystemClock
from api.office import enter_agencies, office_actor
from api.stores import open_stores
from domain.actor import Actor, Role
from domain.ports import Transaction
from storage.settings import load_settings
from workflow import accounts

app = typer.Typer(add_completion=False, no_args_is_help=True)
_CLOCK = SystemClock()
Login = Annotated[str, typer.Argument(help="A known login.")]


@app.callback()
def account() -> None:
    """Staff accounts of this installation's agency."""


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="What the person types to sign in.")],
    role: Annotated[list[Role], typer.Option(help="Repeat for several roles.")],
    name: Annotated[str, typer.Option(help="Name shown beside what the person does.")] = "",
    replace: Annotated[  # noqa: FBT002 - a flag
        bool, typer.Option("--replace", help="Give a known login these roles and a new password.")
    ] = False,
) -> None:
    """Add an account and print its password; a known login is refused."""
    password = accounts.new_password()
    with _office() as (actor, tx):
        enter_agencies(load_settings(), tx)  # the first account may come before the first `hoso up`
        accounts.save_account(
            actor,
            login=login,
            name=name,
            roles=frozenset(role),
            password=password,
            replacing=replace,
            tx=tx,
            clock=_CLOCK,
        )
    out.print(f"{login} {password}", markup=False, highlight=False)


@app.command()
def password(
    login: Login,
    new: Annotated[
        str, typer.Option(prompt="New password", hide_input=True, confirmation_prompt=True)
    ],
) -> None:
    """Set a password, and end the account's sessions; asks for the password where it is not given."""
    with _office() as (actor, tx):
        accounts.change_password(actor, login, new, tx=tx, clock=_CLOCK)
    out.print(f"the password of {login} is changed, its sessions have ended")


@app.command()
def disable(login: Login) -> None:
    """Shut an account out, and end its sessions at once; what it did stays in the trail."""
    with _office() as (actor, tx):
        accounts.disable_account(actor, login, tx=tx, clock=_CLOCK)
    out.print(f"{login} is disabled, its sessions have ended")


@app.command()
def enable(login: Login) -> None:
    """Let a disabled account sign in again, with its password of before."""
    with _office() as (actor, tx):
        accounts.enable_account(actor, login, tx=tx, clock=_CLOCK)
    out.print(f"{login} is enabled")


@app.command("list")
def list_() -> None:
    """Login, whether it may sign in, roles and name of every account."""
    with _office() as (actor, tx):
        found = accounts.accounts(actor, tx=tx)
    for one in found:
        standing = "active" if one.active else "disabled"
        roles = ",".join(sorted(one.roles))
        out.print(
            f"{one.login:20} {standing:8} {roles:20} {one.name}", highlight=False, soft_wrap=True
        )


@contextmanager
def _office() -> Iterator[tuple[Actor, Transaction]]:
    """The command line as actor, and a transaction on this installation's accounts."""
    settings = load_settings()
    with open_stores(settings).database.transaction() as tx:
        yield office_actor(settings), tx
