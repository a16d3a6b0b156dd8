"""What each post shows."""

from datetime import UTC, datetime, timedelta

import polars as pl

from features.sellers import marks
from features.writing import places
from warehouse import contracts

AS_OF = datetime(2024, 6, 14, tzinfo=UTC)


def current(*posts):
    """Current posts from dicts with post_id and stance."""
    at = [
        {"crawled_at": AS_OF, "seller_id": "s", "doc_id": post["post_id"], **post}
        for post in posts
    ]

    def fill(contract):
        return pl.DataFrame(
            [{name: row.get(name) for name in contract.columns} for row in at],
            schema=dict(contract.columns),
        )

    return marks.current_posts(
        fill(contracts.RAW_POSTS), fill(contracts.POST_READS), as_of=AS_OF
    )


def signals(*rows):
    full = [
        {"post_id": post, "seller_id": "s", "signal": signal, "voice": voice, "field": "text", "span_text": "x",
         "span_start": at, "span_end": at + 1}
        for at, (post, signal, voice) in enumerate(rows)
    ]  # fmt: skip
    return pl.DataFrame(full, schema=dict(contracts.SIGNALS.columns))


def marked(posts, said=(), own=()):
    sightings = pl.DataFrame(
        [{name: row.get(name) for name in contracts.SIGHTINGS.columns} for row in own],
        schema=dict(contracts.SIGHTINGS.columns),
    )
    return marks.marked_posts(
        posts,
        signals(*said),
        contracts.AMOUNTS.empty(),
        sightings,
        fee_bands=[],
        policy_conflicts=contracts.POLICY_CONFLICTS.empty(),
    )


def test_publication_dates_of_the_future_are_not_believed():
    posts = current(
        {"post_id": "a", "stance": "offer", "published_at": AS_OF + timedelta(days=9)},
        {"post_id": "b", "stance": "offer", "published_at": AS_OF - timedelta(days=9)},
    )
    assert posts["published_at"].to_list() == [None, AS_OF - timedelta(days=9)]


def test_versions_crawled_later_are_gone():
    assert current(
        {"post_id": "a", "stance": "offer", "crawled_at": AS_OF + timedelta(seconds=1)}
    ).is_empty()


def test_nothing_is_asserted_in_reports_and_complaints():
    posts = current(
        *(
            {"post_id": stance, "stance": stance}
            for stance in ("offer", "report", "complaint", "other")
        )
    )
    said = signals(
        *(
            (stance, "fomo", "asserted")
            for stance in ("offer", "report", "complaint", "other")
        )
    )
    assert sorted(marks.asserted(said, posts)["post_id"]) == ["offer", "other"]


def test_only_telling_denials_count():
    posts = current(
        {"post_id": "a", "stance": "vendor"}, {"post_id": "b", "stance": "vendor"}
    )
    said = signals(("a", "guaranteed_income", "negated"), ("b", "fomo", "negated"))
    assert marks.denials(said, posts)["post_id"].to_list() == ["a"]


def test_elements_of_the_script():
    posts = current(
        {"post_id": "a", "stance": "offer"}, {"post_id": "b", "stance": "other"}
    )
    own = [
        {
            "post_id": "b",
            "seller_id": "s",
            "kind": "wechat",
            "value": "szr_demo_01",
            "ownership": "own",
        }
    ]
    table = marked(
        posts, [("a", "fomo", "asserted"), ("a", "refund_on_target", "asserted")], own
    )
    elements = {
        row["post_id"]: [name for name in marks.ELEMENTS if row[name]]
        for row in table.iter_rows(named=True)
    }
    assert elements == {
        "a": ["has_offer", "has_recruiting", "has_scarcity"],
        "b": ["has_contact"],
    }
    assert table.select(pl.col(marks.ELEMENTS).null_count()).row(0) == (0,) * len(
        marks.ELEMENTS
    )


def test_places_are_found_once_per_seller():
    posts = current(
        {
            "post_id": "a",
            "stance": "offer",
            "text": "杭州代理，广州也招",
            "title": "杭州",
        },
        {"post_id": "b", "stance": "report", "text": "深圳"},
    )
    assert marks.cities(posts)["city"].to_list() == ["广州", "杭州"]


def test_place_names_are_sorted_and_unique():
    assert list(places.PLACES) == sorted(set(places.PLACES))
