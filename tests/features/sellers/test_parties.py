"""What an account is, by all its posts together."""

import polars as pl
import pytest

from features.sellers import parties


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


def crowd(agreeing, contradicted):
    """Other accounts of the night: shops, of which some have a post that is read as an offer."""
    rows = []
    for number in range(agreeing + contradicted):
        second = "offer" if number < contradicted else "vendor"
        for at, stance in enumerate(("vendor", "vendor", second)):
            rows.append({"seller_id": f"o{number:04d}", "doc_id": f"o{number}-{at}", "template_id": None, "stance": stance, "stance_probability": 0.99})  # fmt: skip
    return rows


def among(others, *posts):
    own = [
        {"seller_id": "s", "doc_id": f"d{at}", "template_id": None, "stance": stance, "stance_probability": sure}
        for at, (stance, sure) in enumerate(posts)
    ]  # fmt: skip
    frame = pl.DataFrame([*own, *others], schema_overrides={"template_id": pl.String})
    found = parties.offer_certainty(frame)
    return found.filter(pl.col("seller_id") == "s")["offer_certainty"].item()


def test_one_text_is_worth_what_the_nights_texts_agree_to():
    agreed, disputed = crowd(300, 0), crowd(210, 90)

    assert among(agreed, ("offer", 0.9999)) > 0.97
    assert among(disputed, ("offer", 0.9999)) < among([], ("offer", 0.9999)) < 0.92
    # The reading's own doubt stays where texts agree.
    assert among(agreed, ("offer", 0.7)) < 0.75


def test_two_texts_outweigh_a_night_that_is_read_badly():
    assert among(crowd(270, 30), *[("offer", 0.9999)] * 2) > 0.95


def test_contradictions_are_counted_among_sure_texts_of_one_account():
    def share(rows):
        return parties.contradicted_share(pl.DataFrame(rows, schema_overrides={"template_id": pl.String}))  # fmt: skip

    nobody = share(crowd(1, 0)[:0] or [dict.fromkeys(("seller_id", "doc_id", "template_id", "stance"), "a") | {"stance_probability": 0.1}])  # fmt: skip
    unsure = [{**row, "stance_probability": 0.8} for row in crowd(270, 30)]

    assert 0.02 < nobody < 0.06
    assert share(unsure) == nobody
    assert share(crowd(300, 0)) < 0.005
    assert share(crowd(270, 30)) == pytest.approx(30 / 900, abs=0.015)
    assert share(list(reversed(crowd(270, 30)))) == share(crowd(270, 30))
