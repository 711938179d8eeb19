"""Whom this installation works for, and who acts in its name."""

import os
import pwd
from dataclasses import replace

from domain.actor import SYSTEM, Actor
from domain.agency import Agency, AgencyLevel
from domain.ports import Transaction
from storage.settings import Settings


def agencies(settings: Settings) -> tuple[Agency, ...]:
    """The chain of ``HOSO_AGENCY``, from the state down."""
    units = [unit.strip().partition("=") for unit in settings.agency.split(";")]
    levels = [AgencyLevel.STATE, AgencyLevel.PROVINCE, AgencyLevel.COMMUNE]
    chain: list[Agency] = []
    for index, (code, _, name) in enumerate(units):
        above = chain[-1] if chain else None
        path = f"{above.path}.{code}" if above else code
        chain.append(
            Agency(
                id=path,
                name=name.strip(),
                level=levels[min(index, len(levels) - 1)],
                parent_id=above.id if above else None,
                path=path,
            )
        )
    return tuple(chain)


def enter_agencies(settings: Settings, tx: Transaction) -> None:
    """Enter the chain of ``HOSO_AGENCY``, for all that belongs to one of them needs it. Safe to repeat."""
    for agency in agencies(settings):
        tx.agencies.add(agency)


def office_actor(settings: Settings) -> Actor:
    """The command line on the server itself, acting for this installation's agency."""
    try:
        typed_by = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without a name
        typed_by = str(os.getuid())
    return replace(_system(agencies(settings)[-1]), os_user=typed_by)


def worker_actor(settings: Settings) -> Actor:
    """The workers: they serve every agency of the tree."""
    return _system(agencies(settings)[0])


def _system(agency: Agency) -> Actor:
    return Actor(
        id=SYSTEM,
        name="",
        roles=frozenset(),
        agency_id=agency.id,
        agency_path=agency.path,
        is_system=True,
    )
