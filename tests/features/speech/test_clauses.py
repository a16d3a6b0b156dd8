"""Clauses: what runs tell of them, alone and by traits, for their own clause and for those beside."""

import numpy as np

from features import catalogue
from features.engine import trie
from features.speech import clauses, phrasebook, phrases, traits

FOMO = catalogue.SIGNALS.index("fomo")


def line(run, *numbers):
    shown = [*numbers, *(0,) * (traits.WIDTH - len(numbers))]
    return f"{run}\t{' '.join(map(str, shown))}"


def odds(*listed, table):
    """The same in clauses of one text."""
    return told(listed, [0] * len(listed), table).tolist()


def told(listed, texts, table):
    """Log-odds of ``fomo`` in clauses of texts."""
    sizes = [len(one) for one in listed]
    hidden = phrases.Masked(
        trie.points_of("".join(listed)),
        np.arange(sum(sizes)),
        np.repeat(texts, sizes),
        np.repeat(np.arange(len(listed)), sizes),
    )
    joined = clauses.table(phrasebook.parse(""), traits.parse("\n".join(table)))
    speakers = np.zeros(max(texts) + 1, dtype=np.int64)
    return joined.odds(hidden, speakers, np.zeros(len(listed)))[:, FOMO]


TOLD = line("@fomo", 2000, -1000)


def test_a_trait_speaks_once_a_clause_has_it_and_by_how_much():
    table = [TOLD, line("@base", -1000), line("风", 1500), line("潮", 1500)]
    assert odds("水", "风", "风潮", "风风", table=table) == [0, 1, 4, 1]


def test_what_is_below_zero_says_nothing():
    table = [TOLD, line("风", -500, -500), line("潮", 500, 500)]
    assert odds("风", "潮", table=table) == [0, 0.5]


def test_runs_beside_move_the_clauses_before_and_behind_in_one_text_alone():
    table = [TOLD, line("∥风", 500)]
    assert odds("水", "风", "水", "水", table=table) == [1, 0, 1, 0]
    assert not told(["水", "风"], [0, 1], table).any()


def test_without_lines_nothing_is_added():
    assert odds("风", "潮", table=[]) == [0, 0]


def test_a_joined_table_adds_what_its_parts_tell():
    """Against sums run by run, over texts of random runs."""
    chance = np.random.default_rng(7)
    letters = "风潮水岛主"
    runs = sorted({"".join(chance.choice(list(letters), size)) for size in (1, 2, 3) for _ in range(12)})  # fmt: skip
    signals = {run: chance.integers(-300, 300, len(catalogue.SIGNALS)) for run in runs[::2]}  # fmt: skip
    beside = {run: chance.integers(-300, 300, len(catalogue.SIGNALS)) for run in runs[1::3]}  # fmt: skip
    moved = {run: chance.integers(-900, 900, traits.WIDTH) for run in runs[::3]}
    pushed = {run: chance.integers(-900, 900, traits.WIDTH) for run in runs[2::3]}
    whole = chance.integers(-900, 900, (len(catalogue.SIGNALS), traits.WIDTH))
    shown = lambda numbers: " ".join(map(str, numbers))  # noqa: E731
    none = "0 0 0 0 0 "
    book = phrasebook.parse("\n".join([f"{run}\t{none}{shown(row)}" for run, row in signals.items()] + [f"∥{run}\t{none}{shown(row)}" for run, row in beside.items()]))  # fmt: skip
    trait = traits.parse("\n".join([f"@{name}\t{shown(row)}" for name, row in zip(catalogue.SIGNALS, whole, strict=True)] + [f"{run}\t{shown(row)}" for run, row in moved.items()] + [f"∥{run}\t{shown(row)}" for run, row in pushed.items()]))  # fmt: skip
    listed = ["".join(chance.choice(list(letters), size)) for size in chance.integers(1, 9, 40)]  # fmt: skip
    texts = np.sort(chance.integers(0, 12, 40))
    texts = np.unique(texts, return_inverse=True)[1]
    sizes = [len(one) for one in listed]
    hidden = phrases.Masked(
        trie.points_of("".join(listed)),
        np.arange(sum(sizes)),
        np.repeat(texts, sizes),
        np.repeat(np.arange(40), sizes),
    )
    got = clauses.table(book, trait).odds(hidden, np.zeros(texts[-1] + 1, dtype=np.int64), np.zeros(40))  # fmt: skip

    joined, last = "".join(listed), np.cumsum(sizes)

    def held(clause, rows, width):
        """Of runs that begin in a clause, each once; they may reach into the next one."""
        total = np.zeros(width)
        for run, row in rows.items():
            begins = range(last[clause] - sizes[clause], last[clause])
            total += row * any(joined.startswith(run, at) for at in begins)
        return total

    for clause in range(40):
        near = [at for at in (clause - 1, clause + 1) if 0 <= at < 40 and texts[at] == texts[clause]]  # fmt: skip
        odds = held(clause, signals, len(catalogue.SIGNALS)) + sum(held(at, beside, len(catalogue.SIGNALS)) for at in near)  # fmt: skip
        level = held(clause, moved, traits.WIDTH) + sum(held(at, pushed, traits.WIDTH) for at in near)  # fmt: skip
        expected = odds / 100 + np.maximum(level, 0) @ whole.T / traits.UNITS**2
        assert np.allclose(got[clause], expected)
