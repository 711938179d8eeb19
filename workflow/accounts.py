"""Accounts: staff are given a login, roles and a password."""

import secrets
import uuid

from domain.account import Account
from domain.actor import Action, Actor, Role, require
from domain.errors import ErrorCode, HosoError
from domain.ports import Transaction
from workflow.login import hash_password

SHORTEST_PASSWORD = 12
"""NIST SP 800-63B-4 § 3.1.1.2 asks for 15 where nothing else protects; throttling does here."""
_NAMESPACE = uuid.UUID("f1b0f5de-7e0c-54b4-8b64-3d9a8c1f7a10")


def new_password() -> str:
    """A password nobody thought up: 96 random bits."""
    return secrets.token_urlsafe(12)


def save_account(
    actor: Actor,
    *,
    login: str,
    name: str,
    roles: frozenset[Role],
    password: str,
    tx: Transaction,
) -> Account:
    """Add the account, or give a known login a new name, roles and password.

    Raises ``password_too_short`` and ``role_required``.
    """
    require(actor, Action.ACCOUNT_MANAGE)
    if len(password) < SHORTEST_PASSWORD:
        raise HosoError(ErrorCode.PASSWORD_TOO_SHORT, shortest=SHORTEST_PASSWORD)
    if not roles or Role.VISITOR in roles:
        raise HosoError(ErrorCode.ROLE_REQUIRED)
    account = Account(
        id=str(uuid.uuid5(_NAMESPACE, login)),
        login=login,
        name=name,
        agency_id=actor.agency_id,
        agency_path=actor.agency_path,
        roles=roles,
        password_hash=hash_password(password),
    )
    tx.accounts.save(account)
    return account
