"""Tables of benches, for the terminal and for pages of ``docs``. Pure."""

from dataclasses import dataclass

NONE = "–"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table of text; the first column names who did it."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """As a Markdown table, numbers to the right."""
        ruler = ["---", *("---:" for _ in self.header[1:])]
        lines = [self.header, ruler, *self.rows]
        return "\n".join("| " + " | ".join(cell for cell in line) + " |" for line in lines)


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """When, where and how the run was made."""

    date: str
    command: str
    cores: int
    processor: str
    load: float
    """Load average when the run began: how busy the machine was with other things."""
    python: str

    def facts(self) -> dict[str, str]:
        """As a page tells them."""
        return {
            "Date": self.date,
            "Command": f"`{self.command}`",
            "Machine": f"{self.processor}, {self.cores} cores; "
            f"load {self.load:.1f} when the run began",
            "Python": self.python,
        }


def share(value: float, *, places: int = 2) -> str:
    """In percent."""
    return f"{100 * value:.{places}f}"


def ratio(value: float, base: float | None) -> str:
    """``value`` as so many times ``base``."""
    return f"{value / base:.2f} ×" if base else NONE
