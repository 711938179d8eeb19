"""Verification over REST, open to everybody: by file and by code."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Path, Request, Response, UploadFile

from api.collecting import collect
from api.guard import HouseHere, Verifications, address_of, require_one_file, require_same_origin
from api.rest.schemas import Proof, Verification
from domain.errors import ErrorCode, HosoError
from workflow import verification
from workflow.collecting import Collected

router = APIRouter(prefix="/api/v1", tags=["verification"])


@router.post("/verify", dependencies=[Depends(require_one_file)])
def verify_file(
    house: HouseHere,
    verifications: Verifications,
    file: Annotated[UploadFile, File(description="The electronic copy (PDF).")],
) -> Verification:
    """Whether the file is a genuine copy in force; every step with its outcome."""
    with verifications.passage(), house.database.transaction() as tx:
        copy = verification.by_file(
            house.visitor, file.file.read(), tx=tx, trust=house.trust(), clock=house.clock
        )
    return Verification.of(copy)


@router.get("/verify/{code}")
def verify_code(
    house: HouseHere, verifications: Verifications, code: Annotated[str, Path(max_length=64)]
) -> Verification:
    """The register's copy under a code, verified anew. Raises ``certificate_not_found``."""
    with verifications.passage(), house.database.transaction() as tx:
        copy = verification.by_code(
            house.visitor,
            code,
            tx=tx,
            objects=house.objects,
            trust=house.trust(),
            clock=house.clock,
        )
    if copy is None:
        raise HosoError(ErrorCode.CERTIFICATE_NOT_FOUND)
    return Verification.of(copy)


@router.post(
    "/verify/{code}/copy",
    response_class=Response,
    dependencies=[Depends(require_same_origin)],
    responses={200: {"content": {"application/pdf": {}}, "description": "The certified e-copy."}},
)
def collect_copy(
    request: Request, house: HouseHere, code: Annotated[str, Path(max_length=64)], body: Proof
) -> Response:
    """The copy, for a person named on the paper. Raises ``proof_wrong`` and ``collect_throttled``."""
    return copy_as_download(collect(house, code, body.proof, address=address_of(request)))


def copy_as_download(collected: Collected) -> Response:
    """The PDF under a name that says nothing of the person: register number and year."""
    entry = collected.certificate
    name = f"ban-sao-{entry.number}-{entry.year}.pdf"
    return Response(
        collected.pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
