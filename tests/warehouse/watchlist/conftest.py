"""A night in which anything may happen to two sellers and their contacts, and the release of it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from warehouse import contracts
from warehouse.watchlist import facts, release
from warehouse.watchlist.listing import entries, rules


@pytest.fixture
def market(frame, night):
    """``market()`` gives the arguments of ``entries.entries``; keyword arguments replace rows by name."""

    def make(**changed):
        seen = night - timedelta(days=1)
        rows = {
            "sellers": [
                {
                    "seller_id": f"douyin:szr{n}",
                    "name": f"示例{n}",
                    "network_id": "n1",
                    "role": "seller",
                    "scam_probability": 0.95,
                    "band": "high",
                    "last_seen_at": seen,
                }
                for n in (1, 2)
            ],
            "reasons": [
                {
                    "seller_id": f"douyin:szr{n}",
                    "rank": rank,
                    "reason": code,
                    "family": family,
                    "contribution": 1.0,
                    "evidence_post_id": f"douyin:p{n}",
                }
                for n in (1, 2)
                for rank, (code, family) in enumerate(
                    [("fee_asked", "money"), ("fomo", "trope")], start=1
                )
            ],
            "sightings": [
                {
                    "post_id": f"douyin:p{n}",
                    "seller_id": f"douyin:szr{n}",
                    "kind": "wechat",
                    "value": "szr_demo_01",
                    "ownership": "own",
                    "seen_at": seen,
                }
                for n in (1, 2)
            ],
            "owners": [
                {
                    "kind": "wechat",
                    "value": "szr_demo_01",
                    "seller_id": f"douyin:szr{n}",
                }
                for n in (1, 2)
            ],
            "indicators": [
                {
                    "kind": "wechat",
                    "value": "szr_demo_01",
                    "is_hub": False,
                    "is_allowlisted": False,
                }
            ],
            "posts": [
                {
                    "post_id": f"douyin:p{n}",
                    "seller_id": f"douyin:szr{n}",
                    "doc_id": f"d{n}",
                }
                for n in (1, 2)
            ],
            "verdicts": [],
            "allowlist": [],
            "previous": [],
        }
        shapes = {
            "sellers": contracts.SELLERS.columns,
            "reasons": contracts.REASONS.columns,
            "sightings": contracts.SIGHTINGS.columns,
            "owners": {
                "kind": pl.String(),
                "value": pl.String(),
                "seller_id": pl.String(),
            },
            "indicators": contracts.INDICATORS.columns,
            "posts": rules.POSTS,
            "verdicts": contracts.VERDICTS.columns,
            "allowlist": contracts.ALLOWLIST.columns,
            "previous": contracts.WATCHLIST.columns,
        }
        frames = {
            name: pl.DataFrame(changed.get(name, rows[name]), schema=dict(shape))
            if not isinstance(changed.get(name), pl.DataFrame)
            else changed[name]
            for name, shape in shapes.items()
        }
        return frames | {"as_of": changed.get("as_of", night), "threshold": 0.85}

    return make


@pytest.fixture
def listed(market):
    """``listed(**changed)``: (entity, value) → entry of the active entries of such a night."""

    def make(**changed):
        found = entries.entries(**market(**changed)).watchlist.filter(
            pl.col("status") == "active"
        )
        return {
            (row["entity"], row["value"]): row for row in found.iter_rows(named=True)
        }

    return make


@pytest.fixture
def told(night):
    return facts.Facts(
        run_id="run1", as_of=night, model_version="rules-1", pack_versions={"digital-human": "1"},
        thresholds={"medium": 0.5, "high": 0.85}, is_sandbox=True,
        public_values={"phone": ("12315",), "domain": ("t.cn",)},
    )  # fmt: skip


@pytest.fixture
def edges(frame, night):
    pair = {
        "src": "douyin:szr1",
        "dst": "douyin:szr2",
        "weight": 0.5,
        "first_seen_at": night,
        "last_seen_at": night,
    }
    shared = [
        {"kind": "wechat", "value": "szr_demo_01", "weight": 0.5},
        {"kind": "qq", "value": "1", "weight": 0.1},
    ]
    rows = [
        pair | {"evidence": shared},
        pair | {"src": "douyin:szr2", "dst": "douyin:unlisted", "evidence": shared},
    ]
    return frame(contracts.EDGES, rows)


@pytest.fixture
def write(market, night, told, edges, tmp_path):
    """``write(directory, **changed)``: the release of a market."""

    def make(directory=tmp_path, signing_key=None, **changed):
        found = entries.entries(**market(**changed))
        release_id, stamped = release.stamp(found.watchlist, night)
        changes = entries.changes(
            contracts.WATCHLIST.empty(),
            stamped,
            release_id=release_id,
            leaving=found.leaving,
        )
        content = facts.Release(release_id, stamped, changes, edges, told)
        return release.write_release(directory, content, signing_key=signing_key)

    return make
