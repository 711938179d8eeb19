"""Verification over REST, open to everybody: by file and by code."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Path, UploadFile

from api.guard import HouseHere, Verifications, require_one_file
from api.rest.schemas import Verification
from domain.errors import ErrorCode, HosoError
from workflow import verification

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
