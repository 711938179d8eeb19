"""The demonstration authority's public endpoints; absent where a real authority is configured."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.guard import HouseHere
from api.house import Responder
from domain.errors import ErrorCode, HosoError

router = APIRouter(prefix="/pki", include_in_schema=False)


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]


@router.get("/{name}.crl")
def revocation_list(house: HouseHere, name: str) -> Response:
    """A fresh certificate revocation list (RFC 5280)."""
    lists = house.pki.revocation_lists if house.pki else {}
    if name not in lists:
        raise HosoError(ErrorCode.NOT_FOUND)
    return Response(lists[name](), media_type="application/pkix-crl")


@router.get("/{name}.crt")
def certificate(house: HouseHere, name: str) -> Response:
    """A certificate of the authority, DER (RFC 2585)."""
    certificates = house.pki.certificates if house.pki else {}
    if name not in certificates:
        raise HosoError(ErrorCode.NOT_FOUND)
    return Response(certificates[name], media_type="application/pkix-cert")


@router.post("/ocsp")
def ocsp(house: HouseHere, body: Body) -> Response:
    """Certificate status (RFC 6960)."""
    responder = house.pki.ocsp if house.pki else None
    return Response(_answer(responder, body), media_type="application/ocsp-response")


@router.post("/tsa")
def timestamp(house: HouseHere, body: Body) -> Response:
    """Time stamps (RFC 3161)."""
    responder = house.pki.timestamp if house.pki else None
    return Response(_answer(responder, body), media_type="application/timestamp-reply")


def _answer(responder: Responder | None, body: bytes) -> bytes:
    if responder is None:
        raise HosoError(ErrorCode.NOT_FOUND)
    try:
        return responder(body)
    except ValueError as error:
        raise HosoError(ErrorCode.REQUEST_INVALID) from error
