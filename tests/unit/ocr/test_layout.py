"""Pieces to lines: rows, gaps, leaders, two rows in one piece."""

from dataclasses import replace

import cv2
import numpy as np

from domain.page import Pixels
from ocr.crops import cut
from ocr.detection import Piece, piece_around
from ocr.layout import arrange
from ocr.leaders import without_leaders


def blank() -> Pixels:
    return np.full((800, 1500), 255, np.uint8)


def piece(left: float, top: float, right: float, bottom: float) -> Piece:
    return Piece(
        x=(left + right) / 2,
        y=(top + bottom) / 2,
        width=right - left,
        height=bottom - top,
        angle=0.0,
    )


def reaches(pieces: list[Piece]) -> list[tuple[int, int]]:
    return [(round(item.left), round(item.right)) for item in pieces]


def test_reading_order_is_rows_then_columns() -> None:
    pieces = [piece(600, 102, 900, 132), piece(100, 200, 400, 230), piece(100, 100, 400, 130)]
    places = arrange(pieces, blank())
    assert [(place.row, round(place.piece.left)) for place in places] == [
        (0, 100),
        (0, 600),
        (1, 100),
    ]


def test_word_gaps_join_and_column_gaps_part() -> None:
    pieces = [piece(100, 100, 300, 130), piece(320, 100, 500, 130), piece(700, 100, 900, 130)]
    assert reaches([place.piece for place in arrange(pieces, blank())]) == [(100, 500), (700, 900)]


def test_rows_of_a_skewed_page_stay_apart() -> None:
    turn = np.deg2rad(1.0)
    pieces = []
    for row in range(3):
        for column in range(2):
            x, y = 250.0 + 580 * column, 100.0 + 45 * row
            pieces.append(
                Piece(x=x, y=y + x * float(np.tan(turn)), width=560, height=30, angle=1.0)
            )
    places = arrange(pieces, blank())
    assert [place.row for place in places] == [0, 1, 2]  # neighbours 20 px apart are one line
    assert all(place.piece.width > 1000 for place in places)


def test_the_dots_of_an_empty_line_are_no_text() -> None:
    page = blank()
    for x in range(100, 170, 9):
        cv2.circle(page, (x, 220), 3, (0,), -1)
    rows = [piece(100, 100 + 200 * row, 400, 140 + 200 * row) for row in range(3)]
    dots = piece(98, 215, 170, 226)
    small = piece(100, 250, 400, 264)
    assert len(arrange([*rows, dots, small], page)) == len([*rows, small])


def test_two_rows_in_one_piece_are_parted() -> None:
    page = blank()
    cv2.putText(page, "ABCDEFGH", (100, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0,), 3)
    cv2.putText(page, "IJKLMNOP", (100, 175), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0,), 3)
    others = [piece(100, 300 + 50 * row, 400, 330 + 50 * row) for row in range(4)]
    places = arrange([piece(95, 100, 420, 180), *others], page)
    assert len(places) == 6
    assert abs(places[0].piece.bottom - places[1].piece.top) < 2


def test_dotted_leaders_are_cut_away() -> None:
    page = blank()
    cv2.putText(page, "Nam", (100, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    for x in range(190, 500, 9):
        cv2.circle(page, (x, 128), 1, (0,), -1)
    cv2.putText(page, "Kinh", (520, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    first, second = without_leaders(piece(98, 104, 610, 136), page)
    assert round(first.left) == 98
    assert first.right < 190
    assert second.left > 497
    assert round(second.right) == 610


def test_print_upon_a_dotted_line_is_not_cut_where_some_of_its_dots_show() -> None:
    page = blank()
    for left, right, top in ((100, 118, 106), (123, 126, 118), (132, 150, 116)):
        page[top:131, left:right] = 0
    for x in range(114, 144, 6):
        cv2.circle(page, (x, 135), 1, (0,), -1)
    text = piece(98, 104, 152, 138)
    assert without_leaders(text, page) == [text]


def test_a_mere_leader_is_nothing() -> None:
    page = blank()
    for x in range(100, 500, 9):
        cv2.circle(page, (x, 128), 1, (0,), -1)
    assert without_leaders(piece(98, 104, 505, 136), page) == []


def test_the_first_dots_of_a_leader_go_with_the_rest_of_it() -> None:
    page = blank()
    cv2.putText(page, "Kinh", (100, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    for x in range(185, 600, 9):
        cv2.circle(page, (x, 128), 1, (0,), -1)
    for right in (
        178,
        188,
        198,
    ):  # the detector's edge: before, after the first dot, after the second
        (text,) = without_leaders(piece(98, 104, right, 136), page)
        assert round(text.left) == 98
        assert text.right < 184


def test_a_colon_before_a_leader_stays_whole() -> None:
    page = blank()
    cv2.putText(page, "Kinh", (100, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    for x in range(190, 600, 9):
        cv2.circle(page, (x, 128), 2, (0,), -1)
    cv2.circle(page, (181, 114), 2, (0,), -1)
    cv2.circle(page, (181, 128), 2, (0,), -1)
    (text,) = without_leaders(piece(98, 104, 186, 136), page)
    assert cut(page, text).box(0, cut(page, text).pixels.shape[1])[1][0] in range(184, 189)


def test_a_faint_piece_counts_only_where_a_leader_makes_it_faint() -> None:
    page = blank()
    cv2.putText(page, "So: 17", (100, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    cv2.putText(page, "So: 17", (100, 230), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    for x in range(220, 600, 9):
        cv2.circle(page, (x, 128), 1, (0,), -1)
        cv2.circle(page, (x, 328), 1, (0,), -1)
    faint = [replace(piece(98, top, 600, top + 32), faint=True) for top in (104, 204, 304)]
    (place,) = arrange(faint, page)
    assert round(place.piece.left) == 98
    assert place.piece.right < 220


def test_a_comma_among_dirt_is_no_leader() -> None:
    page = blank()
    cv2.putText(page, "An", (100, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    cv2.putText(page, "xa", (215, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    dirt = [(158, 161, 128, 129), (170, 174, 125, 131), (182, 184, 128, 129), (194, 196, 128, 129)]
    for left, right, top, bottom in dirt:
        page[top : bottom + 1, left : right + 1] = 0
    text = piece(98, 104, 250, 136)
    assert without_leaders(text, page) == [text]


def test_hyphens_and_stops_are_no_leaders() -> None:
    page = blank()
    cv2.putText(page, "A-B. i.e. 1.2.3...", (100, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    text = piece(98, 104, 420, 138)
    assert without_leaders(text, page) == [text]


def test_a_crop_of_a_turned_line_is_level_and_maps_back() -> None:
    page = blank()
    corners = np.array([[200.0, 300.0], [500.0, 330.0], [497.0, 360.0], [197.0, 330.0]])
    cv2.fillPoly(page, [corners.astype(np.int32)], (140,))
    crop = cut(page, piece_around(corners))
    inner = crop.pixels[8:-8, 16:-16]
    assert inner.mean() < 150
    back = crop.box(0, crop.pixels.shape[1])
    assert np.hypot(*(back.mean(axis=0) - corners.mean(axis=0))) < 3


def test_a_note_down_the_margin_is_in_no_row() -> None:
    rows = [piece(200, 100 + 40 * n, 700, 130 + 40 * n) for n in range(12)]
    note = piece(60, 100, 90, 580)
    places = arrange([*rows, note], blank())
    assert [round(place.piece.top) for place in places] == [*[100 + 40 * n for n in range(12)], 100]
    assert len({place.row for place in places}) == 13


def test_print_found_twice_belongs_to_the_piece_that_begins_with_it() -> None:
    # "Năm sinh: 1971 Dân" and "Dân tộc: Kinh": found as two rows, each with the word between them
    places = arrange([piece(138, 100, 489, 130), piece(401, 100, 637, 130)], blank())
    assert reaches([place.piece for place in places]) == [(138, 637)]


def test_what_is_filled_in_above_its_line_is_found_with_its_label_once() -> None:
    # "Sinh ngày: 14/06/" and, a little higher, "14/06/1969"
    label, value = piece(429, 449, 757, 509), piece(606, 442, 849, 495)
    assert reaches([place.piece for place in arrange([label, value], blank())]) == [(429, 849)]
    stamp = piece(606, 400, 849, 560)
    assert len(arrange([label, stamp], blank())) == 2


def test_a_piece_is_carried_on_to_where_another_begins_that_reaches_further() -> None:
    # "Đăng ký ngày" 28 "tháng" 08 "năm 19 84", the figures a little higher than the words
    page = blank()
    words = piece(86, 66, 496, 120), piece(683, 65, 846, 114), piece(1066, 58, 1467, 121)
    figures = piece(498, 54, 571, 101), piece(1000, 48, 1071, 95)
    for each in (*words, *figures):
        for x in np.arange(each.left + 6, each.right - 14, 18):
            top, bottom = round(each.top) + 2, round(each.bottom) - 2
            cv2.rectangle(page, (round(x), top), (round(x) + 13, bottom), 0, -1)
    places = arrange([*words[:2], replace(words[2], angle=-2.4), *figures], page)
    assert {place.row for place in places} == {0}
    assert reaches([place.piece for place in places])[-1][1] >= 1455


def test_low_figures_filled_in_within_a_row_are_the_same_print_found_twice() -> None:
    row, figures = piece(292, 155, 1184, 209), piece(746, 149, 804, 182)
    rest = piece(1240, 154, 1300, 206)
    assert len(arrange([row, figures], blank())) == 1
    assert {place.row for place in arrange([row, figures, rest], blank())} == {0}
    seal = piece(700, 140, 850, 200)
    assert len(arrange([seal, figures], blank())) == 2


def test_a_piece_within_another_is_the_same_print_found_twice() -> None:
    label, value, again = (
        piece(100, 108, 410, 138),
        piece(430, 100, 1100, 132),
        piece(430, 104, 470, 130),
    )
    assert reaches([place.piece for place in arrange([label, again, value], blank())]) == [
        (100, 1100)
    ]


def test_a_word_in_a_stamp_is_no_part_of_the_stamp() -> None:
    stamp, word = piece(100, 80, 300, 160), piece(150, 110, 280, 138)
    assert len(arrange([stamp, word, piece(500, 110, 900, 140)], blank())) == 3


def test_a_high_piece_across_a_row_is_no_part_of_the_row() -> None:
    row, seal = piece(100, 110, 500, 140), piece(300, 70, 380, 180)
    assert len(arrange([row, seal, piece(600, 110, 900, 140)], blank())) == 3
