"""Which texts are held out together, and when that is asked for."""

import numpy as np

from features.texts import grams
from models.yardsticks import parts

HAN = [chr(0x4E00 + at) for at in range(400)]


def campaign(rng, copies):
    """One text of 40 characters and copies of it with one changed."""
    first = rng.choice(HAN, 40)
    out = []
    for _ in range(copies):
        other = first.copy()
        other[rng.integers(0, 40)] = rng.choice(HAN)
        out.append("".join(other))
    return out


def market(campaigns, copies, *, seed):
    rng = np.random.default_rng(seed)
    return [text for _ in range(campaigns) for text in campaign(rng, copies)]


def signs(texts):
    return grams.bands(grams.grams(texts, grams.COPIES))


def test_copies_are_one_family_and_strangers_are_not():
    texts = market(30, 6, seed=1)
    family = parts.families(signs(texts))
    truth = np.repeat(np.arange(30), 6)
    pairs = [(a, b) for a in range(180) for b in range(a)]
    together = [(a, b) for a, b in pairs if family[a] == family[b]]
    found = sum(truth[a] == truth[b] for a, b in together)
    assert found == len(together)
    assert found / sum(truth[a] == truth[b] for a, b in pairs) > 0.9


def test_texts_without_runs_are_no_copies_of_each_other():
    empty = grams.Grams(3, np.zeros(0, np.int64), np.zeros(0, np.uint64))
    assert np.unique(parts.families(grams.bands(empty))).size == 3


def test_new_campaigns_are_told_from_more_of_the_same():
    texts = np.array(market(60, 5, seed=1))
    order = np.random.default_rng(1).permutation(300)
    known, same = texts[order[:240]].tolist(), texts[order[240:]].tolist()
    new = market(12, 5, seed=2)
    assert not parts.is_new(
        parts.copied_shares(signs(known), signs(same), count=5, seed=1)
    )
    assert parts.is_new(parts.copied_shares(signs(known), signs(new), count=5, seed=1))
    # Nothing can be said of no texts.
    shares = parts.copied_shares(signs(known), signs([]), count=5, seed=1)
    assert shares[1] == 0


def test_families_stay_whole_and_classes_are_spread():
    rng = np.random.default_rng(1)
    family = rng.integers(0, 60, 400)
    target = (family % 10 == 0).astype(np.int64)
    part = parts.dealt(family, target, count=5, seed=1)
    assert all(np.unique(part[family == one]).size == 1 for one in range(60))
    held = np.bincount(part, minlength=5)
    assert held.max() < 1.4 * held.min()
    assert (np.bincount(part[target == 1], minlength=5) > 0).all()
    assert part.tolist() == parts.dealt(family, target, count=5, seed=1).tolist()
