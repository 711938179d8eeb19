"""Pages with the text of every line."""

from ingest.samples.damage import DamageLevel
from ingest.samples.drawing import Written
from ingest.samples.pages import make_page, printed_lines


def test_a_page_tells_its_lines() -> None:
    page = make_page(0, seed=3, level=DamageLevel.LIGHT)
    assert page == make_page(0, seed=3, level=DamageLevel.LIGHT)
    assert len(page.lines) > 12
    assert any("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in line for line in page.lines)
    assert all(line == " ".join(line.split()) and "...." not in line for line in page.lines)
    assert page.content[:2] in {b"\xff\xd8", b"II", b"MM"}


def written(left: float, right: float, baseline: float, text: str) -> Written:
    return Written(left=left, right=right, baseline=baseline, text=text)


def test_runs_become_lines_where_a_reader_sees_one() -> None:
    runs = [
        written(20, 50, 40, "Giới tính: "),
        written(50, 55, 40, "Nữ"),
        written(56, 90, 40, "......"),
        written(110, 140, 40, "Dân tộc:"),
        written(20, 60, 30, "Họ, chữ đệm, tên"),
        written(61, 65, 30, "An"),
        written(65.1, 66, 30, ","),
    ]
    assert printed_lines(runs) == ("Họ, chữ đệm, tên An,", "Giới tính: Nữ", "Dân tộc:")
