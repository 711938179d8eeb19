"""Draws identity cards at ID-1 size, alone or both sides on a copied A4 sheet."""

import io
import random
from collections.abc import Mapping

import cv2
import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont

from ingest.samples.drawing import A4_MM, MOTTO, STATE
from ingest.samples.typefaces import Typeface, installed_mono, installed_sans

CARD_MM = (85.6, 53.98)
_INK = (25, 25, 30)
_RED = (190, 30, 40)
_GREEN = (20, 90, 60)


class CardPen:
    """Draws on one side of a card, in millimetres from its top-left corner."""

    def __init__(self, background: Image.Image, face: Typeface, dpi: int) -> None:
        self.dpi = dpi
        self.face = face
        self.image = background.copy()
        self._draw = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> int:
        """Millimetres as pixels."""
        return round(mm * self.dpi / 25.4)

    def font(self, height_mm: float, style: str = "regular") -> ImageFont.FreeTypeFont:
        """A font whose em is ``height_mm``."""
        return self.face.font(style, max(6, self.px(height_mm)))

    def text(
        self, x: float, y: float, text: str, height: float, *, style: str = "regular",
        ink: tuple[int, int, int] = _INK, anchor: str = "ls",
    ) -> float:  # fmt: skip
        """Text with its baseline at ``y``; returns where it ends, in millimetres."""
        font = self.font(height, style)
        self._draw.text((self.px(x), self.px(y)), text, font=font, fill=ink, anchor=anchor)
        return x + font.getlength(text) * 25.4 / self.dpi

    def sign(self, x: float, y: float, sign: str) -> None:
        """One sign of the machine-readable zone, 4 mm high, centred on ``x``."""
        font = installed_mono().font("regular", self.px(4.0))
        self._draw.text((self.px(x), self.px(y)), sign, font=font, fill=_INK, anchor="ms")

    def wrapped(self, x: float, y: float, text: str, height: float, *, first: float) -> None:
        """Text that begins at ``first`` and goes on at ``x``, wrapped at the card's edge."""
        font, at = self.font(height), first
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if at + font.getlength(longer) * 25.4 / self.dpi > CARD_MM[0] - 2.5 and line:
                self.text(at, y, line, height)
                y, at, line = y + height * 1.22, x, word
            else:
                line = longer
        self.text(at, y, line, height)

    def fitted(self, x: float, y: float, text: str, height: float) -> None:
        """Text on one line, smaller where it would run over the card's edge."""
        width = self.font(height).getlength(text) * 25.4 / self.dpi
        room = CARD_MM[0] - 2.5 - x
        self.text(x, y, text, height * min(1.0, room / width))

    def box(self, x: float, y: float, width: float, height: float,
            fill: tuple[int, int, int]) -> None:  # fmt: skip
        """A filled rectangle."""
        corners = (self.px(x), self.px(y), self.px(x + width), self.px(y + height))
        self._draw.rectangle(corners, fill=fill)

    def ellipse(self, x: float, y: float, width: float, height: float,
                fill: tuple[int, int, int]) -> None:  # fmt: skip
        """A filled ellipse."""
        corners = (self.px(x), self.px(y), self.px(x + width), self.px(y + height))
        self._draw.ellipse(corners, fill=fill)

    def picture(self, x: float, y: float, size: float, picture: Image.Image) -> None:
        """A square picture, each dot kept sharp."""
        side = self.px(size)
        scaled = picture.convert("RGB").resize((side, side), Image.Resampling.BOX)
        self.image.paste(scaled, (self.px(x), self.px(y)))


def _background(rng: random.Random, dpi: int) -> Image.Image:
    """Pastel with a guilloche of fine waves."""
    width, height = (round(mm * dpi / 25.4) for mm in CARD_MM)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    base = np.array(rng.choice(((222, 238, 232), (214, 234, 244), (236, 238, 224))), np.float32)
    phase = rng.uniform(0, 6)
    wave = np.sin((y + np.sin(x / width * 9 + phase) * height * 0.06) / dpi * 90)
    shade = (wave > 0.86).astype(np.float32) * 12 + (x / width) * 8
    picture = np.clip(base[None, None] - shade[:, :, None], 0, 255).astype(np.uint8)
    return Image.fromarray(np.asarray(cv2.GaussianBlur(picture, (3, 3), 0), dtype=np.uint8))


def _portrait(pen: CardPen, rng: random.Random, x: float, y: float) -> None:
    """A faceless placeholder: no real face is ever drawn."""
    skin = rng.choice(((224, 188, 160), (206, 168, 138), (236, 204, 178)))
    pen.box(x, y, 19, 26, (150, 185, 215))
    pen.ellipse(x + 1, y + 17.5, 17, 18, (60, 66, 90))
    pen.box(x, y + 26, 19, 10, (214, 230, 228))
    pen.ellipse(x + 5, y + 4.5, 9, 13, (30, 26, 26))
    pen.ellipse(x + 5.4, y + 6, 8.2, 12, skin)


def qr_picture(payload: str) -> Image.Image:
    """The payload as QR, one pixel per module, quiet zone included."""
    code = segno.make_qr(payload, error="m", encoding="utf-8")
    out = io.BytesIO()
    code.save(out, kind="png", scale=8, border=3)
    return Image.open(out)


def draw_sides(
    rng: random.Random, card: Mapping[str, str], *, dpi: int
) -> tuple[Image.Image, Image.Image]:
    """Front and back."""
    face = installed_sans()[0]
    background = _background(rng, dpi)
    front, back = CardPen(background, face, dpi), CardPen(background, face, dpi)
    if card["layout"] == "2021":
        _front_2021(front, rng, card)
        _back_2021(back, card)
    else:
        _front_2024(front, rng, card)
        _back_2024(back, card)
    _zone(back, card)
    return front.image, back.image


def _state(pen: CardPen, middle: float) -> None:
    pen.ellipse(4, 3, 12, 12, (205, 60, 50))
    pen.ellipse(7.5, 6.5, 5, 5, (240, 205, 70))
    pen.text(middle, 5.2, STATE, 2.4, style="bold", anchor="ms")
    pen.text(middle, 8.2, MOTTO, 2.3, style="bold", anchor="ms")
    pen.text(middle, 10.7, "SOCIALIST REPUBLIC OF VIET NAM", 1.9, anchor="ms")
    pen.text(middle, 13.0, "Independence - Freedom - Happiness", 1.9, anchor="ms")


def _front_2021(pen: CardPen, rng: random.Random, card: Mapping[str, str]) -> None:
    _state(pen, 42.5)
    pen.picture(70, 2, 14, qr_picture(card["qr"]))
    pen.text(44, 17.0, "CĂN CƯỚC CÔNG DÂN", 3.9, style="bold", ink=_RED, anchor="ms")
    pen.text(44, 19.6, "Citizen Identity Card", 2.2, style="bold", ink=_RED, anchor="ms")
    _portrait(pen, rng, 3.5, 20)
    end = pen.text(25.5, 24.3, "Số / No.: ", 2.4)
    pen.text(end, 24.3, card["personal_id"], 3.7, style="bold")
    pen.text(25.5, 27.6, "Họ và tên / Full name:", 2.2, ink=_GREEN)
    pen.text(25.5, 31.2, card["full_name"], 2.9, style="bold")
    end = pen.text(25.5, 34.4, "Ngày sinh / Date of birth: ", 2.2, ink=_GREEN)
    pen.text(end, 34.4, card["birth_date"], 2.5)
    end = pen.text(25.5, 37.4, "Giới tính / Sex: ", 2.2, ink=_GREEN)
    pen.text(end, 37.4, card["sex"], 2.5)
    end = pen.text(50.5, 37.4, "Quốc tịch / Nationality: ", 2.2, ink=_GREEN)
    pen.text(end, 37.4, card["nationality"], 2.5)
    pen.text(25.5, 40.4, "Quê quán / Place of origin:", 2.2, ink=_GREEN)
    pen.fitted(25.5, 43.2, card["home_town"], 2.4)
    end = pen.text(25.5, 46.2, "Nơi thường trú / Place of residence: ", 2.2, ink=_GREEN)
    pen.wrapped(25.5, 46.2, card["residence"], 2.4, first=end)
    pen.text(3.5, 48.6, "Có giá trị đến / Date of expiry:", 1.4, ink=_GREEN)
    pen.text(3.5, 51.2, card["expiry"], 2.1)


def _back_2021(pen: CardPen, card: Mapping[str, str]) -> None:
    pen.text(4, 5.4, "Đặc điểm nhận dạng / Personal identification:", 2.2, ink=_GREEN)
    pen.text(4, 8.6, card["mark"], 2.5)
    end = pen.text(24, 13.0, "Ngày, tháng, năm / Date, month, year: ", 2.2, ink=_GREEN)
    pen.text(end, 13.0, card["issue_date"], 2.5)
    pen.text(42, 16.2, "CỤC TRƯỞNG CỤC CẢNH SÁT", 2.2, style="bold", anchor="ms")
    pen.text(42, 18.9, "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI", 2.0, style="bold", anchor="ms")
    pen.text(42, 21.3, "DIRECTOR GENERAL OF THE POLICE DEPARTMENT", 1.6, anchor="ms")
    pen.ellipse(36.5, 22.3, 11, 11, (214, 120, 120))
    pen.box(4, 14, 12, 15, (196, 206, 200))
    pen.box(68, 14, 12, 15, (196, 206, 200))
    pen.text(10, 31.6, "Ngón trỏ trái / Left index finger", 1.3, anchor="ms")
    pen.text(74, 31.6, "Ngón trỏ phải / Right index finger", 1.3, anchor="ms")


def _front_2024(pen: CardPen, rng: random.Random, card: Mapping[str, str]) -> None:
    _state(pen, 50)
    pen.text(50, 17.6, "CĂN CƯỚC", 4.2, style="bold", ink=_RED, anchor="ms")
    pen.text(50, 20.4, "IDENTITY CARD", 2.4, style="bold", ink=_RED, anchor="ms")
    _portrait(pen, rng, 4, 19)
    pen.text(27, 25.0, "Số định danh cá nhân / Personal identification number:", 2.0, ink=_GREEN)
    pen.text(27, 29.2, card["personal_id"], 3.9, style="bold")
    pen.text(27, 33.0, "Họ, chữ đệm và tên khai sinh / Full name:", 2.0, ink=_GREEN)
    pen.text(27, 36.9, card["full_name"], 3.0, style="bold")
    pen.text(27, 40.6, "Ngày, tháng, năm sinh / Date of birth:", 2.0, ink=_GREEN)
    pen.text(27, 43.8, card["birth_date"], 2.7)
    pen.text(64, 40.6, "Giới tính / Sex:", 2.0, ink=_GREEN)
    pen.text(64, 43.8, card["sex"], 2.7)
    end = pen.text(27, 48.4, "Quốc tịch / Nationality: ", 2.0, ink=_GREEN)
    pen.text(end, 48.4, card["nationality"], 2.6)


def _back_2024(pen: CardPen, card: Mapping[str, str]) -> None:
    pen.text(4, 4.8, "Nơi cư trú / Place of residence:", 2.0, ink=_GREEN)
    _narrow(pen, 4, 7.8, card["residence"])
    pen.text(4, 14.4, "Nơi đăng ký khai sinh / Place of birth:", 2.0, ink=_GREEN)
    _narrow(pen, 4, 17.4, card["birth_place"])
    pen.picture(68.5, 2, 15, qr_picture(card["qr"]))
    end = pen.text(4, 23.2, "Ngày, tháng, năm cấp / Date of issue: ", 2.0, ink=_GREEN)
    pen.text(end, 23.2, card["issue_date"], 2.4)
    end = pen.text(4, 26.8, "Ngày, tháng, năm hết hạn / Date of expiry: ", 2.0, ink=_GREEN)
    pen.text(end, 26.8, card["expiry"], 2.4)
    pen.text(68, 30.0, "BỘ CÔNG AN", 2.3, style="bold", anchor="ms")
    pen.text(68, 32.4, "MINISTRY OF PUBLIC SECURITY", 1.6, anchor="ms")


def _narrow(pen: CardPen, x: float, y: float, text: str) -> None:
    """Text that leaves the right side to the QR."""
    font, line = pen.font(2.4), ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if font.getlength(longer) * 25.4 / pen.dpi > 62 and line:
            pen.text(x, y, line, 2.4)
            y, line = y + 2.95, word
        else:
            line = longer
    pen.text(x, y, line, 2.4)


def _zone(pen: CardPen, card: Mapping[str, str]) -> None:
    """The machine-readable lines: 30 signs over 76 mm, each in its own cell (OCR-B pitch 2.54 mm)."""
    pen.box(2, 34, CARD_MM[0] - 4, 18.5, (246, 248, 246))
    for row, line in enumerate(card["zone"].split("\n")):
        for column, sign in enumerate(line):
            at = 5.0 + 2.54 * (column + 0.5)
            pen.sign(at, 39.4 + row * 5.2, sign)


def on_sheet(
    rng: random.Random, sides: tuple[Image.Image, Image.Image], *, dpi: int
) -> Image.Image:
    """Both sides copied on one A4 sheet, as offices do."""
    size = (round(A4_MM[0] * dpi / 25.4), round(A4_MM[1] * dpi / 25.4))
    sheet = Image.new("RGB", size, (255, 255, 255))
    left = (A4_MM[0] - CARD_MM[0]) / 2 + rng.uniform(-25, 25)
    top = rng.uniform(25, 60)
    for side, y in zip(sides, (top, top + CARD_MM[1] + rng.uniform(10, 40)), strict=True):
        sheet.paste(side, (round(left * dpi / 25.4), round(y * dpi / 25.4)))
    return sheet
