from collections import defaultdict

import numpy as np
import polars as pl
import pytest

from crawlers.sandbox import dice
from crawlers.sandbox.language import facts, spin, texts
from features import templates
from features.families import signatures
from warehouse import contracts

NOBODY = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))


def script(number, version, *, variant=0):
    """One version of a ring's script."""
    rng = dice.dice("version", number, version)
    known = facts.draw(rng, f"品牌{number % 9}", "示例科技有限公司")
    contacts = [facts.Contact("wechat", f"demo_{number}_{version}")]
    return spin.version(
        rng, known, texts.Ad(contacts=contacts), script=number, variant=variant,
        style=dice.pick(rng, texts.STYLE_NAMES),
    ).text.text  # fmt: skip


def advertisement(number):
    rng = dice.dice("lone", number)
    known = facts.draw(rng, "示例", "示例科技有限公司")
    style = dice.pick(rng, texts.STYLE_NAMES)
    return texts.offer(rng, known, texts.Ad(size=5), style=style, has_title=False, costume=0.0).text.text  # fmt: skip


def small_talk(number):
    rng = dice.dice("talk", number)
    known = facts.draw(rng, "示例", "示例科技有限公司")
    return texts.other(rng, known, genre="daily", has_title=False).text.text


def signed(written):
    found = signatures.signatures(
        pl.Series([None] * len(written), dtype=pl.String), pl.Series(written)
    )
    return found.take(np.flatnonzero(found.counts >= signatures.LEAST))


def pairs(found):
    """Verified pairs of all texts: later, earlier, shared."""
    low = signatures.minima(found)
    rows = np.arange(found.names.shape[0])
    near = templates.candidates(signatures.bands(low), rows, *NOBODY)
    shared = templates.verified(found, low, near.later, near.earlier)
    return near.later[shared > 0], near.earlier[shared > 0], shared[shared > 0]


def grouped(found):
    """The first row of each text's family."""
    return templates.families(found, np.arange(found.names.shape[0]), *pairs(found))


def all_pairs(found, least):
    one, other = np.triu_indices(found.names.shape[0], 1)
    share = templates.similarities(found, one, other)
    return set(zip(other[share >= least].tolist(), one[share >= least].tolist(), strict=True))  # fmt: skip


def test_pairs_are_those_of_comparing_everything():
    """The oracle: true Jaccard of all pairs. Nothing is found that it does not have, and hardly anything is missed."""
    written = [script(number, version) for number in range(30) for version in range(4)]
    written += [advertisement(number) for number in range(120)]
    found = signed(written)

    later, earlier, _ = pairs(found)
    mine = set(zip(later.tolist(), earlier.tolist(), strict=True))

    assert mine <= all_pairs(found, templates.LEAST_SHARED)
    high = all_pairs(found, 0.5)
    assert len(mine & high) / len(high) >= 0.95
    fair = all_pairs(found, templates.LEAST_SHARED)
    # Families close over single misses: see below.
    assert len(mine & fair) / len(fair) >= 0.55


def planted(seed, *, rings=60, versions=8):
    """Texts with their scripts; a text of nobody's has a script of its own."""
    rows = [
        (script(seed * 1000 + number, version), number)
        for number in range(rings)
        for version in range(versions)
    ]
    rows += [(advertisement(seed * 10_000 + n), -1 - n) for n in range(400)]
    rows += [(small_talk(seed * 10_000 + n), -1000 - n) for n in range(400)]
    dice.dice(seed, "order").shuffle(rows)
    return rows


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_families_are_the_scripts_that_were_planted(seed):
    rows = planted(seed)
    found = signatures.signatures(
        pl.Series([None] * len(rows), dtype=pl.String), pl.Series([row[0] for row in rows])
    )  # fmt: skip
    long = np.flatnonzero(found.counts >= signatures.LEAST)
    family = grouped(found.take(long))
    members = defaultdict(list)
    for row, first in enumerate(family.tolist()):
        members[first].append(rows[long[row]][1])
    joined = right = 0
    for scripts in members.values():
        for place, one in enumerate(scripts):
            for other in scripts[:place]:
                joined += 1
                right += one == other
    possible = 60 * 8 * 7 // 2
    assert right / joined >= 0.97
    assert right / possible >= 0.55


def test_texts_that_differ_in_slots_only_are_one_copy():
    text = "{}的老板看过来，数字人区域代理只要{}，手把手教到会，加微信{}"
    one = signed([text.format("成都", "29800元", "demo_0001")])
    other = signed([text.format("广州", "3万8", "kefu-demo-2")])

    assert one.names.tolist() == other.names.tolist()


def test_a_chain_of_small_changes_joins_no_strangers():
    """Each text keeps four fifths of the one before; the first and the last have nothing in common."""
    clauses = [f"{''.join(chr(0x4E00 + n * 37 + k) for k in range(12))}。" for n in range(30)]  # fmt: skip
    found = signed(["".join(clauses[n : n + 10]) for n in range(20)])

    family = grouped(found)

    shares = templates.similarities(found, np.arange(family.shape[0]), family)
    assert shares.min() >= templates.LEAST_OF_CORE
    assert len(set(family.tolist())) >= 3
    assert family[0] == family[1] == 0


def test_order_of_rows_within_a_band_does_not_matter():
    found = signed([script(number, version) for number in range(9) for version in range(5)])  # fmt: skip
    low = signatures.minima(found)
    rows = np.arange(low.shape[0])
    keys = np.concatenate(list(signatures.bands(low[:20])))
    owners = np.tile(rows[:20], signatures.BANDS)
    order = np.random.default_rng(3).permutation(keys.shape[0])
    together = templates.candidates(signatures.bands(low), rows, *NOBODY)
    first = templates.candidates(signatures.bands(low[:20]), rows[:20], *NOBODY)

    after = templates.candidates(
        signatures.bands(low[20:]), rows[20:], first.bands, first.leaders
    )
    shuffled = templates.candidates(
        signatures.bands(low[20:]), rows[20:], keys[order], owners[order]
    )

    in_parts = set(zip(first.later, first.earlier, strict=True)) | set(zip(after.later, after.earlier, strict=True))  # fmt: skip
    assert in_parts == set(zip(together.later, together.earlier, strict=True))
    assert after.later.tolist() == shuffled.later.tolist()
    assert after.earlier.tolist() == shuffled.earlier.tolist()


def test_leaders_are_few_and_comparisons_linear():
    found = signed([script(1, version) for version in range(200)])
    near = templates.candidates(
        signatures.bands(signatures.minima(found)), np.arange(200), *NOBODY
    )

    per_band = np.unique(near.bands, return_counts=True)[1]
    assert per_band.max() <= templates.LEADERS
    assert near.later.shape[0] <= 200 * signatures.BANDS * templates.LEADERS


def test_nothing_in_nothing_out():
    found = signed(["短"])

    later, earlier, _ = pairs(found)

    assert later.shape == earlier.shape == (0,)
    assert grouped(found).shape == (0,)


def frame(contract, *rows):
    return pl.DataFrame(list(rows), schema=dict(contract.columns), orient="row")


def test_only_what_hangs_together_with_a_new_copy_is_looked_at_again():
    found = frame(contracts.COPY_PAIRS, (2, 1, 0.5), (3, 2, 0.5), (5, 4, 0.5))
    families = frame(contracts.COPY_FAMILIES, (1, "a"), (2, "a"), (4, "b"), (5, "b"))

    assert templates.touched(found, families).rows() == [(2, 1, 0.5), (3, 2, 0.5)]


def test_copies_that_change_their_family_are_recorded():
    before = frame(contracts.COPY_FAMILIES, (1, "a"), (2, "b"), (3, "b"), (4, "c"), (5, "c"))  # fmt: skip
    after = frame(contracts.COPY_FAMILIES, (2, "a"), (3, "a"), (4, "c"), (5, "a"), (6, "a"))  # fmt: skip

    assert templates.changes(before, after, run_id="r").rows() == [
        ("b", "r", "merged_into", "a", 2),
        ("c", "r", "moved_to", "a", 1),
    ]


def test_millions_of_known_bands_are_no_limit():
    """A night that finds tens of thousands of texts again, slightly edited, meets all bands that they had."""
    found = signed([script(1, version) for version in range(40)])
    keys = list(signatures.bands(signatures.minima(found)))
    known = np.concatenate([np.repeat(band, 900) for band in keys])
    owners = np.tile(np.arange(36_000), len(keys))

    near = templates.candidates(keys, 40_000 + np.arange(40), known, owners)

    assert known.shape[0] > 1 << (64 - signatures.BAND_BITS)
    assert near.leaders.shape == (0,)
    assert set(near.later) == set(40_000 + np.arange(40))


def test_two_scripts_with_a_third_of_their_clauses_in_common_are_two_families():
    rng = dice.dice("thicket")
    signs = [chr(0x4E00 + number) for number in range(3_000)]

    def clauses(count):
        return ["".join(rng.choices(signs, k=9)) for _ in range(count)]

    common = clauses(4)
    scripts = [common + clauses(4), common + clauses(4)]
    written, truth = [], []
    for number in range(24):
        kept = rng.sample(scripts[number % 2], 7)
        written.append("，".join([*kept, *clauses(1)]))
        truth.append(number % 2)

    family = grouped(signed(written))

    near = all_pairs(signed(written), templates.LEAST_SHARED)
    assert any(truth[one] != truth[other] for one, other in near)
    assert {(truth[row], int(first)) for row, first in enumerate(family)} == {(0, 0), (1, 1)}  # fmt: skip
