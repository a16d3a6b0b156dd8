"""Verdicts and votes."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from models import labels
from warehouse import contracts, errors


def decisions(as_of, *rows):
    """Verdicts of (target, author, verdict, days ago)."""
    full = [
        {
            "verdict_id": f"v{at}",
            "target": target,
            "author": author,
            "verdict": verdict,
            "decided_at": as_of - timedelta(days=days),
        }
        for at, (target, author, verdict, days) in enumerate(rows)
    ]
    return pl.DataFrame(
        [{name: row.get(name) for name in contracts.VERDICTS.columns} for row in full],
        schema=dict(contracts.VERDICTS.columns),
    )


def standing(as_of, *rows):
    frame = labels.standing_verdicts(decisions(as_of, *rows), as_of=as_of)
    return dict(frame.select("target", "verdict").iter_rows())


def test_the_latest_word_of_one_author_counts(as_of):
    assert standing(as_of, ("s", "a", "fraud", 3), ("s", "a", "benign", 1)) == {
        "s": "benign"
    }


def test_authors_who_disagree_make_unsure(as_of):
    assert standing(
        as_of, ("s", "a", "fraud", 3), ("s", "b", "benign", 1), ("t", "a", "fraud", 1)
    ) == {
        "s": "unsure",
        "t": "fraud",
    }


def test_a_decision_after_the_moment_is_not_known(as_of):
    assert standing(as_of, ("s", "a", "fraud", 3), ("s", "a", "benign", -1)) == {
        "s": "fraud"
    }


def test_unsure_and_networks_label_nobody():
    verdicts = pl.DataFrame(
        {
            "target": ["a", "b", "c", "n1"],
            "verdict": ["fraud", "benign", "unsure", "fraud"],
        }
    )
    known = labels.known_labels(pl.Series(["b", "a", "c", "d"]), verdicts)
    np.testing.assert_array_equal(known, [0.0, 1.0, np.nan, np.nan])


def test_a_rule_votes_when_all_conditions_hold_and_never_on_a_null(few, make_rule):
    rule = make_rule(
        "r",
        "money",
        "scam",
        ("agency_fee_max_yuan", "<", 100_000),
        ("post_count", ">=", 2),
    )
    market = few(
        {"seller_id": "a", "agency_fee_max_yuan": 66_000, "post_count": 2},
        {"seller_id": "b", "agency_fee_max_yuan": 66_000, "post_count": 1},
        {"seller_id": "c", "post_count": 5},
    )
    assert labels.rule_votes(market.features, [rule]).ravel().tolist() == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("op", "votes"),
    [
        ("<", "FTT"),
        ("<=", "FTT"),
        (">", "TFF"),
        (">=", "TFF"),
        ("==", "FFF"),
        ("!=", "TTT"),
    ],
)
def test_comparisons(few, make_rule, op, votes):
    market = few(
        *({"seller_id": str(count), "post_count": count} for count in (5, 2, 1))
    )
    rule = make_rule("r", "behaviour", "honest", ("post_count", op, 3))
    assert labels.rule_votes(market.features, [rule]).ravel().tolist() == [
        vote == "T" for vote in votes
    ]


def test_no_rules_no_columns(few):
    market = few({"seller_id": "a"})
    assert labels.rule_votes(market.features, []).shape == (1, 0)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (("no_such", ">=", 1), "no feature 'no_such'"),
        (("post_count", "~", 1), "comparison '~'"),
    ],
)
def test_a_rule_that_nobody_understands_is_refused_by_name(few, make_rule, part, said):
    with pytest.raises(errors.ContractError, match=f"Rule odd: {said}"):
        labels.rule_votes(
            few({"seller_id": "a"}).features, [make_rule("odd", "money", "scam", part)]
        )


def certainty(rows, groups):
    columns = {"on_topic_share": 0.0, "offer_certainty": 1.0, "wording_likeness": None}  # fmt: skip
    features = pl.DataFrame(
        [{**columns, **row} for row in rows], schema_overrides={"wording_likeness": pl.Float32}
    )  # fmt: skip
    return labels.reading_certainty(features, pl.Series("group", groups)).tolist()


def test_off_topic_ads_in_other_wording_are_rather_of_another_trade():
    found = certainty(
        [{"wording_likeness": value} for value in (0.9, 0.7, None)], ["a", "b", "c"]
    )

    assert found == pytest.approx([1.0, labels.OTHER_TRADE, 1.0], abs=1e-3)
    assert labels.OTHER_TRADES < labels.OTHER_TRADE


def test_a_network_is_of_one_trade():
    likely = [{"wording_likeness": value} for value in (0.75, 0.7, 0.6, 0.7)]
    even = [{"wording_likeness": value} for value in (0.75, 0.3, 0.4, 0.5)]

    found = certainty([*likely, *even], ["n1"] * 4 + ["n2"] * 4)

    assert found == pytest.approx([1.0] * 4 + [labels.OTHER_TRADES] * 4, abs=1e-3)


def test_many_members_of_another_trade_are_no_more_witnesses_than_a_few():
    found = certainty([{"wording_likeness": 0.62}] * 60, ["n1"] * 60)

    assert found == pytest.approx([labels.OTHER_TRADES] * 60, abs=1e-3)


def test_members_on_topic_tell_the_trade_of_the_others():
    rows = [{"wording_likeness": 0.6, "on_topic_share": 0.5}] + [{"wording_likeness": 0.6}] * 9  # fmt: skip

    many = certainty(rows, ["n1"] * 3 + ["n2"] * 7)

    assert many[:3] == pytest.approx([1.0] * 3, abs=1e-3)
    # One in ten that names the topic may have strayed there.
    assert certainty(rows, ["n1"] * 10)[1:] == pytest.approx([labels.OTHER_TRADES] * 9, abs=1e-3)  # fmt: skip


def test_one_reading_is_made_sure_by_a_company_that_offers_and_unsure_by_one_that_does_not():
    of = [{"offer_certainty": value, "on_topic_share": 1.0} for value in (0.8, 0.95, 0.95, 0.8, 0.0, 0.0, 0.8)]  # fmt: skip

    found = certainty(of, ["ring"] * 3 + ["shop"] * 3 + ["alone"])

    assert found[0] > 0.95
    assert found[3] < 0.6
    # As likely as if one account in ten offered, where by itself it was one in four.
    assert found[6] == pytest.approx(4 * 3 / 9 / (1 + 4 * 3 / 9))


def test_how_many_lone_accounts_offer_is_told_by_the_night():
    def share(sure, honest, groups=None):
        said = pl.Series([0.99] * sure + [0.0] * honest)
        return labels.lone_share(said, pl.Series("group", groups or range(len(said))))

    assert labels.LONE_RANGE[0] <= share(1, 900) < 0.06
    assert 0.10 < share(130, 870) < 0.15
    assert share(900, 100) == labels.LONE_RANGE[1]
    # Networks are no lone accounts.
    assert share(900, 100, ["n"] * 900 + list("ab") * 50) == labels.LONE


def test_a_member_of_a_sure_ring_offers_probably_though_none_of_its_own_posts_says_so():
    of = [{"offer_certainty": value, "on_topic_share": 1.0} for value in (0.99, 0.99, 0.0)]  # fmt: skip

    found = certainty(of, ["ring"] * 3)

    assert 0.5 < found[2] < found[0]
