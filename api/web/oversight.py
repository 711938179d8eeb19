"""Pages for those who look after the service: the audit trail, the population status."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.guard import HouseHere, LocaleHere, PageCaller
from api.web.pages import render
from domain.event import EventName
from workflow import viewing

router = APIRouter(include_in_schema=False)

_TRAIL_LENGTH = 200


@router.get("/audit")
def audit(
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: PageCaller,
    event: Annotated[EventName | Literal[""] | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> HTMLResponse:
    """The trail, newest lines first, for auditors."""
    name = event or None
    with house.database.transaction() as tx:
        events = viewing.audit_trail(
            caller.actor,
            tx=tx,
            name=name,
            before=before,
            limit=_TRAIL_LENGTH + 1,
            clock=house.clock,
        )
        names = viewing.names_of(caller.actor, events, tx=tx)
    shown = events[:_TRAIL_LENGTH]
    return render(
        request,
        "audit.html",
        locale,
        caller=caller,
        events=shown,
        names=names,
        kinds=list(EventName),
        kind=name,
        before=before,
        older=shown[-1].id if len(events) > _TRAIL_LENGTH else None,
    )


@router.get("/population")
def population(
    request: Request, house: HouseHere, locale: LocaleHere, caller: PageCaller
) -> HTMLResponse:
    """Whether the population data is there, and how old it is."""
    with house.database.transaction() as tx:
        status = viewing.population_status(caller.actor, tx=tx)
    return render(request, "population.html", locale, caller=caller, status=status)
