import numpy as np

from features.families import clusters


def families(pairs, is_near=lambda one, other: np.ones(one.shape[0], dtype=bool)):
    later, earlier = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True)) if pairs else (np.zeros(0, dtype=np.int64),) * 2  # fmt: skip
    things, first = clusters.families(later, earlier, is_near)
    return dict(zip(things.tolist(), first.tolist(), strict=True))


def test_what_hangs_together_is_named_by_its_first():
    assert families([(5, 3), (9, 5), (8, 7)]) == {3: 3, 5: 3, 9: 3, 7: 7, 8: 7}


def test_nothing():
    assert families([]) == {}


def test_a_chain_is_cut_where_it_is_too_far_from_the_first():
    chain = [(n + 1, n) for n in range(10)]

    found = families(chain, lambda one, other: np.abs(one - other) <= 3)

    assert found == {n: n // 4 * 4 for n in range(11)}


def test_growth_renames_no_family():
    before = families([(5, 3), (8, 7)])
    after = families([(5, 3), (8, 7), (9, 8), (10, 5)])

    assert before.items() <= after.items()


def thirds(pairs):
    later, earlier = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))  # fmt: skip
    return [each.tolist() for each in clusters.thirds(later, earlier)]


def test_a_pair_within_a_thicket_has_thirds_and_a_bridge_has_none():
    thickets = [(2, 1), (3, 1), (3, 2), (5, 4), (6, 4), (6, 5)]

    common, others = thirds([*thickets, (4, 3)])

    assert common == [1, 1, 1, 1, 1, 1, 0]
    assert others == [1, 1, 1, 1, 1, 1, 2]


def test_thirds_equal_looking_at_all_triples():
    rng = np.random.default_rng(6)
    pairs = sorted({(int(max(pair)), int(min(pair))) for pair in rng.integers(0, 60, (150, 2)) if pair[0] != pair[1]})  # fmt: skip
    near = {each: {a + b - each for a, b in pairs if each in (a, b)} for each in range(60)}  # fmt: skip

    common, others = thirds(pairs)

    assert common == [len(near[one] & near[other]) for one, other in pairs]
    assert others == [min(len(near[one]), len(near[other])) - 1 for one, other in pairs]
    assert 0 < sum(map(bool, common)) < len(common)


def test_no_pairs_no_thirds():
    nothing = np.zeros(0, dtype=np.int64)

    assert [each.shape for each in clusters.thirds(nothing, nothing)] == [(0,), (0,)]
