"""Confidence that travels by wording."""

import polars as pl
import pytest

from models.language import kindred

ADS = [
    "认下这块园子就是你的",
    "一块园子交给一个园东",
    "谁来当这片的园东",
    "往下带徒弟给你抽成",
]
PLAIN = [
    "今天赶集买了新锄头",
    "果树开花拍给大家看",
    "下雨几天菜长得真快",
    "店里的面煮好了",
]


def rows(*parts):
    """(seller, group, stance, text) as posts with texts."""
    frame = pl.DataFrame(
        [(*part[:3], len(part) == 4) for part in parts],
        schema=["seller_id", "group", "stance", "is_on_topic"],
        orient="row",
    )
    return frame, [part[3] for part in parts]


def night():
    sure = [
        (f"s{at}", f"n{at}", "offer", ADS[at % 4] + "，" + ADS[(at + 1) % 4])
        for at in range(24)
    ]
    honest = [(f"h{at}", f"h{at}", "other", PLAIN[at % 4]) for at in range(24)]
    doubtful = [
        ("new", "new", "offer", ADS[0] + "，" + ADS[2]),
        ("odd", "odd", "offer", PLAIN[0] + "，" + PLAIN[1]),
        ("own", "own", "offer", "门前大桥下游过一群鸭快来数一数"),
    ]
    return sure, honest, doubtful


def believed(sure, doubtful):
    return pl.DataFrame(
        {
            "seller_id": [part[0] for part in (*sure, *doubtful)],
            "probability": [0.95] * len(sure) + [0.4] * len(doubtful),
        },
        schema={"seller_id": pl.String, "probability": pl.Float64},
    )


def values(found):
    return dict(found.iter_rows())


def test_who_writes_like_clear_cases_is_like_them():
    sure, honest, doubtful = night()
    posts, texts = rows(*sure, *honest, *doubtful)

    found = values(kindred.likeness(posts, texts, believed(sure, doubtful)))

    assert found["new"] > 0.8
    assert found["odd"] < 0.4
    assert "h0" not in found


def test_wording_that_nobody_shares_says_nothing():
    sure, honest, doubtful = night()
    posts, texts = rows(*sure, *honest, *doubtful)

    found = values(kindred.likeness(posts, texts, believed(sure, doubtful)))

    assert found.get("own", 0.5) == pytest.approx(0.5, abs=0.1)


def test_a_network_does_not_confirm_itself():
    sure, honest, _ = night()
    ring = [
        (f"r{at}", "ring", "offer", "独门的说法没有别人讲" + str(at)) for at in range(9)
    ]
    posts, texts = rows(*sure, *honest, *ring)

    found = values(kindred.likeness(posts, texts, believed([*sure, *ring], [])))

    assert all(found.get(f"r{at}", 0.5) < 0.6 for at in range(9))


def test_no_ad_gives_no_row():
    _, honest, _ = night()
    posts, texts = rows(*honest)

    assert kindred.likeness(posts, texts, believed([], [])).is_empty()


def test_the_order_of_posts_changes_nothing():
    sure, honest, doubtful = night()
    parts = [*sure, *honest, *doubtful]
    beliefs = believed(sure, doubtful)

    plain = values(kindred.likeness(*rows(*parts), beliefs))
    mixed = values(kindred.likeness(*rows(*parts[::-1]), beliefs))

    assert mixed == pytest.approx(plain, abs=1e-4)


def test_clear_cases_of_another_trade_teach_nothing():
    sure, honest, doubtful = night()
    elsewhere = [(*part, "another trade") for part in sure]
    posts, texts = rows(*elsewhere, *honest, *doubtful)

    found = values(kindred.likeness(posts, texts, believed(sure, doubtful)))

    assert found["new"] < 0.8
