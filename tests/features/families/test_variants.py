import polars as pl

from features.families import rarity, signatures, variants

SLOGAN = "一台电脑一根网线一个不睡觉的员工，你睡着了它还在替你守着店，小白也能做，想明白的来聊"
MISTAKE = SLOGAN.replace("守着店", "守佐店")
TAIL = "周三下午在老地方等你们一起喝茶"


def found(said):
    """Variants of what each seller says: seller → texts; all in one family."""
    rows = [(seller, text) for seller, texts in said.items() for text in texts]
    texts = sorted({text for _, text in rows})
    signed = signatures.signatures(pl.Series([None] * len(texts), dtype=pl.String), pl.Series(texts))  # fmt: skip
    copies = signatures.frame(signed).with_columns(copy=pl.int_range(pl.len(), dtype=pl.Int64))  # fmt: skip
    uses = pl.DataFrame(
        [("t1", texts.index(text), seller) for seller, text in rows],
        schema={"template_id": pl.String, "copy": pl.Int64, "seller_id": pl.String},
        orient="row",
    )
    crowd = signatures.signatures(
        pl.Series([None] * 300, dtype=pl.String),
        pl.Series([SLOGAN + chr(0x5000 + n) * 9 for n in range(300)]),
    )
    counts = rarity.counted(crowd) + rarity.counted(signed)
    made = variants.variants(uses, copies, counts, 300 + len(texts))
    return {texts[row["copy"]]: (row["variant"], row["chance"]) for row in made.to_dicts()}  # fmt: skip


def crowd(count=40):
    return {f"s{n}": [SLOGAN] for n in range(count)}


def test_a_rare_shared_mistake_is_a_variant_and_says_much():
    made = found(crowd() | {"a": [MISTAKE], "b": [MISTAKE]})

    assert list(made) == [MISTAKE]
    variant, chance = made[MISTAKE]
    assert variant.startswith("t1-")
    assert chance > 0.6


def test_what_one_seller_adds_alone_does_not_hide_the_shared_mistake():
    made = found(crowd() | {"a": [MISTAKE + "。" + TAIL], "b": [MISTAKE]})

    assert len({variant for variant, _ in made.values()}) == 1
    assert len(made) == 2


def test_a_mistake_of_many_is_the_text_itself():
    assert found(crowd(10) | {f"m{n}": [MISTAKE] for n in range(9)}) == {}


def test_a_mistake_of_one_seller_is_noise():
    assert found(crowd() | {"a": [MISTAKE, MISTAKE + "。" + TAIL]}) == {}


def test_nothing_in_nothing_out():
    empty = pl.DataFrame(schema={"template_id": pl.String, "copy": pl.Int64, "seller_id": pl.String})  # fmt: skip
    copies = pl.DataFrame(schema={"copy": pl.Int64, "shingles": pl.List(pl.UInt32)})

    assert variants.variants(empty, copies, rarity.none(), 0).is_empty()
    assert variants.common(empty).is_empty()


def test_only_families_of_many_sellers_are_looked_at():
    uses = pl.DataFrame(
        {"template_id": ["t1"] * 9 + ["t2"] * 9, "seller_id": [f"s{n}" for n in range(9)] + ["s1"] * 9}
    )  # fmt: skip

    assert variants.common(uses).to_list() == ["t1"]
