from datetime import UTC, datetime

import polars as pl
import pytest

from features.families import pitches
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


def owned(posts, reads, calls=()):
    """The posts with what is their author's own pitch; those of ``calls`` call to their author."""
    return pitches.owned(posts, reads, pl.Series("post_id", calls, dtype=pl.String))


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

    found = sighted(owned(posts(row), reads(("p:1", "d1", stance, "t1"))))

    assert found["ownership"].to_list() == [ownership]
    assert found["field"].to_list() == ["text"]


def test_the_copies_of_reporters_do_not_make_a_family_common():
    ring = [{"post_id": f"p:{n}", "seller_id": f"p:{n % 3}"} for n in range(9)]
    press = [{"post_id": f"q:{n}", "seller_id": f"q:{n}"} for n in range(40)]
    said = [(row["post_id"], "d", "offer", "t1") for row in ring]
    quoted = [(row["post_id"], "d", "report", "t1") for row in press]

    alone = sighted(owned(posts(*ring), reads(*said)))
    together = sighted(owned(posts(*ring, *press), reads(*said, *quoted)))

    own = together.filter(pl.col("ownership") == "own")
    assert own["confidence"].to_list() == alone["confidence"].to_list()
    assert min(own["confidence"]) > 0.8


def mistaken(rows, groups=()):
    """Variant sightings of (post, seller, copy, stance); copies 1 and 2 make the same mistake."""
    said = [(post, f"d{copy}", stance, "t1") for post, _, copy, stance in rows]
    shown = owned(posts(*({"post_id": post, "seller_id": seller} for post, seller, _, _ in rows)), reads(*said))  # fmt: skip
    copies = shown["doc_id"].str.slice(1).cast(pl.Int64).alias("copy")
    return pitches.variant_sightings(
        shown.with_columns(copies),
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

    found = sighted(owned(posts(*rows), reads(*said)))

    assert sighted(owned(posts(*rows[::-1]), reads(*said[::-1]))).equals(found)


def test_nothing_in_nothing_out():
    assert sighted(owned(posts(), reads())).is_empty()


def owns(*said, calls=()):
    """Posts that own their text, of (post, seller, stance) in one family."""
    rows = [{"post_id": post, "seller_id": seller} for post, seller, _ in said]
    read = [(post, post, stance, "t1") for post, _, stance in said]
    shown = owned(posts(*rows), reads(*read), calls)
    return shown.filter("is_own")["post_id"].sort().to_list()


def test_a_copy_that_was_misread_is_its_authors_pitch_where_its_family_is_one():
    said = [("p:1", "p:a", "offer"), ("p:2", "p:b", "offer"), ("p:3", "p:b", "report")]

    assert owns(*said) == ["p:1", "p:2", "p:3"]


def test_a_reporter_or_a_victim_who_quotes_a_pitch_does_not_own_it():
    said = [("p:1", "p:a", "offer"), ("p:2", "p:b", "offer"), ("q:1", "q:a", "report"), ("p:4", "p:b", "complaint")]  # fmt: skip

    assert owns(*said) == ["p:1", "p:2"]


def test_a_seller_who_shares_the_news_does_not_own_it():
    said = [("p:1", "p:a", "offer"), ("q:1", "q:a", "report"), ("q:2", "q:b", "report"), ("p:2", "p:a", "report")]  # fmt: skip

    assert owns(*said) == ["p:1"]


#: Ten copies of one text by as many authors, three of which were read as offers.
COPIES = [(f"p:{n}", f"p:{n}", "offer" if n < 3 else "other") for n in range(10)]


def test_copies_that_call_to_their_authors_are_offers_where_three_authors_make_offers_of_them():
    calls = [post for post, _, _ in COPIES[:9]]

    assert owns(*COPIES, calls=calls) == calls


@pytest.mark.parametrize(
    ("said", "calls"),
    [
        pytest.param(COPIES, 4, id="it calls to nobody"),
        pytest.param(COPIES[1:], 9, id="two authors"),
        pytest.param([*COPIES, *((f"q:{n}", f"q:{n}", "other") for n in range(21))], 31, id="too few offers"),
        pytest.param([*COPIES, *((f"q:{n}", f"q:{n}", "vendor") for n in range(4))], 14, id="more vendors"),
    ],
)  # fmt: skip
def test_what_few_take_for_an_offer_stays_what_it_was_read_as(said, calls):
    found = owns(*said, calls=[post for post, _, _ in said[:calls]])

    assert [
        post for post, _, stance in said if stance == "other" and post in found
    ] == []


def test_whoever_reports_or_shares_an_advertisement_does_not_own_it():
    said = [*COPIES, ("q:1", "q:1", "report"), ("q:2", "q:2", "complaint")]
    shared = {"post_id": "q:3", "seller_id": "q:3", "repost_of": "p:1"}
    rows = [
        *({"post_id": post, "seller_id": seller} for post, seller, _ in said),
        shared,
    ]
    read = [
        *((post, post, stance, "t1") for post, _, stance in said),
        ("q:3", "p:1", "other", "t1"),
    ]

    found = owned(posts(*rows), reads(*read), [row["post_id"] for row in rows])

    assert found.filter(
        pl.col("is_own") & pl.col("post_id").str.starts_with("q")
    ).is_empty()


def test_a_contact_of_its_own_or_a_word_where_to_find_it_calls_to_an_author():
    row = dict.fromkeys(contracts.SIGHTINGS.columns)
    seen = [
        row
        | {
            "post_id": f"p:{kind}{ownership}{field}",
            "kind": kind,
            "ownership": ownership,
            "field": field,
        }
        for kind, ownership, field in (
            ("wechat", "own", "text"),
            ("wechat", "mentioned", "text"),
            ("wechat", "own", "bio"),
            ("template", "own", "text"),
        )
    ]
    said = [
        dict.fromkeys(contracts.SIGNALS.columns)
        | {"post_id": f"p:{signal}{voice}", "signal": signal, "voice": voice}
        for signal, voice in (
            ("contact_elsewhere", "asserted"),
            ("contact_elsewhere", "quoted"),
            ("fomo", "asserted"),
        )
    ]

    found = pitches.calling(
        pl.DataFrame(seen, schema=dict(contracts.SIGHTINGS.columns)),
        pl.DataFrame(said, schema=dict(contracts.SIGNALS.columns)),
    )

    assert sorted(found) == ["p:contact_elsewhereasserted", "p:wechatowntext"]


def test_misread_offers_count_for_sellers_that_are_nothing_else():
    row = dict.fromkeys(contracts.SELLER_FACTS.columns) | {"offer_count": 1}
    sellers = pl.DataFrame(
        [
            row | {"seller_id": f"p:{n}", "role": role}
            for n, role in ((3, "other"), (4, "vendor"), (99, "other"))
        ],
        schema=dict(contracts.SELLER_FACTS.columns),
    )
    read = reads(*((post, post, stance, "t1") for post, _, stance in COPIES))
    shown = owned(
        posts(*({"post_id": post, "seller_id": seller} for post, seller, _ in COPIES)),
        read,
        [post for post, _, _ in COPIES],
    )

    found = pitches.with_offers(sellers, shown)

    assert found["offer_count"].to_list() == [2, 1, 1]
    assert found.columns == sellers.columns
