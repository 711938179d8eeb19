"""Electronic addresses and names of files: small Latin letters without marks, and signs without spaces."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ocr.training import alphabet

_MAIL = ("gmail.com", "yahoo.com", "yahoo.com.vn", "hotmail.com", "outlook.com", "icloud.com")
_LABELS = ("Email: ", "E-mail: ", "email: ", "Thư điện tử: ", "Địa chỉ email: ", "Email:")
_WEB_LABELS = ("Website: ", "Trang thông tin điện tử: ", "Cổng dịch vụ công: ", "Web: ")
_SCHEMES = ("https://", "http://", "www.", "https://www.", "")
_ENDS = ("gov.vn", "gov.vn", "com.vn", "com", "vn", "org.vn", "edu.vn", "net")
_PATHS = ("", "", "/", "/tin-tuc", "/p/home", "/index.html", "/tra-cuu", "/dvc?id=")
_FILES = ("pdf", "PDF", "docx", "doc", "xlsx", "jpg", "JPG", "png", "xml", "zip")


def unmarked(text: str) -> str:
    """The text as telegrams, passports and file names write it: ``Nguyễn`` → ``Nguyen``."""
    return "".join(map(alphabet.bare, text))


def electronic(rng: random.Random, words: Sequence[str]) -> str:
    """A mail or web address or the name of a file, made of some of these words."""
    maker = rng.choice((_mail, _mail, _web, _file))
    return maker(rng, [unmarked(rng.choice(words)).lower() for _ in range(rng.randint(1, 4))])


def _number(rng: random.Random) -> str:
    return str(rng.randint(0, 10 ** rng.randint(1, 4))) if rng.random() < 0.5 else ""


def _mail(rng: random.Random, words: list[str]) -> str:
    own = rng.choice(("", "", ".", "_", "-")).join(words) + _number(rng)
    office = unmarked(rng.choice(words)) + "." + rng.choice(_ENDS)
    host = rng.choice(_MAIL) if rng.random() < 0.7 else office
    return f"{rng.choice(_LABELS) if rng.random() < 0.5 else ''}{own}@{host}"


def _web(rng: random.Random, words: list[str]) -> str:
    host = f"{rng.choice(_SCHEMES)}{rng.choice(('', '', '-', '.')).join(words)}.{rng.choice(_ENDS)}"
    path = rng.choice(_PATHS)
    label = rng.choice(_WEB_LABELS) if rng.random() < 0.3 else ""
    return f"{label}{host}{path}{_number(rng) if path.endswith('=') else ''}"


def _file(rng: random.Random, words: list[str]) -> str:
    name = rng.choice(("_", "_", "-", "")).join((*words, _number(rng) or words[0]))
    return f"{name}.{rng.choice(_FILES)}"
