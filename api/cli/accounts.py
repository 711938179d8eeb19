"""``hoso account``: who may sign in."""

from typing import Annotated

import typer

from api.bootstrap import office_actor, open_stores
from api.cli.progress import out
from domain.actor import Role
from domain.errors import ErrorCode, HosoError
from storage.settings import load_settings
from workflow.accounts import new_password, save_account

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def account() -> None:
    """Staff accounts of this installation's agency."""


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="What the person types to sign in.")],
    role: Annotated[list[Role], typer.Option(help="Repeat for several roles.")],
    name: Annotated[str, typer.Option(help="Name shown beside what the person does.")] = "",
) -> None:
    """Add an account, or give a known login new roles, and print its new password."""
    settings = load_settings()
    password = new_password()
    with open_stores(settings).database.transaction() as tx:
        save_account(
            office_actor(settings),
            login=login,
            name=name or login,
            roles=frozenset(role),
            password=password,
            tx=tx,
        )
    out.print(f"{login} {password}", markup=False, highlight=False)


@app.command()
def password(
    login: Annotated[str, typer.Argument(help="A known login.")],
    new: Annotated[
        str, typer.Option(prompt="New password", hide_input=True, confirmation_prompt=True)
    ],
) -> None:
    """Set a password; asks for it where it is not given."""
    settings = load_settings()
    with open_stores(settings).database.transaction() as tx:
        known = tx.accounts.by_login(login)
        if known is None:
            raise HosoError(ErrorCode.NOT_FOUND, login=login)
        save_account(
            office_actor(settings),
            login=login,
            name=known.name,
            roles=known.roles,
            password=new,
            tx=tx,
        )
    out.print(f"the password of {login} is changed")
