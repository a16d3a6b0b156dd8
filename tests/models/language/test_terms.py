"""Terms that burst in high-scoring networks."""

from datetime import UTC, datetime, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from models.language import terms

AS_OF = datetime(2026, 4, 20, tzinfo=UTC)


def night(*, days_ago=1):
    """Ten ads of three networks with a new word, and fifty other posts."""
    ads = [
        {"post_id": f"a{at}", "network_id": f"n{at % 3}", "is_high": True, "stance": "offer",
         "published_at": AS_OF - timedelta(days=days_ago), "text": f"做皮影郎{'吧的了呀'[at % 4]}班主,第{'一二三四五六七八九十'[at]}位,{'学看买来'[at % 4]}皮影郎"}
        for at in range(10)
    ]  # fmt: skip
    rest = [
        {"post_id": f"b{at}", "network_id": None, "is_high": False, "stance": "other",
         "published_at": AS_OF - timedelta(days=2), "text": "今天做的班会,第一位发言"}
        for at in range(50)
    ]  # fmt: skip
    frame = pl.DataFrame(ads + rest)
    return frame.drop("text"), frame["text"].to_list()


def found(posts, texts, keywords=()):
    return terms.bursts(posts, texts, keywords=keywords, as_of=AS_OF).suggestions


def test_a_new_word_of_several_networks_is_suggested():
    frame = found(*night())

    assert any("皮影郎" in term for term in frame["term"])
    assert frame["network_count"].min() >= 2
    assert frame["burst"].min() >= terms.LEAST_BURST
    assert set(frame["example_post_id"]) <= {f"a{at}" for at in range(10)}


def test_words_that_everybody_uses_are_not():
    assert "第一" not in found(*night())["term"].to_list()


def test_what_a_keyword_covers_is_not():
    frame = found(*night(), keywords=["皮影郎"])

    assert not any("皮影郎" in term or term in "皮影郎" for term in frame["term"])


def test_old_ads_are_no_burst():
    assert found(*night(days_ago=40)).is_empty()


def test_the_order_of_posts_changes_nothing():
    posts, texts = night()

    assert_frame_equal(found(posts, texts), found(posts.reverse(), texts[::-1]))


def test_of_older_offers_those_that_rise_are_new():
    posts, texts = night()
    old = [
        {"post_id": f"c{at}", "network_id": "n1", "is_high": True, "stance": "offer",
         "published_at": AS_OF - timedelta(days=40)}
        for at in range(40)
    ]  # fmt: skip
    older = pl.concat([posts, pl.DataFrame(old)])

    unknown = terms.bursts(posts, texts, keywords=(), as_of=AS_OF)
    new = terms.bursts(
        older, [*texts, *["老话说了又说"] * 40], keywords=(), as_of=AS_OF
    )
    known = terms.bursts(
        older, [*texts, *["皮影郎,班主"] * 40], keywords=(), as_of=AS_OF
    )

    assert unknown.new is None
    assert new.new >= 1
    assert not known.new
