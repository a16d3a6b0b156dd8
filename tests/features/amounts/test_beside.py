"""Characters beside places, for one place after the other and for many texts at once."""

import random

import numpy as np
import pytest

from features.amounts import beside
from features.engine import trie

REACH = (6, 4)


def test_places_of_many_texts_give_what_each_gives_alone():
    rng = random.Random(3)
    texts = ["".join(rng.choices("交元/5709,\n", k=rng.randrange(1, 14))) for _ in range(300)]  # fmt: skip
    spans = [sorted(rng.choices(range(len(text) + 1), k=2)) for text in texts]
    starts, ends = np.array(spans).T
    sides = [
        (text[max(0, start - REACH[0]) : start], text[end : end + REACH[1]])
        for text, (start, end) in zip(texts, spans, strict=True)
    ]
    points = trie.points_of("\n".join([*texts, ""]))
    first = np.cumsum([0, *(len(text) + 1 for text in texts)])
    owners = np.arange(len(texts))
    found = beside.lines_of(points, first, owners, starts, ends, reach=REACH)
    assert found.tolist() == beside.lines(sides, reach=REACH).tolist()


def test_no_places_have_no_lines():
    assert beside.lines([], reach=REACH).shape == (0, 10)


def test_the_edge_of_a_text_looks_like_line_breaks():
    (line,) = beside.lines([("交", "7元")], reach=REACH)
    assert "".join(map(chr, line)) == "交\n\n\0\0\0" + "0元\n\0"


@pytest.mark.parametrize("width", [1, 5])
def test_a_table_of_any_width_adds_up(width):
    table = beside.parse(f"base\t{' '.join('1' * width)}\n<交\t{' '.join('2' * width)}\n>>元,\t{' '.join('4' * width)}\n", width=width)  # fmt: skip
    lines = beside.lines([("交", ""), ("", "5元,"), ("交", "元,")], reach=REACH)
    found = table.weights([table.whole["base"]] * 3, lines, before=REACH[0])
    assert found.tolist() == [[3] * width, [5] * width, [7] * width]
