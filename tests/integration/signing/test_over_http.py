"""Signing as with a real CA: revocation data and time stamps fetched over HTTP from the PKI we serve."""

from dataclasses import replace

import pytest
from pyhanko.sign.timestamps import HTTPTimeStamper

from domain.errors import ErrorCode, HosoError
from signing.composition import EcopyContent
from signing.demo_pki.office import demo_issuer
from signing.issue import Issuer
from signing.trust import FetchingRevocationSource
from tests.integration.signing.conftest import ServedPki


def _desk(served: ServedPki, issuer: Issuer) -> Issuer:
    return replace(
        demo_issuer(served.authority, clock=issuer.clock),
        timestamper=HTTPTimeStamper(f"{served.base}/tsa"),
        revocation=FetchingRevocationSource(roots=(served.authority.certificate("root"),)),
    )


def test_copy_is_issued_with_everything_fetched(
    served: ServedPki, issuer: Issuer, content: EcopyContent
) -> None:
    assert _desk(served, issuer).issue(content).pdf
    assert {"ocsp", "tsa", "root.crl"} <= served.asked


def test_time_stamping_service_that_is_away_is_a_signing_failure(
    served: ServedPki, issuer: Issuer, content: EcopyContent
) -> None:
    away = HTTPTimeStamper("http://127.0.0.1:9/tsa")
    desk = replace(_desk(served, issuer), timestamper=away)
    with pytest.raises(HosoError) as caught:
        desk.issue(content)
    assert caught.value.code is ErrorCode.SIGNING_FAILED
