from datetime import UTC, datetime

import polars as pl
import pytest

from features import pitches
from warehouse import contracts

CRAWLED = datetime(2024, 6, 14, 2, tzinfo=UTC)


def reads(*rows):
    """Rows of ``post_id``, ``doc_id``, ``stance``, ``template_id``."""
    frame = [
        dict.fromkeys(contracts.POST_READS.columns)
        | dict(zip(("post_id", "doc_id", "stance", "template_id"), row, strict=True))
        for row in rows
    ]
    return pl.DataFrame(frame, schema=dict(contracts.POST_READS.columns))


def posts(*rows):
    """Rows of ``post_id``, ``seller_id`` and perhaps more."""
    schema = {"post_id": pl.String, "seller_id": pl.String, "kind": pl.String, "repost_of": pl.String, "published_at": contracts.TIME, "crawled_at": contracts.TIME}  # fmt: skip
    default = {"kind": "post", "repost_of": None, "published_at": None, "crawled_at": CRAWLED}  # fmt: skip
    return pl.DataFrame([default | row for row in rows], schema=schema)


def sighted(owned, bits=300.0):
    return pitches.template_sightings(
        owned,
        pitches.groups(contracts.SIGHTINGS.empty()),
        pl.DataFrame({"template_id": ["t1"], "bits": [bits]}),
    )


def test_a_family_of_one_post_is_none():
    documents = pl.DataFrame({"doc_id": ["d1", "d2", "d3"], "template_id": ["t1", "t1", "t2"]})  # fmt: skip

    found = pitches.shared(documents, reads(("p:1", "d1", "offer", None), ("p:2", "d2", "offer", None), ("p:3", "d3", "offer", None), ("p:4", "d4", "offer", None)))  # fmt: skip

    assert found["template_id"].to_list() == ["t1", "t1", None, None]


def test_posts_that_say_the_same_word_for_word_are_a_family():
    documents = pl.DataFrame({"doc_id": ["d1"], "template_id": ["t1"]})

    found = pitches.shared(documents, reads(("p:1", "d1", "offer", None), ("p:2", "d1", "offer", None)))  # fmt: skip

    assert found["template_id"].to_list() == ["t1", "t1"]


@pytest.mark.parametrize(
    ("stance", "fields", "ownership"),
    [
        ("offer", {}, "own"),
        ("vendor", {}, "own"),
        ("other", {}, "mentioned"),
        ("report", {}, "mentioned"),
        ("complaint", {}, "mentioned"),
        (None, {}, "mentioned"),
        ("offer", {"kind": "comment"}, "mentioned"),
        ("offer", {"kind": "complaint"}, "mentioned"),
        ("offer", {"repost_of": "p:9"}, "mentioned"),
    ],
)
def test_only_own_pitches_own_their_text(stance, fields, ownership):
    row = {"post_id": "p:1", "seller_id": "p:a", **fields}

    found = sighted(pitches.owned(posts(row), reads(("p:1", "d1", stance, "t1"))))

    assert found["ownership"].to_list() == [ownership]
    assert found["field"].to_list() == ["text"]


def test_the_copies_of_reporters_do_not_make_a_family_common():
    ring = [{"post_id": f"p:{n}", "seller_id": f"p:{n % 3}"} for n in range(9)]
    press = [{"post_id": f"q:{n}", "seller_id": f"q:{n}"} for n in range(40)]
    said = [(row["post_id"], "d", "offer", "t1") for row in ring]
    quoted = [(row["post_id"], "d", "report", "t1") for row in press]

    alone = sighted(pitches.owned(posts(*ring), reads(*said)))
    together = sighted(pitches.owned(posts(*ring, *press), reads(*said, *quoted)))

    own = together.filter(pl.col("ownership") == "own")
    assert own["confidence"].to_list() == alone["confidence"].to_list()
    assert min(own["confidence"]) > 0.8


def mistaken(rows, groups=()):
    """Variant sightings of (post, seller, copy, stance); copies 1 and 2 make the same mistake."""
    said = [(post, f"d{copy}", stance, "t1") for post, _, copy, stance in rows]
    owned = pitches.owned(posts(*({"post_id": post, "seller_id": seller} for post, seller, _, _ in rows)), reads(*said))  # fmt: skip
    copies = owned["doc_id"].str.slice(1).cast(pl.Int64).alias("copy")
    return pitches.variant_sightings(
        owned.with_columns(copies),
        pl.DataFrame(list(groups), schema={"seller_id": pl.String, "group": pl.String}, orient="row"),
        pl.DataFrame({"copy": [1, 2], "variant": ["t1-v", "t1-v"], "chance": [0.8, 0.8]}),
    ).to_dicts()  # fmt: skip


def test_sellers_that_make_the_same_mistake_share_a_variant():
    rows = [("p:1", "p:a", 1, "offer"), ("p:2", "p:b", 2, "offer"), ("q:1", "q:a", 2, "report"), ("q:2", "q:b", 3, "offer")]  # fmt: skip

    found = mistaken(rows)

    assert [(row["post_id"], row["value"], row["ownership"], row["confidence"]) for row in found] == [
        ("p:1", "t1-v", "own", 0.8),
        ("p:2", "t1-v", "own", 0.8),
        ("q:1", "t1-v", "mentioned", 0.8),
    ]  # fmt: skip


def test_a_mistake_of_one_seller_ties_nobody():
    assert mistaken([("p:1", "p:a", 1, "offer"), ("p:2", "p:a", 2, "offer"), ("q:1", "q:a", 2, "report")]) == []  # fmt: skip


def test_a_mistake_that_two_rings_make_says_less():
    rows = [("p:1", "p:a", 1, "offer"), ("p:2", "p:b", 2, "offer")]

    assert {row["confidence"] for row in mistaken(rows, [("p:a", "x"), ("p:b", "y")])} == {0.4}  # fmt: skip


def test_order_of_rows_changes_nothing():
    rows = [{"post_id": f"p:{n}", "seller_id": f"p:{n % 4}"} for n in range(12)]
    said = [(row["post_id"], "d", "offer", "t1") for row in rows]

    found = sighted(pitches.owned(posts(*rows), reads(*said)))

    assert sighted(pitches.owned(posts(*rows[::-1]), reads(*said[::-1]))).equals(found)


def test_nothing_in_nothing_out():
    assert sighted(pitches.owned(posts(), reads())).is_empty()


def owns(*said):
    """Posts that own their text, of (post, seller, stance) in one family and one pitch of each seller outside."""
    rows = [{"post_id": post, "seller_id": seller} for post, seller, _ in said]
    read = [(post, post, stance, "t1") for post, _, stance in said]
    owned = pitches.owned(posts(*rows), reads(*read))
    return owned.filter("is_own")["post_id"].sort().to_list()


def test_a_copy_that_was_misread_is_its_authors_pitch_where_its_family_is_one():
    said = [("p:1", "p:a", "offer"), ("p:2", "p:b", "offer"), ("p:3", "p:b", "report")]

    assert owns(*said) == ["p:1", "p:2", "p:3"]


def test_a_reporter_or_a_victim_who_quotes_a_pitch_does_not_own_it():
    said = [("p:1", "p:a", "offer"), ("p:2", "p:b", "offer"), ("q:1", "q:a", "report"), ("p:4", "p:b", "complaint")]  # fmt: skip

    assert owns(*said) == ["p:1", "p:2"]


def test_a_seller_who_shares_the_news_does_not_own_it():
    said = [("p:1", "p:a", "offer"), ("q:1", "q:a", "report"), ("q:2", "q:b", "report"), ("p:2", "p:a", "report")]  # fmt: skip

    assert owns(*said) == ["p:1"]
