"""What certifying costs: processor seconds per document, beside the stock signer of pyHanko."""

import io
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from PIL import Image, ImageDraw, ImageFont
from pyhanko.sign.signers import SimpleSigner

from domain.certificate import Regime
from domain.form import FormCode
from domain.geometry import Box
from signing.code import new_code
from signing.composition import EcopyContent, EcopyPage, SigningFacts, TextLine, compose
from signing.demo_pki.authority import DemoAuthority
from signing.font import serif_font
from signing.signatures import SignaturePolicy, sign
from signing.verification import verify, verify_own_output

_A4_INCHES = (8.27, 11.69)
_T = TypeVar("_T")
_LINES = 38
"""Lines of a filled civil extract."""


@dataclass(frozen=True, kw_only=True)
class SigningFigures:
    """Medians over the documents measured; processor seconds unless named otherwise."""

    documents: int
    pages: int
    compose: float
    sign: float
    verify: float
    verify_contained_elapsed: float
    """Elapsed seconds of a verification in its own process, as the public page does it."""
    peer_sign: float
    """Signing as pyHanko 0.38 comes: key parsed at each use, trust material loaded per document."""

    @property
    def total(self) -> float:
        """Processor seconds from approved pages to a verified copy."""
        return self.compose + self.sign + self.verify


def measure(*, documents: int = 10, pages: int = 1, dpi: int = 200) -> SigningFigures:
    """Certify generated pages under a throw-away demonstration PKI and clock each step."""
    with tempfile.TemporaryDirectory() as folder:
        authority = DemoAuthority(Path(folder) / "pki", base_url="http://localhost/pki")
        return _measured(authority, documents=documents, pages=pages, dpi=dpi)


def _measured(authority: DemoAuthority, *, documents: int, pages: int, dpi: int) -> SigningFigures:
    facts = SigningFacts(signed_at=datetime.now(UTC), signer="Bench", demo=True)
    policy = SignaturePolicy(reason="Bench", agency="Bench")
    content = _content(pages=pages, dpi=dpi)
    trust, timestamper = authority.trust(), authority.timestamper()
    officer, seal = authority.signatory("officer"), authority.signatory("seal")

    def signed(pdf: bytes) -> bytes:
        return sign(
            pdf,
            officer=officer,
            seal=seal,
            timestamper=timestamper,
            revocation=authority,
            policy=policy,
        )

    rows = []
    for turn in range(documents + 1):
        pdf, composing = _clocked(partial(compose, content, facts=facts))
        copy, signing = _clocked(partial(signed, pdf))
        _, verifying = _clocked(partial(verify_own_output, copy, trust=trust, now=_now()))
        _, peer = _clocked(partial(_signed_by_peer, pdf, authority.folder, policy))
        started = time.perf_counter()
        verify(copy, trust=trust, register=None, now=_now())
        elapsed = time.perf_counter() - started
        if turn:  # the first document warms caches and does not count
            rows.append((composing, signing, verifying, peer, elapsed))
    composing, signing, verifying, peer, elapsed = (
        median(column) for column in zip(*rows, strict=True)
    )
    return SigningFigures(
        documents=documents,
        pages=pages,
        compose=composing,
        sign=signing,
        verify=verifying,
        verify_contained_elapsed=elapsed,
        peer_sign=peer,
    )


def _signed_by_peer(pdf: bytes, folder: Path, policy: SignaturePolicy) -> bytes:
    # a new authority object per document: nothing prefetched, nothing cached
    fresh = DemoAuthority(folder, base_url="")
    return sign(
        pdf,
        officer=_StockSignatory(fresh, "officer"),
        seal=_StockSignatory(fresh, "seal"),
        timestamper=fresh.timestamper(),
        revocation=fresh,
        policy=policy,
    )


class _StockSignatory:
    def __init__(self, authority: DemoAuthority, name: str) -> None:
        signatory = authority.signatory(name)
        self.name = signatory.name
        stock = signatory.signer
        if not isinstance(stock, SimpleSigner):
            raise TypeError(type(stock))
        self.signer = SimpleSigner(
            signing_cert=stock.signing_cert,
            signing_key=stock.signing_key,
            cert_registry=stock.cert_registry,
        )


def _clocked(step: Callable[[], _T]) -> tuple[_T, float]:
    started = time.process_time()
    result = step()
    return result, time.process_time() - started


def _now() -> datetime:
    return datetime.now(UTC)


def _content(*, pages: int, dpi: int) -> EcopyContent:
    code = new_code()
    return EcopyContent(
        pages=(_page(dpi),) * pages,
        form=FormCode.BIRTH_EXTRACT,
        agency_name="Ủy ban nhân dân phường Việt Yên",
        regime=Regime.CERTIFIED_COPY,
        number=1,
        year=_now().year,
        code=code,
        verification_url=f"https://hoso.example/v/{code}",
        document_id="bench",
    )


def _page(dpi: int) -> EcopyPage:
    width, height = (round(side * dpi) for side in _A4_INCHES)
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(serif_font()), dpi * 13 // 72)
    lines = []
    for index in range(_LINES):
        x, y = dpi, dpi * 5 // 4 + index * dpi // 4
        text = f"{index + 1}. Họ, chữ đệm, tên: NGUYỄN THỊ HƯƠNG GIANG"
        draw.text((x, y), text, font=font, fill="black")
        left, top, right, bottom = draw.textbbox((x, y), text, font=font)
        box = Box.upright(left=left, top=top, right=right, bottom=bottom)
        lines.append(TextLine(text=text, box=box))
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=85)
    return EcopyPage(jpeg=jpeg.getvalue(), width=width, height=height, dpi=dpi, lines=tuple(lines))
