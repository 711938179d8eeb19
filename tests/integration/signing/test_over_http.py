"""Signing as with a real CA: revocation data and time stamps fetched over HTTP from the PKI we serve."""

from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from pyhanko.sign.timestamps import HTTPTimeStamper

from domain.errors import ErrorCode, HosoError
from signing.composition import EcopyContent
from signing.demo_pki.authority import DemoAuthority
from signing.demo_pki.office import demo_issuer
from signing.issue import Issuer
from signing.trust import FetchingRevocationSource


class _Served:
    authority: DemoAuthority
    asked: set[str]
    base: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Served]:
    served = _Served()
    served.asked = set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            served.asked.add(name)
            stem, _, kind = name.rpartition(".")
            answer = served.authority.crl if kind == "crl" else served.authority.certificate
            self._send(answer(stem), "application/octet-stream")

        def do_POST(self) -> None:
            name = self.path.rpartition("/")[2]
            served.asked.add(name)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if name == "ocsp":
                self._send(served.authority.ocsp(body), "application/ocsp-response")
            else:
                self._send(served.authority.timestamp(body), "application/timestamp-reply")

        def _send(self, data: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    base = f"http://127.0.0.1:{server.server_port}/pki"
    served.authority = DemoAuthority(tmp_path_factory.mktemp("http") / "pki", base_url=base)
    served.base = base
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


def _desk(served: _Served, issuer: Issuer) -> Issuer:
    return replace(
        demo_issuer(served.authority, clock=issuer.clock),
        timestamper=HTTPTimeStamper(f"{served.base}/tsa"),
        revocation=FetchingRevocationSource(roots=(served.authority.certificate("root"),)),
    )


def test_copy_is_issued_with_everything_fetched(
    served: _Served, issuer: Issuer, content: EcopyContent
) -> None:
    assert _desk(served, issuer).issue(content).pdf
    assert {"ocsp", "tsa", "root.crl"} <= served.asked


def test_time_stamping_service_that_is_away_is_a_signing_failure(
    served: _Served, issuer: Issuer, content: EcopyContent
) -> None:
    away = HTTPTimeStamper("http://127.0.0.1:9/tsa")
    desk = replace(_desk(served, issuer), timestamper=away)
    with pytest.raises(HosoError) as caught:
        desk.issue(content)
    assert caught.value.code is ErrorCode.SIGNING_FAILED
