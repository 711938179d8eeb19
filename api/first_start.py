"""First start: the agencies, and one account per role with a password nobody thought up."""

import json

from api.logins import LOGINS
from api.office import enter_agencies, office_actor
from api.stores import open_stores
from domain.actor import Role
from storage.embedded.home import Home, write_private
from storage.settings import Settings
from workflow.accounts import new_password, save_account

_NAMES = {
    Role.OPERATOR: "Nhân viên số hóa",
    Role.OFFICER: "Cán bộ tư pháp – hộ tịch",
    Role.CERTIFIER: "Người ký chứng thực",
    Role.AUDITOR: "Cán bộ thanh tra",
    Role.ADMIN: "Quản trị hệ thống",
}


def prepare_office(settings: Settings) -> None:
    """Enter the agencies; where nobody can sign in yet, make the first accounts. Safe to repeat.

    The passwords are written to ``HOSO_HOME/secrets/logins.json`` (0600) for the administrator to hand
    out and change.
    """
    stores, actor = open_stores(settings), office_actor(settings)
    with stores.database.transaction() as tx:
        enter_agencies(settings, tx)
        if tx.accounts.by_login(str(Role.ADMIN)) is not None:
            return
        passwords = {str(role): new_password() for role in _NAMES}
        for role, name in _NAMES.items():
            save_account(
                actor,
                login=str(role),
                name=name,
                roles=frozenset({role}),
                password=passwords[str(role)],
                tx=tx,
                clock=stores.clock,
            )
        # before the commit: an account whose password is nowhere would lock everybody out
        text = json.dumps(passwords, indent=2)
        write_private(Home(path=settings.home).secrets / LOGINS, text.encode())
