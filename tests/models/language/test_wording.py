"""The second reading."""

import numpy as np
import pytest

from models.language import wording

OFFER, VENDOR = 0, 1


def night(count=120, *, seed=1, doubtful=0.4):
    """Ads and price lists from two scripts; the reader cannot tell a share of them."""
    rng = np.random.default_rng(seed)
    scripts = (
        [
            "认下这块园子就是你的",
            "一块园子交给一个园东",
            "谁来当这片的园东",
            "往下带徒弟给你抽成",
        ],
        ["店里用的按月算钱", "不合用一周内退", "包安装开发票", "给超市药房都装过"],
    )
    odds, texts, authors, truth = [], [], [], []
    for at in range(count):
        kind = at % 2
        text = "，".join(rng.permutation(scripts[kind])[:3])
        known = rng.random() >= doubtful
        row = [0.0, 0.0, -3.0, -3.0, 0.5 if not known else -1.0]
        row[kind] += 3.0 if known else 0.0
        odds.append(row)
        texts.append(text)
        authors.append(f"a{at // 2 if kind else 1000 + at}")
        truth.append(kind)
    return np.array(odds), texts, authors, np.array(truth)


def reread(odds, texts, authors, on_topic=None):
    some = np.zeros(len(texts), dtype=bool) if on_topic is None else on_topic
    return wording.second_reading(odds, texts, authors, some)


def test_what_the_reader_cannot_tell_follows_its_wording():
    odds, texts, authors, truth = night()

    second = reread(odds, texts, authors)

    assert (odds.argmax(axis=1) == truth).mean() < 0.75
    assert (second.odds.argmax(axis=1) == truth).mean() > 0.97
    assert second.agreement > 0.95


def test_a_text_in_words_of_its_own_stays_as_it_was_read():
    odds, texts, authors, _ = night()
    texts[0] = "门前大桥下游过一群鸭快来快来数一数"

    second = reread(odds, texts, authors)

    assert second.odds[0] == pytest.approx(odds[0])
    assert second.shared[0] < wording.SHARED[0]


def test_a_sure_reading_is_not_overruled_by_wording_alone():
    odds, texts, authors, _ = night()
    odds[0] = [-8.0, 8.0, -3.0, -3.0, -1.0]

    second = reread(odds, texts, authors)

    assert second.odds[0].argmax() == VENDOR


def test_with_too_few_sure_texts_nothing_is_corrected():
    odds, texts, authors, _ = night(count=12)

    second = reread(odds, texts, authors)

    assert np.array_equal(second.odds, odds)
    assert np.isnan(second.agreement)


def test_the_order_of_texts_changes_nothing():
    odds, texts, authors, _ = night()
    order = np.random.default_rng(3).permutation(len(texts))

    plain = reread(odds, texts, authors).odds
    mixed = reread(
        odds[order], [texts[at] for at in order], [authors[at] for at in order]
    ).odds

    assert mixed == pytest.approx(plain[order], abs=1e-4)


def test_of_too_many_texts_the_rare_stances_teach_first(monkeypatch):
    odds, texts, authors, truth = night(count=400)
    keep = np.flatnonzero((truth == VENDOR) | (np.arange(400) < 60))
    monkeypatch.setattr(wording, "MOST_TEACHERS", 100)

    second = reread(
        odds[keep], [texts[at] for at in keep], [authors[at] for at in keep]
    )

    assert (second.odds.argmax(axis=1) == truth[keep]).mean() > 0.95


def test_no_text_comes_back_as_it_went():
    second = reread(np.zeros((0, 5)), [], [])

    assert second.odds.shape == (0, 5)


def test_a_few_sure_texts_in_a_heap_of_others_teach_nothing():
    odds, texts, authors, _ = night(count=60)
    heap = 6000
    many = np.tile([-4.0, -3.5, -3.5, -3.5, 2.5], (heap, 1))

    second = reread(
        np.vstack([odds, many]),
        [*texts, *["谁来当这片的园东"] * heap],
        [*authors, *(f"h{at}" for at in range(heap))],
    )

    assert np.array_equal(second.odds[60:], many)


def drowned(heap=3000, seed=5):
    """The night among other trades' texts that are read, for sure and at random, as one thing or another."""
    odds, texts, authors, truth = night()
    rng = np.random.default_rng(seed)
    letters = list("东西南北春夏秋冬金木水火土天地玄黄")
    others = ["".join(rng.choice(letters, 12)) for _ in range(heap)]
    wild = np.full((heap, 5), -3.0)
    wild[np.arange(heap), rng.integers(0, 2, heap)] = 3.0
    everything = np.vstack([odds, wild])
    every_author = [*authors, *(f"h{at}" for at in range(heap))]
    return everything, [*texts, *others], every_author, truth, wild


def test_other_trades_that_drown_the_night_are_left_out_of_it():
    odds, texts, authors, truth, wild = drowned()
    on_topic = np.arange(len(texts)) < truth.size

    without = reread(odds, texts, authors)
    second = reread(odds, texts, authors, on_topic)

    assert without.agreement < wording.LEAST_AGREEMENT
    assert np.array_equal(without.odds, odds)
    assert (second.odds[: truth.size].argmax(axis=1) == truth).mean() > 0.97
    assert np.array_equal(second.odds[truth.size :], wild)
    assert second.agreement > 0.95
