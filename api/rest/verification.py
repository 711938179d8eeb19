"""Verification over REST, open to everybody: by file and by code."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Path, Request, Response, UploadFile

from api import verifying
from api.collecting import collect
from api.guard import (
    FILE_FORM,
    HouseHere,
    Verifications,
    address_of,
    network_of,
    require_one_file,
    require_same_origin,
)
from api.rest.schemas import Proof, Verification
from api.scanned_code import SCANNED
from workflow.collecting import Collected

router = APIRouter(prefix="/api/v1", tags=["verification"])
Code = Annotated[
    str, Path(max_length=1000, description="The code; what a scanner read behind it may follow.")
]


@router.post("/verify", dependencies=[Depends(require_one_file)], form_limits=FILE_FORM)
def verify_file(
    request: Request,
    house: HouseHere,
    verifications: Verifications,
    file: Annotated[UploadFile, File(description="The electronic copy (PDF).")],
) -> Verification:
    """Whether the file is a genuine copy in force; every step with its outcome."""
    return Verification.of(
        verifying.verify_file(house, verifications, file.file, network=network_of(request))
    )


@router.get(f"/verify/{{code:{SCANNED}}}")
def verify_code(
    request: Request,
    house: HouseHere,
    verifications: Verifications,
    code: Code,
) -> Verification:
    """The register's copy under a code, verified. Raises ``certificate_not_found``."""
    return Verification.of(
        verifying.verify_code(house, verifications, code, network=network_of(request))
    )


@router.post(
    "/verify/{code}/copy",
    response_class=Response,
    dependencies=[Depends(require_same_origin)],
    responses={200: {"content": {"application/pdf": {}}, "description": "The certified e-copy."}},
)
def collect_copy(request: Request, house: HouseHere, code: Code, body: Proof) -> Response:
    """The copy, for a person named on the paper.

    Raises ``proof_wrong``, ``proof_no_number``, ``proof_no_day``, ``birthday_not_taken``,
    ``copy_at_counter`` and ``collect_throttled``.
    """
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
