"""Row permission: the part of a query that keeps an actor within the own agency subtree."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.sql.elements import KeyedColumnElement

from storage.tables import agency


def in_subtree(agency_id: "KeyedColumnElement[str]", within: str) -> "ColumnElement[bool]":
    """True for rows whose agency is ``within`` (a dotted path) or lies below it; none for ``""``."""
    below = agency.c.path.startswith(f"{within}.", autoescape=True)
    return agency_id.in_(select(agency.c.id).where(or_(agency.c.path == within, below)))
