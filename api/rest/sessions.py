"""Signing in and out over REST."""

from fastapi import APIRouter, Request, Response

from api.guard import ApiCaller, HouseHere, SignIns, address_of, drop_session_cookie
from api.rest.schemas import Credentials, Person, SessionOpened
from api.signing_in import sign_in
from domain.actor import Actor
from workflow import login

router = APIRouter(prefix="/api/v1", tags=["sessions"])


def _person(actor: Actor) -> Person:
    return Person(
        id=actor.id,
        name=actor.name,
        roles=sorted(str(role) for role in actor.roles),
        agency_id=actor.agency_id,
    )


@router.post("/sessions", status_code=201)
def open_session(
    house: HouseHere, request: Request, sign_ins: SignIns, body: Credentials
) -> SessionOpened:
    """Sign in; the token is for ``Authorization: Bearer``."""
    signed_in = sign_in(house, sign_ins, body.login, body.password, address=address_of(request))
    return SessionOpened(
        token=signed_in.token,
        expires_at=signed_in.session.expires_at,
        person=_person(signed_in.actor),
    )


@router.delete("/sessions", status_code=204)
def close_session(house: HouseHere, caller: ApiCaller) -> Response:
    """Sign out: the token is worthless afterwards."""
    with house.database.transaction() as tx:
        login.sign_out(caller.token, tx=tx, clock=house.clock)
    response = Response(status_code=204)
    drop_session_cookie(response, house)
    return response


@router.get("/me")
def me(caller: ApiCaller) -> Person:
    """Who I am."""
    return _person(caller.actor)
