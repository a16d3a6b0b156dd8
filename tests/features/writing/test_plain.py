"""Many texts at once and one by one normalise alike."""

import random
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sandbox import market
from crawlers.sandbox.language import disguise
from features import normalise
from features.writing import plain

#: Characters at which the careful way begins, among plain ones.
ODD = "乾沈亻弋王里东说念主①❶𝟏ⅷ㎏İΣß\x00\x02\ud800\ufeff\u200b\ufe0f\u20e3\u0301еоγÃ¤Â¸–“”…¥ .-*|代理数字人daizirenAa1，。\n"


def assert_same(texts):
    for text, (made, folded) in zip(texts, plain.normalised(texts), strict=True):
        slow = normalise.normalise(text)
        assert (made.original, made.text, folded) == (text, slow.text, slow.folded)
        assert list(made.starts) == list(slow.starts)
        assert list(made.ends) == list(slow.ends)


def test_no_texts_give_none():
    assert plain.normalised([]) == []


def test_market_posts_and_their_disguises():
    rng = random.Random(4)
    epoch = datetime(2026, 3, 1, tzinfo=UTC)
    texts = [
        record["text"]
        for record in market.stream(6, epoch=epoch, posts=300, on_topic=0.7)
        if record["text"]
    ]
    assert_same(
        [
            *texts,
            *map(disguise.traditional, texts),
            *(disguise.words(rng, text, rate=0.5) for text in texts),
            *("".join(disguise.WIDE.get(one, one) for one in text) for text in texts),
        ]
    )


@given(st.lists(st.text(ODD, max_size=20) | st.text(max_size=20), max_size=5))
@settings(deadline=None, max_examples=100)
def test_any_texts(texts):
    assert_same(texts)
