"""Bringing a file, the same over REST and from a page: it is stored before the answer."""

import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from api.house import House
from api.turnstile import Turnstile
from domain.actor import Action, Actor
from domain.document import Document, Lane
from domain.receipt import Receipt
from workflow import intake, receipts


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What came of it; ``receipt`` is all that is told an actor who may not see the document."""

    document: Document
    duplicate: bool
    receipt: Receipt | None


def bring(
    house: House,
    uploads: Turnstile,
    actor: Actor,
    file: BinaryIO,
    *,
    name: str | None,
    lane: Lane = Lane.COUNTER,
    batch: str | None = None,
    idempotency_key: str | None = None,
) -> Brought:
    """Register the file. Raises as ``workflow.intake.register``, and ``busy``."""
    with uploads.passage():
        # only now from the disk into memory: many large files at once would not fit
        upload = intake.Upload(
            name=shown_name(name),
            data=file.read(),
            lane=lane,
            batch=batch or None,  # a form sends what was left empty as ""
            idempotency_key=idempotency_key,
        )
        with house.database.transaction() as tx:
            registration = intake.register(
                actor,
                upload,
                tx=tx,
                objects=house.objects,
                clock=house.clock,
                limits=house.limits,
                retention=house.retention,
            )
            document = registration.document
            receipt = None
            if not actor.may(Action.DOCUMENT_VIEW):
                receipt = receipts.receipt(actor, document.id, tx=tx, clock=house.clock)
    return Brought(document=document, duplicate=registration.duplicate, receipt=receipt)


def shown_name(name: str | None) -> str:
    """A file's name fit to be shown and stored: no folders, no control characters, at most 200 letters."""
    last = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:200] or "unnamed"
