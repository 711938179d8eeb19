"""One side of an identity card: its size, its ground, the portrait, and a pen that writes on it."""

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingest.samples.typefaces import Typeface, installed_mono

CARD_MM = (85.6, 53.98)
EDGE = CARD_MM[0] - 2.5
"""How far right text goes."""
INK = (25, 25, 30)
RED = (190, 30, 40)
GREEN = (20, 90, 60)
SKINS = ((224, 188, 160), (206, 168, 138), (236, 204, 178))


class CardPen:
    """Draws on one side of a card, in millimetres from its top-left corner."""

    def __init__(self, image: Image.Image, face: Typeface, dpi: int) -> None:
        self.dpi = dpi
        self.face = face
        self.image = image
        self._draw = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> int:
        """Millimetres as pixels."""
        return round(mm * self.dpi / 25.4)

    def font(self, height_mm: float, style: str = "regular") -> ImageFont.FreeTypeFont:
        """A font whose em is ``height_mm``."""
        return self.face.font(style, max(6, self.px(height_mm)))

    def text(
        self, x: float, y: float, text: str, height: float, *, style: str = "regular",
        ink: tuple[int, int, int] = INK, anchor: str = "ls",
    ) -> float:  # fmt: skip
        """Text with its baseline at ``y``; returns where it ends, in millimetres."""
        font = self.font(height, style)
        self._draw.text((self.px(x), self.px(y)), text, font=font, fill=ink, anchor=anchor)
        return x + font.getlength(text) * 25.4 / self.dpi

    def sign(self, x: float, y: float, sign: str) -> None:
        """One sign of the machine-readable zone, 4 mm high, centred on ``x``."""
        font = installed_mono().font("regular", self.px(4.0))
        self._draw.text((self.px(x), self.px(y)), sign, font=font, fill=INK, anchor="ms")

    def mm(self, text: str, height: float, style: str = "regular") -> float:
        """Width of a text."""
        return self.font(height, style).getlength(text) * 25.4 / self.dpi

    def broken(
        self, text: str, height: float, *, first: float, below: float, style: str = "regular"
    ) -> list[str]:
        """The rows of a text whose first one has ``first`` of room and each further one ``below``."""
        rows, room = [""], first
        for word in text.split():
            longer = f"{rows[-1]} {word}".strip()
            if rows[-1] and self.mm(longer, height, style) > room:
                rows.append(word)
                room = below
            else:
                rows[-1] = longer
        return rows

    def wrapped(self, x: float, y: float, text: str, height: float, *, first: float) -> None:
        """Text that begins at ``first`` and goes on at ``x``, wrapped at the card's edge."""
        rows = self.broken(text, height, first=EDGE - first, below=EDGE - x)
        for number, row in enumerate(rows):
            self.text(x if number else first, y + number * height * 1.22, row, height)

    def fitted(self, x: float, y: float, text: str, height: float) -> None:
        """Text on one line, smaller where it would run over the card's edge."""
        self.text(x, y, text, height * min(1.0, (EDGE - x) / self.mm(text, height)))

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

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """A thin rectangle."""
        corners = (self.px(x), self.px(y), self.px(x + width), self.px(y + height))
        self._draw.rectangle(corners, outline=(70, 80, 90), width=max(1, self.dpi // 200))

    def ring(self, x: float, y: float, radius: float, ink: tuple[int, int, int]) -> None:
        """A thin circle about a point."""
        corners = tuple(map(self.px, (x - radius, y - radius, x + radius, y + radius)))
        self._draw.ellipse(corners, outline=ink, width=max(1, self.dpi // 150))

    def picture(
        self, x: float, y: float, width: float, height: float, picture: Image.Image
    ) -> None:  # fmt: skip
        """A picture fitted in, each dot kept sharp."""
        size = (self.px(width), self.px(height))
        scaled = picture.convert("RGB").resize(size, Image.Resampling.BOX)
        self.image.paste(scaled, (self.px(x), self.px(y)))


def pastel(rng: random.Random, dpi: int) -> Image.Image:
    """Pastel with a guilloche of fine waves."""
    width, height = (round(mm * dpi / 25.4) for mm in CARD_MM)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    base = np.array(rng.choice(((222, 238, 232), (214, 234, 244), (236, 238, 224))), np.float32)
    phase = rng.uniform(0, 6)
    wave = np.sin((y + np.sin(x / width * 9 + phase) * height * 0.06) / dpi * 90)
    shade = (wave > 0.86).astype(np.float32) * 12 + (x / width) * 8
    picture = np.clip(base[None, None] - shade[:, :, None], 0, 255).astype(np.uint8)
    return Image.fromarray(np.asarray(cv2.GaussianBlur(picture, (3, 3), 0), dtype=np.uint8))


def emblem(pen: CardPen, x: float, y: float, size: float) -> None:
    """The state's emblem, as far as a scan of a card shows it."""
    pen.ellipse(x, y, size, size, (205, 60, 50))
    edge = size * 3.5 / 12
    pen.ellipse(x + edge, y + edge, size - 2 * edge, size - 2 * edge, (240, 205, 70))


def portrait(pen: CardPen, rng: random.Random, x: float, y: float) -> None:
    """A faceless placeholder: no real face is ever drawn."""
    skin = rng.choice(SKINS)
    pen.box(x, y, 19, 26, (150, 185, 215))
    pen.ellipse(x + 1, y + 17.5, 17, 18, (60, 66, 90))
    pen.box(x, y + 26, 19, 10, (214, 230, 228))
    pen.ellipse(x + 5, y + 4.5, 9, 13, (30, 26, 26))
    pen.ellipse(x + 5.4, y + 6, 8.2, 12, skin)
