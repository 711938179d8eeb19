"""The peers that need an environment of their own: what is installed, and what to know about each."""

from dataclasses import dataclass
from importlib.metadata import version

_RUNTIME = f"onnxruntime=={version('onnxruntime')}"
"""The same ONNX runtime for everybody, so that networks are compared and not runtimes."""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A reader from a package index."""

    key: str
    version: str
    requirements: tuple[str, ...]
    reads_lines: bool
    """Reads our line pictures; else whole pages."""
    programs: tuple[str, ...] = ()
    """Programs of the system it needs."""
    about: str = ""

    @property
    def folder(self) -> str:
        """Name of its environment's folder."""
        return f"{self.key}-{self.version}"


PEERS = (
    Peer(
        key="asterocr",
        version="1.0.2",
        requirements=("asterocr==1.0.2", "numpy==2.4.6", "pillow==13.0.0", _RUNTIME),
        reads_lines=True,
        about="the network of its wheel on our line pictures, with a border of 6 % of their height above "
        "and below (it halves its errors), one thread; it fails on lines wider than 1,024 pixels at its "
        "height of 32, so those are cut at their widest gaps",
    ),
    Peer(
        key="rapidocr",
        version="3.10.0",
        requirements=(
            *("rapidocr==3.10.0", "numpy==2.4.6", "pillow==13.0.0"),
            *("opencv-python-headless==5.0.0.93", _RUNTIME),
        ),
        reads_lines=False,
        about="its defaults (PP-OCRv6 small) with the models of its wheel, one thread; the alphabet "
        "lacks 88 of the 134 accented letters",
    ),
    Peer(
        key="ocrmypdf",
        version="17.13.0",
        requirements=("ocrmypdf==17.13.0", "pillow==13.0.0"),
        reads_lines=False,
        programs=("tesseract",),
        about="`--language vie --jobs 1 --output-type none --sidecar`: recognition only, no PDF written, "
        "so Ghostscript is not needed",
    ),
)
