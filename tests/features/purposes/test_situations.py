"""How sums stand among the others of their document."""

from __future__ import annotations

import numpy as np

from features.amounts import sums
from features.engine import trie
from features.purposes import situations

WRITTEN = ["省级30万市级10万县级10万押金500元", "年薪8千", "没有钱"]
FEE, OTHER = sums.FEE, sums.OTHER


def amounts(rows):
    """Sums of ``WRITTEN``: text, what is written, yuan, role."""
    columns = {name: [] for name in sums.Sums._fields}
    ends = {}
    for text, raw, yuan, role in rows:
        start = WRITTEN[text].index(raw, ends.get(text, 0))
        ends[text] = start + len(raw)
        row = {
            "texts": text, "fields": 1, "starts": start, "ends": ends[text], "firsts": start, "lasts": ends[text],
            "cents": yuan * sums.CENTS, "most": sums.OPEN_END, "is_approximate": False, "roles": role,
            "periods": sums.NO_PERIOD,
        }  # fmt: skip
        for name, value in row.items():
            columns[name].append(value)
    return sums.Sums(
        *(np.array(columns[name], dtype=np.int64) for name in sums.Sums._fields)
    )


def told(rows, *questions):
    points = trie.points_of("".join(f"{text}\n" for text in WRITTEN))
    first = np.cumsum([0, *(len(text) + 1 for text in WRITTEN)])
    here = situations.situations(
        amounts(rows), points, first, ["offer", "other", "report"], is_job=np.array([False, True, False])
    )  # fmt: skip
    return [
        [situations.QUESTIONS[name][number] for number in here.of(name).tolist()]
        for name in questions
    ]


ROWS = [
    (0, "30万", 300_000, FEE),
    (0, "10万", 100_000, FEE),
    (0, "10万", 100_000, OTHER),
    (0, "500元", 500, FEE),
    (1, "8千", 8_000, OTHER),
]


def test_a_sum_is_ranked_among_those_of_its_own_document():
    rank, repeated, count, place = told(ROWS, "rank", "repeated", "count", "place")
    assert rank == ["0", "1", "1", "3", "0"]
    assert repeated == ["no", "yes", "yes", "no", "no"]
    assert count == ["4", "4", "4", "4", "1"]
    assert place == ["first", "middle", "middle", "last", "only"]


def test_neighbours_of_other_documents_are_none():
    before, ratio, gap = told(ROWS, "before role", "before ratio", "before gap")
    assert before == ["none", "agency_fee", "agency_fee", "other", "none"]
    assert ratio == ["none", "less", "equal", "far less", "none"]
    assert gap == ["none", "touching", "touching", "touching", "none"]
    behind, ratio = told(ROWS, "behind role", "behind ratio")
    assert behind == ["agency_fee", "other", "agency_fee", "none", "none"]
    assert ratio == ["more", "equal", "far more", "none", "none"]


def test_what_is_written_and_what_the_document_does_is_told():
    unit, digits, zeros, doing, job, fee = told(
        ROWS, "unit", "digits", "zeros", "stance", "job", "fee elsewhere"
    )
    assert unit == ["万", "万", "万", "元", "千"]
    assert digits == ["6", "6", "6", "3", "4"]
    assert zeros == ["5", "5", "5", "2", "3"]
    assert doing == ["offer"] * 4 + ["other"]
    assert job == ["no"] * 4 + ["yes"]
    assert fee == ["yes", "yes", "yes", "yes", "no"]


def test_a_sum_answers_alike_whatever_other_documents_say():
    assert told(ROWS[4:], "rank", "count", "before role") == [
        one[4:] for one in told(ROWS, "rank", "count", "before role")
    ]


def test_questions_taken_together_have_a_number_for_each_pair_of_answers():
    answers = np.zeros((2, len(situations.QUESTIONS)), dtype=np.int64)
    names = list(situations.QUESTIONS)
    answers[1, names.index("stance")] = 3
    answers[:, names.index("role")] = 2
    here = situations.Situations(answers)
    assert here.of("role", "stance").tolist() == [10, 13]
    assert here.of().tolist() == [0, 0]


def test_without_sums_there_are_no_answers():
    assert told([], "rank", "unit", "before role") == [[], [], []]
