"""Round red seals and signatures, drawn over the signer's block."""

import math
import random
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from ingest.samples.drawing import A4_MM
from ingest.samples.typefaces import Typeface, installed_sans

RED = (205, 38, 48)


def seal(text: str, *, dpi: int, centre: str = "★") -> Image.Image:
    """A round seal of 36 mm with ``text`` along its edge, on white."""
    return _seal(text, dpi, centre).copy()


@lru_cache(maxsize=4)
def _seal(text: str, dpi: int, centre: str) -> Image.Image:
    size = round(36 / 25.4 * dpi)
    image = Image.new("RGB", (size, size), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    thick = max(2, round(dpi / 90))
    draw.ellipse((thick, thick, size - thick, size - thick), outline=RED, width=thick)
    inner = size * 0.26
    draw.ellipse((inner, inner, size - inner, size - inner), outline=RED, width=max(1, thick // 2))
    face = installed_sans()[0]
    _text_on_circle(image, text, face, radius=size * 0.37)
    _star(draw, size / 2, size * 0.16, centre)
    return image


def _text_on_circle(image: Image.Image, text: str, face: Typeface, *, radius: float) -> None:
    size = image.width
    height = max(8, round(size * 0.085))
    font = face.font("bold", height)
    step = min(2 * math.pi * 0.94 / max(len(text), 1), 1.1 * height / radius)
    angle = -math.pi / 2 - step * (len(text) - 1) / 2
    for letter in text:
        cell = Image.new("L", (height * 2, height * 2), 0)
        ImageDraw.Draw(cell).text((height, height), letter, font=font, anchor="mm", fill=255)
        turned = cell.rotate(-math.degrees(angle) - 90, resample=Image.Resampling.BILINEAR)
        x = size / 2 + radius * math.cos(angle) - height
        y = size / 2 + radius * math.sin(angle) - height
        image.paste(RED, (round(x), round(y)), turned)
        angle += step


def _star(draw: ImageDraw.ImageDraw, middle: float, radius: float, centre: str) -> None:
    if centre != "★":
        return
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.4
        angle = -math.pi / 2 + corner * math.pi / 5
        points.append((middle + reach * math.cos(angle), middle + reach * math.sin(angle)))
    draw.polygon(points, fill=RED)


def signature(rng: random.Random, *, dpi: int) -> Image.Image:
    """A pen's flourish of about 38 × 18 mm in blue or black, on white."""
    width, height = round(38 / 25.4 * dpi), round(18 / 25.4 * dpi)
    image = Image.new("RGB", (width, height), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    ink = rng.choice(((25, 35, 140), (30, 60, 170), (20, 20, 30)))
    points: list[tuple[float, float]] = []
    anchors = [
        (width * (0.08 + 0.84 * step / 7), height * rng.uniform(0.12, 0.88)) for step in range(8)
    ]
    for before, here, after in zip(anchors, anchors[1:], anchors[2:], strict=False):
        start = ((before[0] + here[0]) / 2, (before[1] + here[1]) / 2)
        end = ((here[0] + after[0]) / 2, (here[1] + after[1]) / 2)
        pull = (here[0] + rng.uniform(-0.16, 0.1) * width, here[1])
        for step in range(13):
            t = step / 12
            points.append(
                (
                    (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * pull[0] + t * t * end[0],
                    (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * pull[1] + t * t * end[1],
                )
            )
    draw.line(points, fill=ink, width=max(2, round(dpi / 75)), joint="curve")
    draw.line((width * 0.1, height * 0.8, width * 0.9, height * 0.62), fill=ink,
              width=max(1, round(dpi / 110)))  # fmt: skip
    return image


def stamp_and_sign(
    page: Image.Image, rng: random.Random, *, agency: str, block_mm: float, dpi: int
) -> None:
    """Seal the page over the left third of the signer's block and sign it, as the rules ask."""
    block = min(block_mm, A4_MM[1] - 42)
    scribble = signature(rng, dpi=dpi)
    press(page, scribble, (150 - 19 + rng.uniform(-4, 4), block + 8 + rng.uniform(0, 4)), dpi)
    turned = seal(agency, dpi=dpi).rotate(
        rng.uniform(-14, 14), resample=Image.Resampling.BILINEAR, fillcolor=(255, 255, 255)
    )
    strength = rng.uniform(0.55, 0.95)
    faded = Image.blend(Image.new("RGB", turned.size, (255, 255, 255)), turned, strength)
    place = (118 + rng.uniform(-6, 8), block - rng.uniform(-4, 6))
    press(page, faded, place, dpi)


def press(page: Image.Image, layer: Image.Image, place_mm: tuple[float, float], dpi: int) -> None:
    """Ink ``layer``, on white, upon what is printed; ``place_mm`` is its upper left corner."""
    x, y = (round(mm / 25.4 * dpi) for mm in place_mm)
    x = max(0, min(x, page.width - layer.width))
    y = max(0, min(y, page.height - layer.height))
    box = (x, y, x + layer.width, y + layer.height)
    page.paste(ImageChops.multiply(page.crop(box), layer), box)
