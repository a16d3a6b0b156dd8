"""A market as a stream: lazy, of any length, the beginning the same at every length."""

from datetime import UTC, datetime
from itertools import islice

from crawlers.sandbox import market
from tests.crawlers.sandbox.shapes import FIELDS, has_shape

EPOCH = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_stream_has_the_length_asked_for_and_begins_like_a_shorter_one():
    longer = list(market.stream(9, epoch=EPOCH, posts=1500))
    assert len(longer) == 1500
    assert list(market.stream(9, epoch=EPOCH, posts=200)) == longer[:200]
    assert next(market.stream(10, epoch=EPOCH, posts=1)) != longer[0]


def test_a_stream_of_any_length_is_lazy_and_its_posts_are_distinct():
    found = list(islice(market.stream(9, epoch=EPOCH, posts=10**9), 2500))
    assert len({(record["platform"], record["post_id"]) for record in found}) == 2500
    assert all(has_shape(record, FIELDS) for record in found[::50])
    assert len({record["text"] for record in found}) > 2300
