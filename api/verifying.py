"""One verification of a copy, which anybody may ask for: the same for the page and for REST."""

from typing import BinaryIO

from api.house import House
from api.turnstile import Turnstile
from workflow import verification
from workflow.verification import VerifiedCopy


def verify_code(house: House, turnstile: Turnstile, code: str, *, network: str) -> VerifiedCopy:
    """The register's copy under ``code``. Raises ``certificate_not_found`` and ``busy``."""
    with house.database.transaction() as tx:
        # what is no code, or was judged a moment ago, takes nobody's place
        judged = verification.recall(
            house.visitor,
            code,
            tx=tx,
            trust=house.trust(),
            clock=house.clock,
            judgements=house.judgements,
        )
    if judged is not None:
        return judged
    with turnstile.passage(network), house.database.transaction() as tx:
        return verification.by_code(
            house.visitor,
            code,
            tx=tx,
            objects=house.objects,
            trust=house.trust(),
            clock=house.clock,
            judgements=house.judgements,
        )


def verify_file(
    house: House, turnstile: Turnstile, file: BinaryIO, *, network: str
) -> VerifiedCopy:
    """A copy as somebody holds it. Raises ``busy``."""
    with turnstile.passage(network), house.database.transaction() as tx:
        return verification.by_file(
            house.visitor,
            file.read(),  # only now from the disk into memory
            tx=tx,
            trust=house.trust(),
            clock=house.clock,
            judgements=house.judgements,
        )
