"""The learning curve as a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def draw(log: Path, picture: Path) -> None:
    """Plot held-out error rates and training loss over the lines seen."""
    entries: list[dict[str, Any]] = [
        json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()
    ]
    exams = [entry for entry in entries if entry["kind"] == "exam"]
    steps = [entry for entry in entries if entry["kind"] == "step"]
    # A bare figure needs no screen and no global state.
    figure = Figure(figsize=(8, 4.5))
    FigureCanvasAgg(figure)
    errors = figure.add_subplot()
    if exams:
        seen = [entry["lines"] / 1000 for entry in exams]
        errors.plot(seen, [100 * entry["cer"] for entry in exams], "o-", label="CER, held-out")
        errors.plot(
            seen, [100 * entry["tone"] for entry in exams], "s--", label="tone errors, held-out"
        )
    errors.set_yscale("log")
    errors.set_xlabel("thousand lines seen")
    errors.set_ylabel("% of letters")
    errors.grid(visible=True, which="both", alpha=0.3)
    loss = errors.twinx()
    loss.plot(
        [entry["lines"] / 1000 for entry in steps],
        [entry["loss"] for entry in steps],
        color="grey",
        alpha=0.6,
        label="loss, training",
    )
    loss.set_yscale("log")
    loss.set_ylabel("CTC loss")
    errors.legend(loc="upper right")
    figure.tight_layout()
    figure.savefig(picture, dpi=110)
