"""Keep: that a backup was made or restored is part of the history of the house."""

from domain.actor import Action, Actor, require
from domain.event import EventName
from domain.ports import Clock, Transaction
from workflow.transition import note


def note_backup(actor: Actor, *, tx: Transaction, clock: Clock, **facts: object) -> None:
    """A backup was made: from now on a copy of the keys and all personal data lies elsewhere too."""
    require(actor, Action.INSTALLATION_KEEP)
    note(tx, EventName.BACKUP_MADE, actor, at=clock.now(), document=None, **facts)


def note_restore(actor: Actor, *, tx: Transaction, clock: Clock, **facts: object) -> None:
    """The house was restored: what happened between backup and restore is not in the trail."""
    require(actor, Action.INSTALLATION_KEEP)
    note(tx, EventName.BACKUP_RESTORED, actor, at=clock.now(), document=None, **facts)


def note_put_back(actor: Actor, *, tx: Transaction, clock: Clock, **facts: object) -> None:
    """Objects that were missing or damaged were put back out of a backup; rows are as they were."""
    require(actor, Action.INSTALLATION_KEEP)
    note(tx, EventName.BACKUP_PUT_BACK, actor, at=clock.now(), document=None, **facts)
