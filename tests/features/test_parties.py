"""What an account is, by all its posts together."""

import polars as pl
import pytest

from features import parties


def certainty(*posts, texts=None):
    """Of one account with these posts: (stance, probability)."""
    rows = [
        {"seller_id": "s", "doc_id": f"d{at if texts is None else texts[at]}", "template_id": None, "stance": stance, "stance_probability": sure}
        for at, (stance, sure) in enumerate(posts)
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema_overrides={"template_id": pl.String, "stance": pl.String})  # fmt: skip
    return parties.offer_certainty(frame)["offer_certainty"].item()


def test_a_second_offer_makes_sure_what_one_leaves_open():
    once = certainty(("offer", 0.99))
    twice = certainty(("offer", 0.99), ("offer", 0.97))

    assert 0.75 < once < 0.9
    assert twice > 0.96


def test_who_complains_reports_or_sells_elsewhere_hardly_offers_here():
    for stance in ("complaint", "report", "vendor"):
        assert certainty(("offer", 0.95), (stance, 0.97)) < 0.5
    assert certainty(("offer", 0.95), ("other", 0.97)) > 0.6


def test_the_same_text_again_is_no_second_witness():
    alone = certainty(("offer", 0.9))

    assert certainty(*[("offer", 0.9)] * 5, texts=[1] * 5) == alone
    assert certainty(*[("offer", 0.9)] * 5) > alone + 0.05


def test_an_unsure_reading_says_less():
    found = [certainty(("offer", sure)) for sure in (0.5, 0.8, 0.99)]

    assert found == sorted(found)
    assert found[0] < 0.5


@pytest.mark.parametrize("posts", [[("vendor", 0.9)], [(None, None)]])
def test_without_an_offer_there_is_nothing_to_be_sure_of(posts):
    assert certainty(*posts) == 0.0


def test_no_posts_no_sellers():
    schema = dict.fromkeys(("seller_id", "doc_id", "template_id", "stance"), pl.String)
    frame = pl.DataFrame(schema={**schema, "stance_probability": pl.Float64})

    assert parties.offer_certainty(frame).is_empty()
