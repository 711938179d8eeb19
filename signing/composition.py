"""From approved pages to PDF/A-2u: scan, invisible text, certification block, QR, metadata."""

import io
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC

import pikepdf
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.errors import FPDFException
from pikepdf import pdfa

from domain.dates import VIETNAM, day_in_vietnam
from domain.errors import ErrorCode, HosoError
from signing.block import draw_block, lay_out, qr_payload
from signing.ecopy import EcopyContent, EcopyPage, SigningFacts, TextLine
from signing.font import letters_of, serif_font
from signing.text_layer import FONT, draw_text_layer, drawable
from signing.wording import Wording, filled, title_of, wording_for

__all__ = ["EcopyContent", "EcopyPage", "SigningFacts", "TextLine", "compose"]

FLAVOUR = "2b"
"""What the validator knows; level U is B plus Unicode for every glyph, checked here ourselves."""
_A4 = (595.28, 841.89)
_MARGIN = 71.0
_LEVEL_B = b"<pdfaid:conformance>B</pdfaid:conformance>"
_LEVEL_U = b"<pdfaid:conformance>U</pdfaid:conformance>"


def compose(content: EcopyContent, *, facts: SigningFacts) -> bytes:
    """The unsigned copy as PDF/A-2u, validated as PDF/A-2b plus a ToUnicode map for every font.

    The same content and facts give the same bytes. Raises ``config_invalid`` (no wording in force),
    ``tool_missing`` (font), ``signing_failed`` (a picture that cannot be embedded, or a result that
    would not be PDF/A).
    """
    if not content.pages or any(
        min(page.width, page.height, page.dpi) <= 0 for page in content.pages
    ):
        raise HosoError(ErrorCode.SIGNING_FAILED, step="compose", problem="pages_without_size")
    wording = wording_for(content.regime, day_in_vietnam(facts.signed_at))
    try:
        drawn = _drawn(content, wording, facts)
        return _as_pdfa_2u(drawn)
    except (FPDFException, pdfa.PdfaError, pikepdf.PdfError, OSError) as error:
        raise HosoError(
            ErrorCode.SIGNING_FAILED, step="compose", problem=f"{type(error).__name__}: {error}"
        ) from error


def _words(content: EcopyContent, wording: Wording, facts: SigningFacts) -> Mapping[str, str]:
    local = facts.signed_at.astimezone(VIETNAM)
    return {
        "agency": content.agency_name,
        "number": f"{content.number}/{content.year}",
        "signed_at": local.strftime("%d-%m-%Y %H:%M:%S ") + "+07:00",
        "signer": facts.signer,
        "title": title_of(content, wording),
        "code": content.code,
        "verification_url": content.verification_url,
        "page_count": str(len(content.pages)),
    }


def _drawn(content: EcopyContent, wording: Wording, facts: SigningFacts) -> bytes:
    words = _words(content, wording, facts)
    letters = letters_of(serif_font())
    demo = (wording.demo,) if facts.demo else ()
    block = [_printed(line, letters) for line in (*filled(wording.block, words), *demo)]
    pdf = FPDF(unit="pt")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.add_font(FONT, "", serif_font())
    pdf.set_lang("vi-VN")
    pdf.set_title(filled((wording.document_title,), words)[0])
    pdf.set_author(content.agency_name)
    pdf.set_subject(words["title"])
    pdf.set_keywords(content.code)
    pdf.set_creator("Hoso")
    pdf.set_creation_date(facts.signed_at.astimezone(UTC))
    for index, page in enumerate(content.pages):
        scale = 72 / page.dpi
        width, height, top = page.width * scale, page.height * scale, 0.0
        size = (width, height)
        layout = lay_out(pdf, page, block) if index == 0 else None
        if layout is not None:
            size, top = (layout.page_width, layout.page_height), layout.scan_top
        pdf.add_page(format=size)
        pdf.image(io.BytesIO(page.jpeg), 0, top, width, height)
        draw_text_layer(pdf, page.lines, letters=letters, scale=scale, top=top)
        if layout is not None:
            draw_block(pdf, layout, qr_payload(content, words["title"]))
    statement = (*filled(wording.statement, words), *demo) if wording.statement else ()
    _draw_statement(pdf, statement, letters)
    return bytes(pdf.output())


def _printed(line: str, letters: AbstractSet[int]) -> str:
    """A line that people will see: a name must not lose a letter silently."""
    shown = drawable(line, letters)
    if len(shown) != len(unicodedata.normalize("NFC", line)):
        raise HosoError(ErrorCode.SIGNING_FAILED, step="compose", problem="letter_not_in_font")
    return shown


def _draw_statement(pdf: FPDF, paragraphs: tuple[str, ...], letters: AbstractSet[int]) -> None:
    """The certification page (lời chứng) at the end, where the regime has one."""
    if not paragraphs:
        return
    pdf.add_page(format=_A4)
    pdf.set_y(_MARGIN)
    for index, paragraph in enumerate(paragraphs):
        pdf.set_font(FONT, "", 13)
        pdf.set_x(_MARGIN)
        pdf.multi_cell(
            _A4[0] - 2 * _MARGIN,
            20,
            _printed(paragraph, letters),
            align=Align.C if index == 0 else Align.L,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )


def _as_pdfa_2u(drawn: bytes) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        if "/OpenAction" in pdf.Root:
            del pdf.Root["/OpenAction"]
        fonts = [item for item in pdf.objects if _is_top_font(item)]
        if any("/ToUnicode" not in font for font in fonts):
            raise HosoError(ErrorCode.SIGNING_FAILED, step="compose", problem="font_not_unicode")
        # writes nothing unless the bytes written validate
        # PDF 1.7 in the header itself: signing then needs no /Version in the catalog
        pdfa.save(pdf, written, FLAVOUR, deterministic_id=True, min_version="1.7")
    data = written.getvalue()
    # the packet is stored uncompressed, as PDF/A readers expect, so one letter raises B to U in
    # place and saves writing the file a second time
    if data.count(_LEVEL_B) != 1:
        raise HosoError(ErrorCode.SIGNING_FAILED, step="compose", problem="conformance_not_found")
    return data.replace(_LEVEL_B, _LEVEL_U)


def _is_top_font(item: pikepdf.Object) -> bool:
    return (
        isinstance(item, pikepdf.Dictionary)
        and item.get("/Type") == "/Font"
        and item.get("/Subtype") in ("/Type0", "/Type1", "/TrueType", "/Type3")
    )
