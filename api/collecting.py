"""One attempt of a citizen to collect a copy: the same for the page and for REST."""

from api.house import House
from domain.errors import ErrorCode, HosoError
from workflow import collecting


def collect(house: House, code: str, proof: str, *, address: str) -> collecting.Collected:
    """Raises as :func:`workflow.collecting.collect`, and ``proof_wrong`` once the refusal is counted."""
    request = collecting.Request(code=code, proof=proof, address=address)
    with house.database.transaction() as tx:
        collected = collecting.collect(
            house.visitor, request, tx=tx, objects=house.objects, clock=house.clock
        )
    if collected is None:
        raise HosoError(ErrorCode.PROOF_WRONG)
    return collected
