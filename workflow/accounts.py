"""Accounts: staff are given a login, roles and a password, and are shut out again."""

import secrets
import uuid
from dataclasses import replace

from domain.account import Account
from domain.actor import Action, Actor, Role, require
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Clock, Transaction
from workflow.login import hash_password
from workflow.transition import note

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
    replacing: bool = False,
    tx: Transaction,
    clock: Clock,
) -> Account:
    """Add the account; ``replacing``, give a known login a new name, roles and password.

    A known one stays in its agency, a disabled one stays so, and whoever is signed in with it must sign in
    again. Raises ``account_exists``, ``account_not_found`` where the login to replace is that of an account
    out of the actor's reach, ``password_too_short`` and ``role_required``.
    """
    require(actor, Action.ACCOUNT_MANAGE)
    password_hash = _hash(password)
    if not roles or Role.VISITOR in roles:
        raise HosoError(ErrorCode.ROLE_REQUIRED)
    known = tx.accounts.by_login(login)
    if known is not None and not replacing:
        raise HosoError(ErrorCode.ACCOUNT_EXISTS, login=login)
    known = known and _hold(actor, login, tx)
    account = Account(
        id=known.id if known else str(uuid.uuid5(_NAMESPACE, login)),
        login=login,
        name=name or (known.name if known else login),
        agency_id=known.agency_id if known else actor.agency_id,
        agency_path=known.agency_path if known else actor.agency_path,
        roles=roles,
        password_hash=password_hash,
        active=known.active if known else True,
    )
    event = EventName.ACCOUNT_CHANGED if known else EventName.ACCOUNT_ADDED
    _save(account, event, actor, tx=tx, clock=clock)
    return account


def change_password(
    actor: Actor, login: str, password: str, *, tx: Transaction, clock: Clock
) -> None:
    """A new password; whoever signed in with the old one must sign in again.

    Raises ``password_too_short`` and ``account_not_found``.
    """
    require(actor, Action.ACCOUNT_MANAGE)
    password_hash = _hash(password)
    changed = replace(_hold(actor, login, tx), password_hash=password_hash)
    _save(changed, EventName.ACCOUNT_CHANGED, actor, tx=tx, clock=clock)


def disable_account(actor: Actor, login: str, *, tx: Transaction, clock: Clock) -> None:
    """Nobody signs in with the account any more, and whoever is signed in is out at once.

    Safe to repeat. Raises ``account_not_found``.
    """
    require(actor, Action.ACCOUNT_MANAGE)
    account = _hold(actor, login, tx)
    if account.active:
        disabled = replace(account, active=False)
        _save(disabled, EventName.ACCOUNT_DISABLED, actor, tx=tx, clock=clock)


def enable_account(actor: Actor, login: str, *, tx: Transaction, clock: Clock) -> None:
    """The account signs in again, with its password of before. Raises ``account_not_found``."""
    require(actor, Action.ACCOUNT_MANAGE)
    account = _hold(actor, login, tx)
    if not account.active:
        enabled = replace(account, active=True)
        _save(enabled, EventName.ACCOUNT_ENABLED, actor, tx=tx, clock=clock)


def accounts(actor: Actor, *, tx: Transaction) -> tuple[Account, ...]:
    """Every account of the actor's agency and those below it, by login."""
    require(actor, Action.ACCOUNT_MANAGE)
    return tx.accounts.staff(within=actor.agency_path)


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise HosoError(ErrorCode.PASSWORD_TOO_SHORT, shortest=SHORTEST_PASSWORD)
    return hash_password(password)


def _hold(actor: Actor, login: str, tx: Transaction) -> Account:
    """The account within the actor's reach; two who change it at once do so one after the other."""
    for account in tx.accounts.staff(within=actor.agency_path):
        if account.login == login:
            return tx.accounts.hold(account.id) or account
    raise HosoError(ErrorCode.ACCOUNT_NOT_FOUND, login=login)


def _save(
    account: Account, event: EventName, actor: Actor, *, tx: Transaction, clock: Clock
) -> None:
    """Save, end every session, and say so in the trail: no change leaves anybody signed in."""
    tx.accounts.save(account)
    tx.accounts.drop_sessions(account.id)
    note(
        tx,
        event,
        actor,
        at=clock.now(),
        account=account.id,
        login=account.login,
        roles=sorted(str(role) for role in account.roles),
    )
