"""How golden readings keep a line, and give it back."""

from typing import Any

import numpy as np

from ocr.text_line import TextLine


def packed(line: TextLine) -> dict[str, Any]:
    corners = line.place.round()
    return {
        "page": line.page,
        "row": line.row,
        "text": line.text,
        "sure": round(min(line.sure), 3),
        "agreed": line.agreed and "".join(str(int(flag)) for flag in line.agreed),
        "box": [
            *corners.min(axis=0).astype(int).tolist(),
            *corners.max(axis=0).astype(int).tolist(),
        ],
    }


def unpacked(entry: dict[str, Any]) -> TextLine:
    left, top, right, bottom = map(float, entry["box"])
    return TextLine(
        page=entry["page"],
        row=entry["row"],
        text=entry["text"],
        confidence=entry["sure"],
        sure=(entry["sure"],) * len(entry["text"]),
        agreed=entry["agreed"] and tuple(flag == "1" for flag in entry["agreed"]),
        positions=(),
        crop=None,
        place=np.array([[left, top], [right, top], [right, bottom], [left, bottom]]),
        to_scan=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        crop_width=right - left,
    )
