"""An article about the scheme, and whatever is left of it when others copy it, lists nobody (CONTRACT §7.6)."""

import polars as pl
import pytest

from tests.harness.homes import scored
from tests.harness.worlds import article, foreign


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Sellers of a small market and forty copies of the article by accounts of their own, after one night."""
    market = foreign.build("orchard", 5, known_share=0.5)
    records, truth = list(market.records), [market.sellers.with_columns(done=pl.lit(None, dtype=pl.String))]  # fmt: skip
    for seed in (1, 2):
        copied, sellers = article.records(article.copies(seed=seed), name=f"v{seed}x")
        records += copied
        truth.append(
            pl.DataFrame(
                {
                    "seller_id": list(sellers),
                    "party": "copy",
                    "done": list(sellers.values()),
                }
            )
        )
    night = scored.night_of(
        scored.imported(records, tmp_path_factory.mktemp("article"))
    )
    scored.read_and_linked(night)
    scored.rescored(night)
    return scored.judged(night, pl.concat(truth, how="diagonal_relaxed"))


def test_no_copy_of_the_article_is_listed_or_scored_as_a_scam(judged):
    copies = judged.filter(pl.col("party") == "copy")

    assert copies.height >= 30
    assert copies.filter(
        pl.col("is_listed") | (pl.col("scam_probability") >= 0.5)
    ).select("done", "role", "scam_probability").rows() == []  # fmt: skip


def test_whoever_copies_it_is_a_reporter(judged):
    roles = judged.filter(pl.col("party") == "copy")["role"]

    assert (roles == "reporter").mean() >= 0.95
    assert not roles.is_in(["seller"]).any()


def test_the_same_night_lists_those_who_mean_it(judged):
    rings = judged.filter(pl.col("party") == "ring")

    assert rings["is_listed"].mean() >= 0.8
