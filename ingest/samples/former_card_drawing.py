"""Draws the identity cards given out before 2021: nine digits on dotted lines, and 2016's with a barcode.

What they bear and where: NĐ 05/1999 Art. 2 and cards themselves; TT 61/2015/TT-BCA (VBHN 01/2019).
"""

import random
from collections.abc import Mapping

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from ingest.samples.card_pen import CARD_MM, EDGE, INK, RED, SKINS, CardPen, emblem
from ingest.samples.drawing import MOTTO, STATE
from ingest.samples.former_cards import NINE_DIGITS
from ingest.samples.seals import press, seal, signature
from ingest.samples.typefaces import Typeface, installed_mono, installed_sans, installed_serifs

_PITCH = 4.6
"""Between the dotted lines of a card of nine digits."""
_SEAL_MM = 19.0


def draw_former_sides(
    rng: random.Random, card: Mapping[str, str], *, dpi: int
) -> tuple[Image.Image, Image.Image]:
    """Front and back."""
    if card["layout"] == NINE_DIGITS:
        return _nine_digits(rng, card, dpi)
    return _barcode_card(rng, card, dpi)


def _nine_digits(
    rng: random.Random, card: Mapping[str, str], dpi: int
) -> tuple[Image.Image, Image.Image]:
    ground = _drum(rng, dpi, rng.choice(((222, 236, 240), (226, 238, 236), (216, 230, 240))))
    label = rng.choice([face for face, _ in installed_serifs()[:3]])
    typed = rng.choice((label, label, installed_mono()))
    front, back = CardPen(ground.copy(), label, dpi), CardPen(ground, label, dpi)
    clerk = _Clerk(rng, typed)
    _nine_digits_front(front, rng, card, clerk)
    _nine_digits_back(back, rng, card, clerk)
    return front.image, back.image


class _Clerk:
    """Fills in what is not printed, with another face and not quite upon the dotted line."""

    def __init__(self, rng: random.Random, face: Typeface) -> None:
        self.face = face
        self._lift = rng.uniform(0.0, 0.8)
        self.height = 2.35 if face.family == installed_mono().family else 2.75

    def on(self, pen: CardPen) -> CardPen:
        """The clerk's pen upon the same card."""
        return CardPen(pen.image, self.face, pen.dpi)

    def type(self, pen: CardPen, x: float, y: float, text: str, height: float = 0.0) -> float:
        """Text upon a line."""
        return self.on(pen).text(x, y - self._lift, text, height or self.height)


def _nine_digits_front(
    pen: CardPen, rng: random.Random, card: Mapping[str, str], clerk: _Clerk
) -> None:
    emblem(pen, 8, 3, 14)
    _photograph(pen, rng, 4.5, 20, 21, 29, grey=rng.random() < 0.4)
    pen.text(56, 5.6, STATE, 2.45, style="bold", anchor="ms")
    pen.text(56, 8.9, MOTTO, 2.4, style="bold", anchor="ms")
    title, room = "GIẤY CHỨNG MINH NHÂN DÂN", 2 * (EDGE - 56)
    height = 3.7 * min(1.0, room / pen.mm(title, 3.7, "bold"))
    pen.text(56, 14.2, title, height, style="bold", ink=RED, anchor="ms")
    end = pen.text(42, 19.6, "SỐ ", 3.4, style="bold", ink=RED)
    pen.text(end + 0.6, 19.6, card["personal_id"], 4.1, style="bold", ink=RED)
    y = 25.2
    pieces = (
        ("Họ tên", card["full_name"], 1),
        ("Sinh ngày", card["birth_date"], 1),
        ("Nguyên quán", card["home_town"], 2),
        ("Nơi ĐKHK thường trú", card["residence"], 2),
    )
    colon = rng.choice((":", ":", ""))
    for label, value, rows in pieces:
        _dotted(pen, clerk, y, f"{label}{colon}", value, rows)
        y += _PITCH * rows
    _embossed(pen, 25, 43, 9)


def _dotted(pen: CardPen, clerk: _Clerk, y: float, label: str, value: str, rows: int) -> None:
    """A label with so many dotted lines and a value upon them, in smaller type where it is long."""
    left = 28.0
    begin = pen.text(left, y, label, 2.6) + 0.8
    _dots(pen, begin, y)
    for number in range(1, rows):
        _dots(pen, left, y + number * _PITCH)
    room = {"first": EDGE - begin, "below": EDGE - left}
    height, lines = _fitted(clerk.on(pen), value, clerk.height, rows=rows, **room)
    for number, line in enumerate(lines):
        clerk.type(pen, left if number else begin + 0.4, y + number * _PITCH, line, height)


def _fitted(
    pen: CardPen, text: str, height: float, *, rows: int, first: float, below: float
) -> tuple[float, list[str]]:
    """The largest height up to ``height`` at which a text has so many rows, and these."""
    while True:
        broken = pen.broken(text, height, first=first, below=below)
        if len(broken) <= rows and all(pen.mm(row, height) <= below for row in broken):
            return height, broken
        height *= 0.95


def _dots(pen: CardPen, begin: float, y: float, end: float = EDGE) -> None:
    """A dotted line from ``begin``."""
    step = pen.mm(".", 2.2)
    pen.text(begin, y + 0.35, "." * max(0, int((end - begin) / step)), 2.2, ink=(90, 100, 110))


def _nine_digits_back(
    pen: CardPen, rng: random.Random, card: Mapping[str, str], clerk: _Clerk
) -> None:
    for box in ((2.5, 2.5, 80.6, 49), (2.5, 8.8, 19.5, 42.7), (2.5, 30.0, 19.5, 21.5)):
        pen.frame(*box)
    pen.frame(2.5, 2.5, 80.6, 6.3)
    for x, name, value, until in (
        (4.0, "Dân tộc:", card["ethnicity"], 40.0),
        (42.0, "Tôn giáo:", card["religion"], 82.0),
    ):
        end = pen.text(x, 7.0, name, 2.5)
        _dots(pen, end + 0.5, 7.0, until)
        clerk.type(pen, end + 1.2, 7.0, value)
    _finger(pen, rng, "NGÓN TRỎ TRÁI", 2.5, 8.8, 19.5, 21.2)
    _finger(pen, rng, "NGÓN TRỎ PHẢI", 2.5, 30.0, 19.5, 21.5)
    pen.text(52.5, 12.2, "DẤU VẾT RIÊNG VÀ DỊ HÌNH", 2.5, style="bold", anchor="ms")
    _remark(pen, clerk, 24.0, 17.0, card["mark"])
    day, month, year = card["issue_date"].split("/")
    end = 38.0
    for word, figures in (("Ngày", day), ("tháng", month), ("năm", year)):
        begin = pen.text(end, 27.0, word, 2.5) + 0.6
        end = clerk.type(pen, begin + 0.3, 27.0, figures) + 0.9
        _dots(pen, begin, 27.0, end)
    short = card["agency"].startswith("CA ")
    titles = (f"GIÁM ĐỐC {card['agency']}",) if short else ("GIÁM ĐỐC", card["agency"])
    for number, title in enumerate(titles):
        pen.text(56, 31.0 + 3.2 * number, title, 2.5, style="bold", anchor="ms")
    unit = card["agency"].removeprefix("CÔNG AN ").removeprefix("CA ")
    _sign(pen, rng, f"CÔNG AN {unit} *", 40, 31.5, 47)
    pen.text(58, 50.3, f"{card['signer_rank']} {card['signer_name']}", 2.4, anchor="ms")


def _remark(pen: CardPen, clerk: _Clerk, x: float, y: float, text: str) -> None:
    """What is noted on two dotted lines."""
    room = EDGE - x
    rows = clerk.on(pen).broken(text, clerk.height, first=room, below=room)
    for number in range(2):
        _dots(pen, x, y + number * 4.4)
    for number, row in enumerate(rows):
        clerk.type(pen, x + 1, y + number * 4.4, row)


def _barcode_card(
    rng: random.Random, card: Mapping[str, str], dpi: int
) -> tuple[Image.Image, Image.Image]:
    ground = _drum(rng, dpi, rng.choice(((226, 238, 222), (222, 238, 232), (236, 238, 216))))
    face = rng.choice((installed_sans()[0], rng.choice(installed_serifs()[:2])[0]))
    front, back = CardPen(ground.copy(), face, dpi), CardPen(ground, face, dpi)
    _barcode_front(front, rng, card)
    _barcode_back(back, rng, card)
    return front.image, back.image


def _barcode_front(pen: CardPen, rng: random.Random, card: Mapping[str, str]) -> None:
    emblem(pen, 6.5, 3, 14)
    _photograph(pen, rng, 3.8, 18.8, 20, 29, grey=False)
    pen.text(55, 6.0, STATE, 2.5, style="bold", anchor="ms")
    pen.text(55, 9.4, MOTTO, 2.4, style="bold", anchor="ms")
    pen.text(55, 14.8, "CĂN CƯỚC CÔNG DÂN", 4.1, style="bold", ink=RED, anchor="ms")
    left, y = 27.5, 20.4
    end = pen.text(left, y, "Số: ", 2.7)
    pen.text(end, y, card["personal_id"], 3.8, style="bold", ink=rng.choice((INK, RED)))
    name, beside = card["full_name"], rng.random() < 0.5
    end = pen.text(left, y + 4.5, "Họ và tên: ", 2.6)
    below = not beside or pen.mm(name, 3.0, "bold") > EDGE - end
    pen.text(left if below else end, y + (8.2 if below else 4.5), name, 3.0, style="bold")
    y += 12.0 if below else 8.9
    for pieces in (
        (("Ngày, tháng, năm sinh: ", card["birth_date"]),),
        (("Giới tính: ", card["sex"]), ("Quốc tịch: ", card["nationality"])),
    ):
        x = left
        for label, value in pieces:
            x = pen.text(pen.text(x, y, label, 2.6), y, value, 2.7) + 3.5
        y += 3.9
    for label, value in (
        ("Quê quán: ", card["home_town"]),
        ("Nơi thường trú: ", card["residence"]),
    ):
        end = pen.text(left, y, label, 2.6)
        height, rows = _fitted(pen, value, 2.7, rows=2, first=EDGE - end, below=EDGE - left)
        for number, row in enumerate(rows):
            pen.text(left if number else end, y + number * 3.3, row, height)
        y += 3.3 * len(rows) + 0.5
    pen.text(3.0, 51.6, f"Có giá trị đến: {card['expiry']}", 2.0)


def _barcode_back(pen: CardPen, rng: random.Random, card: Mapping[str, str]) -> None:
    code = zxingcpp.create_barcode(
        "".join(rng.choices("0123456789ABCDEF", k=180)),
        zxingcpp.BarcodeFormat.PDF417,
        ec_level="30%",
    )
    picture = Image.fromarray(np.asarray(code.to_image(scale=4, add_quiet_zones=False)))
    pen.picture(4, 3, CARD_MM[0] - 8, 11, picture)
    for name, y in (("Ngón trỏ trái", 15.5), ("Ngón trỏ phải", 33.8)):
        pen.frame(4, y, 17, 17)
        _finger(pen, rng, name, 4, y, 17, 17)
    end = pen.text(24, 18.6, "Đặc điểm nhân dạng: ", 2.5)
    rows = pen.broken(card["mark"], 2.6, first=EDGE - end, below=EDGE - 24)
    for number, row in enumerate(rows):
        pen.text(24 if number else end, 18.6 + number * 3.3, row, 2.6)
    day, month, year = card["issue_date"].split("/")
    said = rng.choice(
        (f"Ngày, tháng, năm: {card['issue_date']}", f"Ngày {day} tháng {month} năm {year}")
    )
    pen.text(53, 26.4, said, 2.5, anchor="ms")
    duty = card["agency"].removeprefix("CỤC CẢNH SÁT ")
    pen.text(53, 30.0, "CỤC TRƯỞNG CỤC CẢNH SÁT", 2.4, style="bold", anchor="ms")
    pen.text(53, 33.2, duty, 2.4, style="bold", anchor="ms")
    _sign(pen, rng, "BỘ CÔNG AN *", 34, 31.5, 46)
    pen.text(56, 51.0, f"{card['signer_rank']} {card['signer_name']}", 2.4, anchor="ms")


def _sign(pen: CardPen, rng: random.Random, agency: str, x: float, y: float, pen_x: float) -> None:
    """The round seal, and right of it the signature that it half covers."""
    side = pen.px(_SEAL_MM)
    scribble = signature(rng, dpi=pen.dpi)
    small = scribble.resize((pen.px(24), pen.px(11)), Image.Resampling.BILINEAR)
    press(pen.image, small, (pen_x, y + 4), pen.dpi)
    stamp = seal(agency, dpi=pen.dpi).rotate(
        rng.uniform(-14, 14), resample=Image.Resampling.BILINEAR, fillcolor=(255, 255, 255)
    )
    stamp = stamp.resize((side, side), Image.Resampling.LANCZOS)
    faded = Image.blend(Image.new("RGB", stamp.size, (255, 255, 255)), stamp, rng.uniform(0.5, 0.9))
    press(pen.image, faded, (x, y), pen.dpi)


def _finger(
    pen: CardPen, rng: random.Random, name: str, x: float, y: float, width: float, height: float
) -> None:  # fmt: skip
    """A box with the print of a finger under its name."""
    pen.text(x + width / 2, y + 2.4, name, 1.7, style="bold", anchor="ms")
    size = (pen.px(width * 0.66), pen.px(height * 0.74))
    press(pen.image, _ridges(rng, size), (x + width * 0.17, y + height * 0.2), pen.dpi)


def _ridges(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """Loops of ink about a core, no two alike: nobody's finger."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    across, down = (x / width - 0.5) * 2, (y / height - 0.5) * 2
    lean, bend = rng.uniform(-0.5, 0.5), rng.uniform(0.5, 1.1)
    away = np.hypot(across + lean * down, bend * (down + 0.1) + 0.25 * across**2)
    ridges = np.sin(away * rng.uniform(40, 50) + rng.uniform(0, 6)) > rng.uniform(-0.3, 0.2)
    blots = np.random.default_rng(rng.getrandbits(32)).random((height // 8 + 1, width // 8 + 1))
    worn = np.kron(blots, np.ones((8, 8)))[:height, :width] < 0.86
    inked = ridges & worn & (across**2 + down**2 < 1.0)
    shade = np.where(inked[:, :, None], np.array((70, 40, 50)), 255).astype(np.uint8)
    return Image.fromarray(shade)


def _photograph(
    pen: CardPen, rng: random.Random, x: float, y: float, width: float, height: float, *, grey: bool
) -> None:  # fmt: skip
    """A faceless placeholder: no real face is ever drawn."""
    picture = Image.new("RGB", (pen.px(width), pen.px(height)), (150, 185, 215))
    draw = ImageDraw.Draw(picture)
    wide, high = picture.size
    skin = rng.choice(SKINS)
    draw.ellipse((0.04 * wide, 0.72 * high, 0.96 * wide, 1.5 * high), fill=(235, 236, 238))
    draw.ellipse((0.25 * wide, 0.14 * high, 0.75 * wide, 0.66 * high), fill=(34, 30, 30))
    draw.ellipse((0.28 * wide, 0.22 * high, 0.72 * wide, 0.76 * high), fill=skin)
    if grey:
        picture = picture.convert("L").convert("RGB")
    pen.image.paste(picture, (pen.px(x), pen.px(y)))


def _embossed(pen: CardPen, x: float, y: float, radius: float) -> None:
    """A stamp without ink, pressed over the photograph's corner: light and shadow of its rims."""
    for share, shade in ((1.0, (150, 160, 168)), (0.97, (246, 248, 250)), (0.66, (165, 172, 180))):
        reach = radius * share
        pen.ring(x, y, reach, shade)


def _drum(rng: random.Random, dpi: int, colour: tuple[int, int, int]) -> Image.Image:
    """Fine waves, and a bronze drum's rings and star about the middle."""
    width, height = (round(mm * dpi / 25.4) for mm in CARD_MM)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) * (25.4 / dpi)
    wave = np.sin(y * 5.2 + np.sin(x / 6 + rng.uniform(0, 6)) * 2.6)
    away = np.hypot(x - 53, y - 29)
    angle = np.arctan2(y - 29, x - 53)
    rings = (np.sin(away * 2.6) > 0.8) & (away < 21)
    star = away < 3.2 + 1.6 * np.cos(angle * 14)
    shade = (wave > 0.82) * 11.0 + rings * rng.uniform(7, 13) + star * 8.0 + x * 0.1
    picture = np.clip(np.array(colour, np.float32)[None, None] - shade[:, :, None], 0, 255)
    return Image.fromarray(picture.astype(np.uint8))
