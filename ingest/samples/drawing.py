"""Draws a sheet as an A4 page, black on white, before anything happens to it."""

import random
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw, ImageFont

from ingest.samples.sheet import Entry, Row, Sheet
from ingest.samples.typefaces import Typeface, installed_sans, installed_serifs

A4_MM = (210.0, 297.0)
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one office's papers look."""

    label_face: Typeface
    value_face: Typeface
    value_style: str
    points: float
    line_spacing: float
    leader: str
    """``none``, ``dots`` or ``rule``."""
    columns: bool
    """Values stand in a column of their own."""
    margins_mm: tuple[float, float]
    ink: int
    value_ink: tuple[int, int, int]
    justify_top_mm: float


def draw_look(rng: random.Random) -> Look:
    """A look; Times-like at 13 pt is the most common by far (NĐ 30/2020)."""
    serifs = installed_serifs()
    face = rng.choices([one for one, _ in serifs], weights=[weight for _, weight in serifs])[0]
    if rng.random() < 0.07:
        face = rng.choice(installed_sans())
    value_face = face if rng.random() < 0.85 else rng.choice(serifs)[0]
    wide = face.family in {"DejaVu Serif", "Noto Serif", "DejaVu Sans", "Noto Sans"}
    points = rng.choice((12.0, 12.5, 13.0, 13.0, 13.0, 13.5, 14.0)) - (1.5 if wide else 0.0)
    blue = rng.random() < 0.08
    return Look(
        label_face=face,
        value_face=value_face,
        value_style=rng.choices(("regular", "bold", "italic"), weights=(6, 4, 1))[0],
        points=points,
        line_spacing=rng.uniform(1.32, 1.55),
        leader=rng.choices(("none", "dots", "rule"), weights=(5, 4, 1))[0],
        columns=rng.random() < 0.15,
        margins_mm=(rng.uniform(22, 30), rng.uniform(14, 20)),
        ink=rng.randint(0, 45),
        value_ink=(30, 40, 110) if blue else (rng.randint(0, 50),) * 3,
        justify_top_mm=rng.uniform(14, 22),
    )


@dataclass(frozen=True, kw_only=True)
class Written:
    """A run of text as it was drawn: its ends and its baseline, in millimetres from the top left."""

    left: float
    right: float
    baseline: float
    text: str


class Pen:
    """Draws text on one page in millimetres and points; ``y_mm`` is the current baseline."""

    def __init__(self, look: Look, dpi: int) -> None:
        size = (round(A4_MM[0] / 25.4 * dpi), round(A4_MM[1] / 25.4 * dpi))
        self.image = Image.new("RGB", size, (255, 255, 255))
        self.look = look
        self.dpi = dpi
        self.written: list[Written] = []
        self._draw = ImageDraw.Draw(self.image)
        self.left_mm, self.right_mm = look.margins_mm[0], A4_MM[0] - look.margins_mm[1]
        self.y_mm = look.justify_top_mm

    def font(self, style: str, points: float, *, value: bool = False) -> ImageFont.FreeTypeFont:
        """The look's font for labels or values."""
        face = self.look.value_face if value else self.look.label_face
        return face.font(style, max(6, round(points * self.dpi / 72)))

    def mm(self, text: str, font: ImageFont.FreeTypeFont) -> float:
        """Width of a text."""
        return font.getlength(text) * 25.4 / self.dpi

    def pixels(self, mm: float) -> float:
        """Millimetres as pixels."""
        return mm * self.dpi / 25.4

    def text(
        self, x_mm: float, text: str, font: ImageFont.FreeTypeFont, *, anchor: str = "ls",
        ink: tuple[int, int, int] | None = None,
    ) -> None:  # fmt: skip
        """Text on the current baseline."""
        at = (self.pixels(x_mm), self.pixels(self.y_mm))
        self._draw.text(at, text, font=font, anchor=anchor, fill=ink or (self.look.ink,) * 3)
        width = self.mm(text, font)
        left = x_mm - width * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]]
        self.written.append(Written(left=left, right=left + width, baseline=self.y_mm, text=text))

    def rule(self, left_mm: float, right_mm: float, *, below_mm: float = 1.0) -> None:
        """A thin line under the baseline."""
        y = self.pixels(self.y_mm + below_mm)
        self._draw.line(
            (self.pixels(left_mm), y, self.pixels(right_mm), y),
            fill=(self.look.ink,) * 3,
            width=max(1, round(self.dpi / 150)),
        )

    def down(self, lines: float = 1.0) -> None:
        """Go down by lines."""
        self.y_mm += lines * self.look.points * self.look.line_spacing * 25.4 / 72


def draw_sheet(sheet: Sheet, look: Look, *, dpi: int) -> tuple[Image.Image, float]:
    """The page in RGB, and how far down (mm) the signer's block begins, for stamp and signature.

    What does not fit on one page is set smaller and closer, as a clerk would.
    """
    pen, block = write_sheet(sheet, look, dpi=dpi)
    return pen.image, block


def write_sheet(sheet: Sheet, look: Look, *, dpi: int) -> tuple[Pen, float]:
    """As :func:`draw_sheet`, the pen telling what it wrote and where."""
    pen, block = _drawn(sheet, look, dpi)
    while block > A4_MM[1] - 46 and look.points > 9:
        look = replace(look, points=look.points - 0.5, line_spacing=look.line_spacing * 0.96)
        pen, block = _drawn(sheet, look, dpi)
    return pen, block


def draw_back(sheet: Sheet, look: Look, *, dpi: int) -> Image.Image:
    """The back page: a title over empty ruled lines."""
    pen = Pen(look, dpi)
    for title in sheet.back_titles:
        pen.text(A4_MM[0] / 2, title, pen.font("bold", look.points), anchor="ms")
        pen.down(2.0)
    while pen.y_mm < A4_MM[1] - 30:
        pen.rule(pen.left_mm, pen.right_mm)
        pen.down(1.6)
    return pen.image


def _drawn(sheet: Sheet, look: Look, dpi: int) -> tuple[Pen, float]:
    pen = Pen(look, dpi)
    if sheet.header_centred:
        _centred_header(pen, sheet)
    else:
        _two_column_header(pen, sheet)
    for index, title in enumerate(sheet.titles):
        grown = look.points + (2 if index == 0 else 0)
        style = "bold" if index == 0 or "(" not in title else "regular"
        pen.text(A4_MM[0] / 2, title, pen.font(style, grown), anchor="ms")
        pen.down(1.15)
    pen.down(0.5)
    for row in sheet.rows:
        _draw_row(pen, row)
    pen.down(0.6)
    block = pen.y_mm
    _signers(pen, sheet)
    return pen, block


def _two_column_header(pen: Pen, sheet: Sheet) -> None:
    points = pen.look.points
    left, right = 58.0, 143.0
    top = pen.y_mm
    for index, line in enumerate(sheet.agency):
        style = "regular" if index == 0 and len(sheet.agency) > 1 else "bold"
        font = pen.font(style, points - 1)
        while pen.mm(line, font) > 76:
            points -= 0.5
            font = pen.font(style, points - 1)
        pen.text(left, line, font, anchor="ms")
        pen.down(0.95)
    pen.y_mm -= 2.2
    pen.rule(left - 11, left + 11, below_mm=0)
    pen.down(1.0)
    if sheet.number is not None:
        pen.text(left, sheet.number.label + sheet.number.text, pen.font("regular", points),
                 anchor="ms")  # fmt: skip
    bottom = pen.y_mm
    pen.y_mm = top
    font = pen.font("bold", pen.look.points - 1)
    shrink = min(1.0, 92 / pen.mm(STATE, font))
    pen.text(right, STATE, pen.font("bold", (pen.look.points - 1) * shrink), anchor="ms")
    pen.down(0.95)
    motto = pen.font("bold", pen.look.points * shrink)
    pen.text(right, MOTTO, motto, anchor="ms")
    pen.rule(right - pen.mm(MOTTO, motto) / 2, right + pen.mm(MOTTO, motto) / 2, below_mm=1.6)
    pen.down(1.75)
    if sheet.place_date is not None:
        pen.text(right, sheet.place_date.label + sheet.place_date.text,
                 pen.font("italic", pen.look.points), anchor="ms")  # fmt: skip
    pen.y_mm = max(bottom, pen.y_mm)
    pen.down(1.9)


def _centred_header(pen: Pen, sheet: Sheet) -> None:
    points = pen.look.points
    middle = A4_MM[0] / 2
    pen.text(middle, STATE, pen.font("bold", points), anchor="ms")
    pen.down(0.95)
    motto = pen.font("bold", points)
    pen.text(middle, MOTTO, motto, anchor="ms")
    half = pen.mm(MOTTO, motto) / 2
    pen.rule(middle - half, middle + half, below_mm=1.6)
    pen.down(2.2)
    if sheet.number is not None:
        pen.text(pen.right_mm, sheet.number.label + sheet.number.text,
                 pen.font("regular", points), anchor="rs")  # fmt: skip
        pen.down(1.2)


def _draw_row(pen: Pen, row: Row) -> None:
    width = pen.right_mm - pen.left_mm
    if row.flow:
        _draw_flow(pen, row)
        return
    if row.cells:
        _draw_cells(pen, row, width)
        return
    if len(row.entries) > 1 and _fits_side_by_side(pen, row, width):
        start = pen.left_mm
        for entry, share in zip(row.entries, row.shares, strict=True):
            _draw_entry(pen, entry, start, start + share * width - 2)
            start += share * width
        pen.down()
        return
    for entry in row.entries:
        _draw_entry(pen, entry, pen.left_mm, pen.right_mm)
        pen.down()


def _draw_flow(pen: Pen, row: Row) -> None:
    """Labels and values as one sentence that breaks anywhere between words."""
    label_font, value_font = _fonts(pen)
    x = pen.left_mm
    end = x
    for entry in row.entries:
        for text, font, ink in (
            (entry.label, label_font, None),
            (entry.text, value_font, pen.look.value_ink),
        ):
            for word in text.split():
                width = pen.mm(word, font)
                glued = word.startswith((",", "."))
                start = end + (0 if end == pen.left_mm or glued else pen.mm(" ", font))
                if start + width > pen.right_mm:
                    pen.down()
                    start = pen.left_mm
                pen.text(start, word, font, ink=ink)
                end = start + width
    if row.entries[-1].text:
        _leader(pen, x, end, pen.right_mm)
    pen.down()


def _draw_cells(pen: Pen, row: Row, width: float) -> None:
    """Entries in columns; the row is as high as its highest cell."""
    top, bottom, start = pen.y_mm, pen.y_mm, pen.left_mm
    for entry, share in zip(row.entries, row.shares, strict=True):
        pen.y_mm = top
        _draw_entry(pen, entry, start, start + share * width - 4)
        bottom = max(bottom, pen.y_mm)
        start += share * width
    pen.y_mm = bottom
    pen.down()


def _fits_side_by_side(pen: Pen, row: Row, width: float) -> bool:
    label, value = _fonts(pen)
    return all(
        pen.mm(entry.label, label) + pen.mm(entry.text, value) <= share * width - 3
        for entry, share in zip(row.entries, row.shares, strict=True)
    )


def _fonts(pen: Pen) -> tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]:
    points = pen.look.points
    return pen.font("regular", points), pen.font(pen.look.value_style, points, value=True)


def _draw_entry(pen: Pen, entry: Entry, left: float, right: float) -> None:
    """One label with its value, wrapped at words; leaders fill what is left of the last line."""
    label_font, value_font = _fonts(pen)
    pen.text(left, entry.label, label_font)
    x = left + pen.mm(entry.label, label_font)
    whole_width = right - left > 120
    column = left
    if pen.look.columns and entry.label and whole_width and x < left + 62:
        x = column = left + 62
    lines = wrap(pen, entry.text, value_font, first=right - x, rest=right - column)
    for index, line in enumerate(lines):
        if index:
            pen.down()
            x = column
        pen.text(x, line, value_font, ink=pen.look.value_ink)
        end = x + pen.mm(line, value_font)
        if index == len(lines) - 1:
            _leader(pen, x, end, right)


def _leader(pen: Pen, start: float, end: float, right: float) -> None:
    if pen.look.leader == "rule":
        pen.rule(start, right)
    elif pen.look.leader == "dots":
        font, _ = _fonts(pen)
        count = int((right - end - 1.5) / pen.mm(".", font))
        if count > 2:
            pen.text(end + 1.0, "." * count, font)


def wrap(
    pen: Pen, text: str, font: ImageFont.FreeTypeFont, *, first: float, rest: float
) -> list[str]:
    """Break at words so that the first line fits ``first`` and the others ``rest`` mm."""
    lines, current, room = [], "", first
    for word in text.split():
        longer = f"{current} {word}".strip()
        if pen.mm(longer, font) <= room or not current:
            current = longer
            continue
        lines.append(current)
        current, room = word, rest
    return [*lines, current]


def _signers(pen: Pen, sheet: Sheet) -> None:
    middle = 150.0
    top = pen.y_mm
    for line in sheet.signer_titles:
        font = pen.font("bold", pen.look.points)
        if pen.mm(line, font) > 78:
            font = pen.font("bold", pen.look.points - 2)
        pen.text(middle, line, font, anchor="ms")
        pen.down(1.0)
    pen.text(middle, "(Ký, ghi rõ họ, chữ đệm, tên và đóng dấu)",
             pen.font("italic", pen.look.points - 2), anchor="ms")  # fmt: skip
    pen.y_mm = min(pen.y_mm + 27, A4_MM[1] - 9)
    pen.text(middle, sheet.signer_name, pen.font("bold", pen.look.points), anchor="ms")
    pen.y_mm = top
    for line in sheet.left_signer:
        pen.text(60.0, line, pen.font("bold", pen.look.points), anchor="ms")
        pen.down(1.0)
