from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from features import images
from warehouse import contracts

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)


def hashes(*values):
    return np.array(values, dtype=np.uint64)


def drawn(rng, size):
    return rng.integers(0, 1 << 64, size, dtype=np.uint64)


def shots(rng, base, count, most):
    """Hashes that differ from the base in up to so many bits."""
    made = []
    for _ in range(count):
        value = int(base)
        for bit in rng.choice(64, rng.integers(0, most + 1), replace=False):
            value ^= 1 << int(bit)
        made.append(value)
    return hashes(*made)


def oracle(found):
    """All pairs within ``NEAR_BITS``, by comparing everything."""
    differ = np.bitwise_count(found[:, None] ^ found[None, :])
    later, earlier = np.nonzero(np.tril(differ <= images.NEAR_BITS, -1))
    return list(zip(later.tolist(), earlier.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_near_pairs_are_those_of_comparing_everything(seed):
    rng = np.random.default_rng(seed)
    parts = [shots(rng, base, 8, 5) for base in drawn(rng, 30)]
    found = np.unique(np.concatenate([*parts, drawn(rng, 300)]))
    rng.shuffle(found)

    later, earlier = images.near_pairs(found)

    assert list(zip(later.tolist(), earlier.tolist(), strict=True)) == oracle(found)


def test_a_crowded_quarter_costs_a_few_comparisons_each():
    rng = np.random.default_rng(3)
    # All share their last quarter: a crowd of strangers.
    found = np.unique((drawn(rng, 3_000) >> np.uint64(16)) << np.uint64(16))

    later, _ = images.near_pairs(found)

    assert later.shape[0] < 50


@pytest.mark.parametrize(
    "value", [0, (1 << 64) - 1, 1 << 63, 0xAAAAAAAAAAAAAAAA, 0x5500550055005500]
)
def test_plain_pictures_say_nothing(value):
    assert images.is_plain(hashes(value)).tolist() == [True]


def test_ordinary_pictures_say_something():
    assert not images.is_plain(drawn(np.random.default_rng(1), 2_000)).any()


def test_a_chain_of_small_changes_stays_near_its_first():
    chain, value = [], 0x0123456789ABCDEF
    for step in range(12):
        chain.append(value)
        for bit in range(5):
            value ^= 1 << ((step * 5 + bit) * 7 % 64)
    found = hashes(*chain)

    first = images.families(found)

    assert (np.bitwise_count(found ^ found[first]) <= images.CORE_BITS).all()
    assert len(set(first.tolist())) > 2


def sighting(post, seller, value, *, ownership="own", day=0):
    return {
        "post_id": post, "seller_id": seller, "kind": "image", "value": value, "raw": value, "field": "media",
        "ownership": ownership, "confidence": 1.0, "seen_at": NIGHT + timedelta(days=day),
    }  # fmt: skip


def grouped(rows, crawls=None, groups=()):
    schema = {"post_id": pl.String, "first_crawled_at": contracts.TIME}
    crawls = crawls or {
        row["post_id"]: row["seen_at"] for row in rows if row["post_id"]
    }
    return images.grouped(
        pl.DataFrame(rows, schema=dict(contracts.SIGHTINGS.columns)),
        pl.DataFrame(list(crawls.items()), schema=schema, orient="row"),
        pl.DataFrame(list(groups), schema={"seller_id": pl.String, "group": pl.String}, orient="row"),
    ).to_dicts()  # fmt: skip


def test_shots_of_one_picture_are_one_indicator_named_by_the_first_crawled():
    base = "0123456789abcdef"
    later = "0123456789abcdee"
    rows = [sighting("p:1", "p:a", later, day=1), sighting("p:2", "p:b", base, day=2)]

    found = grouped(rows, crawls={"p:1": NIGHT + timedelta(days=4), "p:2": NIGHT + timedelta(days=3)})  # fmt: skip

    assert [(row["value"], row["raw"]) for row in found] == [
        (base, later),
        (base, base),
    ]


def test_a_picture_that_few_live_from_ties_and_a_stock_picture_does_not():
    rng = np.random.default_rng(2)
    own, stock = "0123456789abcdef", "f0e1d2c3b4a59687"
    rows = [sighting(f"r:{n}", f"r:{n % 6}", own) for n in range(30)]
    for seller in range(80):
        rows += [
            sighting(f"q:{seller}-{n}", f"q:{seller}", f"{rng.integers(1 << 63):016x}")
            for n in range(8)
        ]
        rows.append(sighting(f"q:{seller}", f"q:{seller}", stock))

    found = {row["value"]: row["confidence"] for row in grouped(rows)}

    assert found[own] > 0.8
    assert found[stock] < 0.4


def test_blank_pictures_and_what_is_no_hash_are_left_out():
    rows = [sighting("p:1", "p:a", "0000000000000000"), sighting("p:2", "p:a", "cover.jpg")]  # fmt: skip

    assert grouped(rows) == []


def test_two_shots_in_one_post_are_one_row_and_other_kinds_stay():
    other = sighting("p:1", "p:a", "szr_demo_01") | {"kind": "wechat", "field": "text"}
    rows = [
        sighting("p:1", "p:a", "0123456789abcdef"),
        sighting("p:1", "p:a", "0123456789abcdee"),
        other,
    ]

    found = grouped(rows)

    assert [row["kind"] for row in found] == ["image", "wechat"]


def test_order_of_rows_changes_nothing():
    rng = np.random.default_rng(4)
    values = np.concatenate([shots(rng, base, 6, 5) for base in drawn(rng, 10)])
    rows = [sighting(f"p:{n}", f"p:{n % 7}", f"{value:016x}", day=n % 3) for n, value in enumerate(values.tolist())]  # fmt: skip

    assert grouped(rows[::-1]) == grouped(rows)


def test_nothing_in_nothing_out():
    assert grouped([]) == []
