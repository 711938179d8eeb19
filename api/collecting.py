"""One attempt of a citizen to collect a copy, counted where refused: the same for the page and for REST."""

from api.house import House
from domain.errors import ErrorCode, HosoError
from workflow import collecting


def collect(house: House, code: str, proof: str, *, address: str) -> collecting.Collected:
    """Raises as :func:`workflow.collecting.collect`; a refusal is counted before it is told."""
    request = collecting.Request(code=code, proof=proof, address=address)
    try:
        with house.database.transaction() as tx:
            return collecting.collect(
                house.visitor, request, tx=tx, objects=house.objects, clock=house.clock
            )
    except HosoError as error:
        if error.code is ErrorCode.PROOF_WRONG:
            # a transaction of its own: the failed one has been rolled back
            with house.database.transaction() as tx:
                collecting.note_refusal(request, tx=tx, clock=house.clock)
        raise
