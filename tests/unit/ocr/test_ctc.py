"""CTC lattices: best paths, when a line is contested, and what the language may and may not change."""

import math

import numpy as np
import pytest

from ocr.ctc import Lattice, Run, Search, best_path, contested, joined, probabilities
from ocr.language_model import LanguageModel
from ocr.training.language import prices, write

LETTERS = ["", *"abcdehnộọt0123", " "]
SURE = 0.98


def lattice(*steps: dict[str, float]) -> Lattice:
    """Each step's probabilities; what is left goes to the blank ("" is the blank itself)."""
    made = np.zeros((len(steps), len(LETTERS)), np.float32)
    for row, step in zip(made, steps, strict=True):
        for letter, probability in step.items():
            row[LETTERS.index(letter)] = probability
        row[0] += 1 - row.sum()
    return made


def sure(text: str) -> Lattice:
    """A lattice that spells ``text``: a step for each letter, a blank after it."""
    return lattice(*(step for letter in text for step in ({letter: SURE}, {})))


def spelled(path: tuple[Run, ...]) -> str:
    return "".join(LETTERS[run.letter] for run in path)


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    file = tmp_path_factory.mktemp("language") / "letters.npz"
    write(prices(["bộ the hat"] * 50 + ["bọ"] * 2 + ["can 12"]), file)
    return LanguageModel(file)


@pytest.fixture(scope="module")
def search(language: LanguageModel) -> Search:
    return Search(LETTERS, language)


def test_scores_become_probabilities_and_probabilities_stay() -> None:
    scores = np.array([[0.0, 2.0, 1.0], [5.0, 0.0, 0.0]], np.float32)
    assert probabilities(scores).sum(axis=1) == pytest.approx(1.0)
    given = sure("an")
    assert probabilities(given) is given


def test_repeated_classes_collapse_and_a_blank_parts_equal_letters() -> None:
    path = best_path(lattice({"a": 0.6}, {"a": SURE}, {}, {"a": SURE}, {"n": 0.7}))
    assert spelled(path) == "aan"
    assert path[0] == Run(LETTERS.index("a"), 0, 2, pytest.approx(SURE))
    assert path[2].probability == pytest.approx(0.7)


@pytest.mark.parametrize("cut", range(4, 24))
def test_pieces_that_overlap_make_the_line_again_wherever_it_is_cut(cut: int) -> None:
    line = sure("the hat can ten dent")
    shared = 8
    pieces = [line[: cut + shared].copy(), line[cut:].copy()]
    # at its edges a piece sees half a letter as another
    pieces[0][-1], pieces[1][0] = lattice({"e": SURE})[0], lattice({"e": SURE})[0]
    assert spelled(best_path(joined(pieces, cut))) == "the hat can ten dent"


def test_one_piece_is_the_line() -> None:
    line = sure("the hat")
    assert joined([line], 0) is line


def test_nothing_seen_is_no_path(search: Search) -> None:
    empty = lattice({}, {}, {})
    assert best_path(empty) == ()
    assert contested(empty, ()) == []
    assert search.path(empty) == ((), math.inf)


def test_a_clear_line_is_not_contested() -> None:
    clear = lattice({"a": SURE}, {"a": 0.4}, {}, {"n": 0.3}, {"n": SURE})
    assert not contested(clear, best_path(clear))


@pytest.mark.parametrize(
    "doubtful",
    [
        lattice({"b": SURE}, {}, {"ộ": 0.55, "ọ": 0.44}),
        lattice({"b": SURE}, {}, {"ộ": SURE}, {}, {"t": 0.3}, {}),
        lattice({"t": 0.3}, {}),
    ],
)
def test_a_doubtful_letter_or_one_passed_by_is_contested(doubtful: Lattice) -> None:
    assert contested(doubtful, best_path(doubtful))


def test_the_language_settles_what_the_picture_leaves_open(search: Search) -> None:
    open_mark = lattice({"b": SURE}, {}, {"ọ": 0.52, "ộ": 0.47}, {})
    assert spelled(best_path(open_mark)) == "bọ"
    path = search.path(open_mark).runs
    assert spelled(path) == "bộ"
    assert path[1] == Run(LETTERS.index("ộ"), 2, 3, pytest.approx(0.52))


def test_a_letter_is_as_sure_as_the_picture_is_clear_whoever_chose_it(search: Search) -> None:
    path = search.path(lattice({"b": SURE}, {}, {"ọ": 0.52, "ộ": 0.47}, {})).runs
    assert [run.probability for run in path] == pytest.approx([SURE, 0.52])


def test_a_line_is_searched_only_around_what_is_open(search: Search) -> None:
    clear = sure("the hat the hat ")
    line = np.concatenate([clear, lattice({"b": SURE}, {}, {"ọ": 0.52, "ộ": 0.47}, {}), clear])
    seen = best_path(line)
    (window,) = contested(line, seen)
    assert len(clear) - 4 < window.begin < len(clear) + 2
    assert window.end < len(clear) + 16
    assert spelled(search.path(line).runs) == "the hat the hat bộthe hat the hat "
    assert search.path(line).runs[-8:] == seen[-8:]


def test_the_least_clear_stretch_tells_how_far_the_reading_leads(language: LanguageModel) -> None:
    picture = Search(LETTERS, None)
    close = lattice({"b": SURE}, {}, {"ọ": 0.52, "ộ": 0.47}, {})
    assert picture.path(close).lead == pytest.approx(math.log(0.52 / 0.47), abs=1e-3)
    far = lattice({" ": SURE}, {}, {"h": 0.8, "b": 0.1}, {}, {" ": SURE})
    both = picture.path(np.concatenate([far, sure("the hat"), close]))
    assert both.lead == pytest.approx(picture.path(close).lead)
    assert picture.path(far).lead == pytest.approx(math.log(8), abs=1e-3)
    alone = np.full((3, len(LETTERS)), 0.2 / (len(LETTERS) - 1), np.float32)
    alone[[0, 1, 2], [0, LETTERS.index("a"), 0]] = 0.8
    assert 5 < picture.path(alone).lead < math.inf  # doubtful, yet nothing else is followed
    # what the language expects leads by more, what it does not by less
    expected, strange = (
        lattice({"b": SURE}, {}, {letter: 0.7, other: 0.25}, {}) for letter, other in ("ộọ", "ọộ")
    )
    heard = Search(LETTERS, language)
    assert heard.path(expected).lead > picture.path(expected).lead
    assert heard.path(strange).lead < picture.path(strange).lead


def test_garbage_in_which_nothing_is_probable_is_read_without_certainty(
    language: LanguageModel,
) -> None:
    many = ["", *(chr(code) for code in range(0x4E00, 0x4E00 + 99))]
    flat = np.full((6, len(many)), 0.01, np.float32)
    assert all(run.probability < 0.1 for run in Search(many, language).path(flat).runs)
    mixed = np.concatenate([flat, flat])
    mixed[::2, 5] = 0.02
    assert all(run.probability < 0.1 for run in Search(many, language).path(mixed).runs)


def test_two_open_places_are_both_settled(search: Search) -> None:
    open_mark = lattice({"b": SURE}, {}, {"ọ": 0.52, "ộ": 0.47}, {}, {" ": SURE})
    line = np.concatenate([open_mark, sure("the hat the hat "), open_mark])
    assert len(contested(line, best_path(line))) == 2
    assert spelled(search.path(line).runs) == "bộ the hat the hat bộ "


def test_letters_before_the_window_count(search: Search) -> None:
    line = np.concatenate([sure("hat th"), lattice({"a": 0.52, "e": 0.47}, {})])
    (window,) = contested(line, best_path(line))
    assert window.first == len("hat t")
    assert spelled(search.path(line).runs) == "hat the"
    assert spelled(search.path(line[window.begin :]).runs) == "ha"


def test_the_language_does_not_change_what_is_seen_clearly(search: Search) -> None:
    rare = lattice({"b": SURE}, {}, {"ọ": SURE, "ộ": 0.01}, {}, {" ": SURE}, {"d": 0.7, "t": 0.2})
    assert spelled(search.path(rare).runs).startswith("bọ ")


def test_the_language_has_no_opinion_between_figures(search: Search) -> None:
    figures = lattice({"1": SURE}, {}, {"3": 0.5, "2": 0.48})
    assert spelled(search.path(figures).runs) == "13"


@pytest.mark.parametrize("seed", range(40))
def test_without_a_language_the_search_finds_the_best_path(seed: int) -> None:
    chance = np.random.default_rng(seed)
    noise = chance.dirichlet(np.full(len(LETTERS), 0.05), 30).astype(np.float32)
    found = Search(LETTERS, None).path(noise)
    assert spelled(found.runs) == spelled(best_path(noise))
    assert 0 <= found.lead < math.inf


@pytest.mark.parametrize("text", ["bộ the hat", "aa bb", "dddd"])
def test_search_and_best_path_agree_where_nothing_is_open(search: Search, text: str) -> None:
    assert search.path(sure(text)) == (best_path(sure(text)), math.inf)
