"""The certification block (top right of page 1) and the QR (top left), and room for both.

Where the scan's upper margin is blank they stand in it; where anything is printed, written or
stamped there, the page grows upward by a band and the scan stays whole, at 100 % scale.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from fpdf import FPDF
from PIL import Image

from signing.ecopy import EcopyContent, EcopyPage
from signing.text_layer import FONT

FONT_SIZE = 10.0
"""Points; NĐ 30/2020 Phụ lục I asks for Times New Roman 10 in black."""
_LEADING = 12.0
_EDGE = 14.0
"""Points between the paper's edge and block or QR (5 mm, what office printers can print)."""
_GAP = 12.0
QR_SIDE = 62.0
"""Points, 22 mm: read by phones from a printed A4 page."""
_POINTS_PER_INCH = 72
_INK_BELOW = 150
"""Grey value that counts as ink; grey paper and shadows are lighter."""
_INK_SHARE = 0.002
"""Share of dark pixels that makes a margin used: specks stay below, one short word does not."""
_MASK_KEEP = (3, 3)


@dataclass(frozen=True, kw_only=True)
class BlockLayout:
    """Where things stand on page 1, in points from its upper left corner."""

    page_width: float
    page_height: float
    scan_top: float
    """Height of the band above the scan; 0 where the margin itself has room."""
    lines: tuple[str, ...]
    block_width: float


def qr_payload(content: EcopyContent, paper: str) -> str:
    """The public URL, then the items of TT 01/2023/TT-VPCP that are known, one a line.

    ``paper`` is the printed name of the kind of paper.
    The personal number is masked: who holds the paper knows it, who photographs the QR does not.
    """
    items = (
        ("Mã hồ sơ", content.dossier_code or content.document_id),
        ("Mã TTHC", content.procedure_code),
        ("Số định danh", masked(content.person_identifier)),
        ("Giấy tờ", paper),
    )
    known = [f"{label}: {value}" for label, value in items if value]
    return "\n".join([content.verification_url, *known])


def masked(identifier: str | None) -> str | None:
    """First and last three signs of a personal number, the rest as stars; ``None`` stays ``None``."""
    if identifier is None:
        return None
    head, tail = _MASK_KEEP
    if len(identifier) <= head + tail:
        return "*" * len(identifier)
    return identifier[:head] + "*" * (len(identifier) - head - tail) + identifier[-tail:]


def lay_out(pdf: FPDF, page: EcopyPage, lines: Sequence[str]) -> BlockLayout:
    """Decide where block and QR of page 1 go; ``pdf`` only measures text."""
    scale = _POINTS_PER_INCH / page.dpi
    scan_width, scan_height = page.width * scale, page.height * scale
    pdf.set_font(FONT, "", FONT_SIZE)
    # a small card is too narrow for QR and block side by side: widen the page, never shrink the scan
    room = max(scan_width, 3.5 * QR_SIDE) - 2 * _EDGE - QR_SIDE - _GAP
    wrapped = tuple(part for line in lines for part in _wrapped(pdf, line, room))
    block_width = max(pdf.get_string_width(line) for line in wrapped)
    page_width = max(scan_width, 2 * _EDGE + QR_SIDE + _GAP + block_width)
    needed = _EDGE + max(QR_SIDE, len(wrapped) * _LEADING) + _GAP
    blank = page_width == scan_width and _margin_is_blank(
        page, qr_width=_EDGE + QR_SIDE, block_width=_EDGE + block_width, height=needed - _GAP
    )
    band = 0.0 if blank else needed
    return BlockLayout(
        page_width=page_width,
        page_height=scan_height + band,
        scan_top=band,
        lines=wrapped,
        block_width=block_width,
    )


def draw_block(pdf: FPDF, layout: BlockLayout, payload: str) -> None:
    """Draw the block, flush right, and the QR on the current page."""
    pdf.set_font(FONT, "", FONT_SIZE)
    pdf.set_text_color(0)
    baseline = _EDGE + FONT_SIZE
    left = layout.page_width - _EDGE - layout.block_width
    for line in layout.lines:
        pdf.text(left, baseline, line)
        baseline += _LEADING
    picture = io.BytesIO()
    segno.make(payload, error="m", micro=False, encoding="utf-8").save(
        picture, kind="png", scale=4, border=2
    )
    picture.seek(0)
    pdf.image(picture, _EDGE, _EDGE, QR_SIDE, QR_SIDE)


def _wrapped(pdf: FPDF, line: str, room: float) -> list[str]:
    rows: list[str] = []
    for word in line.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and pdf.get_string_width(longer) <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _margin_is_blank(
    page: EcopyPage, *, qr_width: float, block_width: float, height: float
) -> bool:
    """Whether both upper corners hold no ink; sizes in points."""
    with Image.open(io.BytesIO(page.jpeg)) as picture:
        # a quarter of the resolution shows ink as well and decodes fast
        picture.draft("L", (picture.width // 4, picture.height // 4))
        grey = picture.convert("L")
    unit = grey.width / page.width * page.dpi / _POINTS_PER_INCH
    bottom = round(height * unit)
    corners = (
        (0, 0, round(qr_width * unit), bottom),
        (grey.width - round(block_width * unit), 0, grey.width, bottom),
    )
    return all(_ink_share(grey.crop(corner)) < _INK_SHARE for corner in corners)


def _ink_share(corner: Image.Image) -> float:
    histogram = corner.histogram()
    return sum(histogram[:_INK_BELOW]) / max(1, sum(histogram))
