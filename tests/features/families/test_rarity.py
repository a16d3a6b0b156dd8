import polars as pl
import pytest

from features.families import rarity, signatures

STOCK = "零基础小白也能做，手把手教到会，全程有人带着你做起来，没有门槛不用经验"
OWN = "我们村口老槐树底下磨豆腐的机器会唱歌，谁家娃娃想学修钟表请带一捆干柴火来换"
MISTAKE = STOCK + "，全程有任袋着妳作起来"


def signed(*written):
    return signatures.signatures(
        pl.Series([None] * len(written), dtype=pl.String), pl.Series(written)
    )


def bits_of(*written, crowd):
    counts = rarity.counted(signed(*crowd))
    sizes = pl.Series([1] * len(written)).to_numpy()
    return rarity.surprise(signed(*written), sizes, counts, len(crowd)).tolist()


def crowd(times=200):
    """Texts of many strangers that hold the stock phrases beside words of their own."""
    return [
        STOCK + "。" + "".join(chr(0x5000 + number * 17 + k) for k in range(20))
        for number in range(times)
    ]


def test_what_everybody_says_is_no_surprise_and_what_nobody_says_is():
    stock, own = bits_of(STOCK, OWN, crowd=[*crowd(), OWN])

    assert stock < rarity.PLAIN / 4
    assert own > 1.5 * rarity.PLAIN


def test_a_rare_shared_mistake_says_more_than_all_the_stock_around_it():
    stock, mistaken = bits_of(STOCK, MISTAKE, crowd=[*crowd(), MISTAKE])

    assert mistaken > stock + 15


def test_a_family_does_not_make_its_own_words_common():
    texts = [OWN] * 50
    counts = rarity.counted(signed(*crowd(), *texts))
    sizes = pl.Series([50]).to_numpy()

    [bits] = rarity.surprise(signed(OWN), sizes, counts, 250)

    assert bits == pytest.approx(bits_of(OWN, crowd=[*crowd(), OWN])[0], rel=0.1)


def test_counts_add_up_and_survive_storage():
    one, other = rarity.counted(signed(STOCK)), rarity.counted(signed(OWN))

    assert (one + other == rarity.counted(signed(STOCK, OWN))).all()
    assert (rarity.unpacked(rarity.packed(one)) == one).all()


def specificity(uses, offers, groups=(), bits=300.0):
    frame = rarity.specificity(
        pl.DataFrame(
            [("t1", seller, count) for seller, count in uses.items()],
            schema={"family": pl.String, "seller_id": pl.String, "post_count": pl.UInt32},
            orient="row",
        ),
        pl.DataFrame(
            list(offers.items()), schema={"seller_id": pl.String, "offer_count": pl.UInt32}, orient="row"
        ),
        pl.DataFrame(list(groups), schema={"seller_id": pl.String, "group": pl.String}, orient="row"),
        pl.DataFrame({"family": ["t1"], "bits": [bits]}),
    )  # fmt: skip
    return frame["specificity"].to_list()


def test_no_families_no_rows():
    assert specificity({}, {}) == []


def test_sellers_that_live_from_a_rare_text_are_tied_by_it():
    ring = {f"s{n}": 5 for n in range(50)}

    assert specificity(ring, dict.fromkeys(ring, 7))[0] > 0.9


def test_a_slogan_beside_much_else_says_little_the_more_sellers_show_it():
    many, few = {f"s{n}": 1 for n in range(100)}, {f"s{n}": 1 for n in range(2)}

    slogan = specificity(many, dict.fromkeys(many, 12), bits=200.0)[0]

    assert slogan < 0.3
    assert specificity(few, dict.fromkeys(few, 12), bits=200.0)[0] > 2 * slogan


def test_a_text_of_several_rings_says_less_than_that_of_one():
    sellers = {f"s{n}": 5 for n in range(8)}
    offers = dict.fromkeys(sellers, 7)
    one = [(seller, "a") for seller in sellers]
    four = [(seller, "abcd"[place // 2]) for place, seller in enumerate(sellers)]

    assert specificity(sellers, offers, four)[0] <= specificity(sellers, offers, one)[0] / 4 + 1e-4  # fmt: skip


def test_stock_phrases_tie_nobody():
    ring = {"s1": 5, "s2": 5}

    assert specificity(ring, dict.fromkeys(ring, 5), bits=rarity.PLAIN) == [0.0]
