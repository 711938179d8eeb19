"""One attempt to sign in, throttled: the same for the page and for REST."""

from api.house import House
from domain.errors import ErrorCode, HosoError
from workflow import login, throttle


def sign_in(house: House, name: str, password: str, *, address: str) -> login.SignedIn:
    """Raises ``login_failed`` and ``login_throttled``; a refusal is counted before it is told."""
    attempt = throttle.Attempt(login=name, address=address)
    try:
        with house.database.transaction() as tx:
            throttle.admit(attempt, tx=tx, clock=house.clock)
            return login.sign_in(name, password, tx=tx, clock=house.clock)
    except HosoError as error:
        if error.code is ErrorCode.LOGIN_FAILED:
            # a transaction of its own: the failed one has been rolled back
            with house.database.transaction() as tx:
                throttle.note_refusal(attempt, root=house.root, tx=tx, clock=house.clock)
        raise
