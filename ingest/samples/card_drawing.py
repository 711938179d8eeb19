"""Draws identity cards at ID-1 size, alone or both sides on a copied A4 sheet."""

import io
import random
from collections.abc import Mapping

import segno
from PIL import Image

from ingest.samples.card_pen import CARD_MM, GREEN, RED, CardPen, emblem, pastel, portrait
from ingest.samples.drawing import A4_MM, MOTTO, STATE
from ingest.samples.former_card_drawing import draw_former_sides
from ingest.samples.former_cards import FORMER_LAYOUTS
from ingest.samples.typefaces import installed_sans


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
    if card["layout"] in FORMER_LAYOUTS:
        return draw_former_sides(rng, card, dpi=dpi)
    face = installed_sans()[0]
    ground = pastel(rng, dpi)
    front, back = CardPen(ground.copy(), face, dpi), CardPen(ground, face, dpi)
    if card["layout"] == "2021":
        _front_2021(front, rng, card)
        _back_2021(back, card)
    else:
        _front_2024(front, rng, card)
        _back_2024(back, card)
    _zone(back, card)
    return front.image, back.image


def _state(pen: CardPen, middle: float) -> None:
    emblem(pen, 4, 3, 12)
    pen.text(middle, 5.2, STATE, 2.4, style="bold", anchor="ms")
    pen.text(middle, 8.2, MOTTO, 2.3, style="bold", anchor="ms")
    pen.text(middle, 10.7, "SOCIALIST REPUBLIC OF VIET NAM", 1.9, anchor="ms")
    pen.text(middle, 13.0, "Independence - Freedom - Happiness", 1.9, anchor="ms")


def _front_2021(pen: CardPen, rng: random.Random, card: Mapping[str, str]) -> None:
    _state(pen, 42.5)
    pen.picture(70, 2, 14, 14, qr_picture(card["qr"]))
    pen.text(44, 17.0, "CĂN CƯỚC CÔNG DÂN", 3.9, style="bold", ink=RED, anchor="ms")
    pen.text(44, 19.6, "Citizen Identity Card", 2.2, style="bold", ink=RED, anchor="ms")
    portrait(pen, rng, 3.5, 20)
    end = pen.text(25.5, 24.3, "Số / No.: ", 2.4)
    pen.text(end, 24.3, card["personal_id"], 3.7, style="bold")
    pen.text(25.5, 27.6, "Họ và tên / Full name:", 2.2, ink=GREEN)
    pen.text(25.5, 31.2, card["full_name"], 2.9, style="bold")
    end = pen.text(25.5, 34.4, "Ngày sinh / Date of birth: ", 2.2, ink=GREEN)
    pen.text(end, 34.4, card["birth_date"], 2.5)
    end = pen.text(25.5, 37.4, "Giới tính / Sex: ", 2.2, ink=GREEN)
    pen.text(end, 37.4, card["sex"], 2.5)
    end = pen.text(50.5, 37.4, "Quốc tịch / Nationality: ", 2.2, ink=GREEN)
    pen.text(end, 37.4, card["nationality"], 2.5)
    pen.text(25.5, 40.4, "Quê quán / Place of origin:", 2.2, ink=GREEN)
    pen.fitted(25.5, 43.2, card["home_town"], 2.4)
    end = pen.text(25.5, 46.2, "Nơi thường trú / Place of residence: ", 2.2, ink=GREEN)
    pen.wrapped(25.5, 46.2, card["residence"], 2.4, first=end)
    pen.text(3.5, 48.6, "Có giá trị đến / Date of expiry:", 1.4, ink=GREEN)
    pen.text(3.5, 51.2, card["expiry"], 2.1)


def _back_2021(pen: CardPen, card: Mapping[str, str]) -> None:
    pen.text(4, 5.4, "Đặc điểm nhận dạng / Personal identification:", 2.2, ink=GREEN)
    pen.text(4, 8.6, card["mark"], 2.5)
    end = pen.text(24, 13.0, "Ngày, tháng, năm / Date, month, year: ", 2.2, ink=GREEN)
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
    pen.text(50, 17.6, "CĂN CƯỚC", 4.2, style="bold", ink=RED, anchor="ms")
    pen.text(50, 20.4, "IDENTITY CARD", 2.4, style="bold", ink=RED, anchor="ms")
    portrait(pen, rng, 4, 19)
    pen.text(27, 25.0, "Số định danh cá nhân / Personal identification number:", 2.0, ink=GREEN)
    pen.text(27, 29.2, card["personal_id"], 3.9, style="bold")
    pen.text(27, 33.0, "Họ, chữ đệm và tên khai sinh / Full name:", 2.0, ink=GREEN)
    pen.text(27, 36.9, card["full_name"], 3.0, style="bold")
    pen.text(27, 40.6, "Ngày, tháng, năm sinh / Date of birth:", 2.0, ink=GREEN)
    pen.text(27, 43.8, card["birth_date"], 2.7)
    pen.text(64, 40.6, "Giới tính / Sex:", 2.0, ink=GREEN)
    pen.text(64, 43.8, card["sex"], 2.7)
    end = pen.text(27, 48.4, "Quốc tịch / Nationality: ", 2.0, ink=GREEN)
    pen.text(end, 48.4, card["nationality"], 2.6)


def _back_2024(pen: CardPen, card: Mapping[str, str]) -> None:
    pen.text(4, 4.8, "Nơi cư trú / Place of residence:", 2.0, ink=GREEN)
    _narrow(pen, 4, 7.8, card["residence"])
    pen.text(4, 14.4, "Nơi đăng ký khai sinh / Place of birth:", 2.0, ink=GREEN)
    _narrow(pen, 4, 17.4, card["birth_place"])
    pen.picture(68.5, 2, 15, 15, qr_picture(card["qr"]))
    end = pen.text(4, 23.2, "Ngày, tháng, năm cấp / Date of issue: ", 2.0, ink=GREEN)
    pen.text(end, 23.2, card["issue_date"], 2.4)
    end = pen.text(4, 26.8, "Ngày, tháng, năm hết hạn / Date of expiry: ", 2.0, ink=GREEN)
    pen.text(end, 26.8, card["expiry"], 2.4)
    pen.text(68, 30.0, "BỘ CÔNG AN", 2.3, style="bold", anchor="ms")
    pen.text(68, 32.4, "MINISTRY OF PUBLIC SECURITY", 1.6, anchor="ms")


def _narrow(pen: CardPen, x: float, y: float, text: str) -> None:
    """Text that leaves the right side to the QR."""
    for number, row in enumerate(pen.broken(text, 2.4, first=62, below=62)):
        pen.text(x, y + number * 2.95, row, 2.4)


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
