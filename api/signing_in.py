"""One attempt to sign in, throttled: the same for the page and for REST."""

from api.house import House
from api.turnstile import Turnstile
from domain.errors import ErrorCode, HosoError
from workflow import login, throttle


def sign_in(
    house: House, turnstile: Turnstile, name: str, password: str, *, address: str
) -> login.SignedIn:
    """Raises ``login_failed``, ``login_throttled`` and ``busy``; a refusal is counted before it is told.

    A password is checked on purpose slowly, with much memory and a connection to the database. The turnstile
    lets one through at a time, so that a burst gets no more guesses than the limit: looking at the count,
    checking and counting are one act. (Of other processes each may have one more under way.)
    """
    attempt = throttle.Attempt(login=name, address=address)
    with house.database.transaction() as tx:
        # who is shut out already takes nobody's place
        throttle.admit(attempt, tx=tx, clock=house.clock)
    with turnstile.passage(throttle.network_of(address)):
        return _guess(house, attempt, password)


def _guess(house: House, attempt: throttle.Attempt, password: str) -> login.SignedIn:
    try:
        with house.database.transaction() as tx:
            throttle.admit(attempt, tx=tx, clock=house.clock)
            return login.sign_in(attempt.login, password, tx=tx, clock=house.clock)
    except HosoError as error:
        if error.code is ErrorCode.LOGIN_FAILED:
            # a transaction of its own: the failed one has been rolled back
            with house.database.transaction() as tx:
                throttle.note_refusal(attempt, root=house.root, tx=tx, clock=house.clock)
        raise
