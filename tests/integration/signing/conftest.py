"""One demonstration office and one issued copy for all signing tests."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image, ImageDraw, ImageFont

from domain.certificate import Regime
from domain.form import FormCode
from domain.geometry import Box
from domain.verification import VerificationReport
from signing.code import new_code
from signing.composition import EcopyContent, EcopyPage, TextLine
from signing.demo_pki.authority import DemoAuthority
from signing.demo_pki.office import demo_issuer
from signing.ecopy import IssuedCopy
from signing.font import serif_font
from signing.issue import Issuer
from signing.verification import verify_own_output

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("../shared/data is not on this machine: real attack files cannot be tried")
    return SHARED


def make_page(
    *, top: int = 400, width: int = 1240, height: int = 1754, dpi: int = 150
) -> EcopyPage:
    picture = Image.new("RGB", (width, height), (250, 248, 240))
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(serif_font()), round(dpi * 13 / 72))
    lines = []
    for index, text in enumerate(
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Họ, chữ đệm, tên: NGUYỄN VĂN AN")
    ):
        x, y = width // 12, top + index * dpi // 3
        draw.text((x, y), text, font=font, fill=(20, 20, 20))
        left, upper, right, lower = draw.textbbox((x, y), text, font=font)
        lines.append(
            TextLine(text=text, box=Box.upright(left=left, top=upper, right=right, bottom=lower))
        )
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=85)
    return EcopyPage(jpeg=jpeg.getvalue(), width=width, height=height, dpi=dpi, lines=tuple(lines))


def make_content(
    *, regime: Regime = Regime.CERTIFIED_COPY, pages: int = 1, top: int = 400
) -> EcopyContent:
    code = new_code()
    return EcopyContent(
        pages=tuple(make_page(top=top) for _ in range(pages)),
        form=FormCode.BIRTH_EXTRACT,
        agency_name="Ủy ban nhân dân phường Việt Yên, tỉnh Bắc Ninh",
        regime=regime,
        number=12,
        year=2026,
        code=code,
        verification_url=f"https://hoso.example/v/{code}",
        document_id="0192-demo",
        person_identifier="027098001234",
    )


@pytest.fixture(scope="session")
def contents() -> Callable[..., EcopyContent]:
    return make_content


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> DemoAuthority:
    return DemoAuthority(
        tmp_path_factory.mktemp("home") / "pki", base_url="http://127.0.0.1:8000/pki"
    )


@pytest.fixture(scope="session")
def issuer(authority: DemoAuthority) -> Issuer:
    return demo_issuer(authority, clock=SystemClock())


class ServedPki:
    """The demonstration PKI behind HTTP, as a real authority stands, and what it was asked for."""

    authority: DemoAuthority
    asked: set[str]
    base: str


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPki]:
    served = ServedPki()
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


@pytest.fixture(scope="session")
def content() -> EcopyContent:
    return make_content(pages=2)


@pytest.fixture(scope="session")
def issued(issuer: Issuer, content: EcopyContent) -> IssuedCopy:
    return issuer.issue(content)


@pytest.fixture(scope="session")
def judge(authority: DemoAuthority) -> Callable[[bytes], VerificationReport]:
    """The strict verdict, in this process: hundreds of altered files are tried."""
    trust = authority.trust()

    def _judge(pdf: bytes) -> VerificationReport:
        return verify_own_output(pdf, trust=trust, now=datetime.now(UTC))

    return _judge
