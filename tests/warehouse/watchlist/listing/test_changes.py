"""What changed between two lists, and that it is enough to follow them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse import contracts
from warehouse.watchlist.listing import entries

_ENTRY = st.fixed_dictionaries(
    {
        "entry_id": st.sampled_from([f"wl-{n}" for n in range(5)]),
        "band": st.sampled_from(["high", "low"]),
        "network_id": st.sampled_from([None, "n1"]),
        "reasons": st.sampled_from([["fomo"], ["fomo", "fee_asked"]]),
        "display_name": st.sampled_from([None, "示例"]),
        "status": st.sampled_from(["active", "expired", "revoked"]),
        "expires": st.integers(0, 3),
        "scam_probability": st.sampled_from([0.9, 0.95]),
    }
)


_LISTS = st.lists(
    st.lists(_ENTRY, max_size=5, unique_by=lambda entry: entry["entry_id"]), max_size=4
)


#: What a consumer that replays changes must know of each entry.
SHOWN = [
    "entry_id",
    "band",
    "network_id",
    "reasons",
    "display_name",
    "status",
    "expires_on",
]


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(nights=_LISTS)
def test_replaying_all_changes_from_empty_gives_the_list(frame, night, nights):
    previous = contracts.WATCHLIST.empty()
    replayed = {}
    for number, rows in enumerate(nights):
        made = [
            {name: value for name, value in row.items() if name != "expires"}
            | {"expires_at": night + timedelta(hours=7 * row["expires"])}
            for row in rows
        ]
        current = frame(contracts.WATCHLIST, made)
        changed = entries.changes(previous, current, release_id=f"r{number}")
        told = changed.join(
            current.with_columns(pl.col("expires_at").dt.date().alias("expires_on")),
            on="entry_id",
            how="left",
        )
        for row in told.iter_rows(named=True):
            if row["op"] == "DEL":
                del replayed[row["entry_id"]]
            else:
                assert (row["op"] == "MOD") is (row["entry_id"] in replayed)
                replayed[row["entry_id"]] = {name: row[name] for name in SHOWN}
        active = current.filter(pl.col("status") == "active").with_columns(
            pl.col("expires_at").dt.date().alias("expires_on")
        )
        assert replayed == {
            row["entry_id"]: row for row in active.select(SHOWN).iter_rows(named=True)
        }
        previous = current


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"scam_probability": 0.99, "evidence_count": 9, "last_seen_at": None}, None),
        ({"band": "medium"}, "changed: band"),
        ({"network_id": "n2"}, "changed: network_id"),
        ({"reasons": ["fomo"]}, "changed: reasons"),
        ({"display_name": None}, "changed: display_name"),
    ],
)
def test_modification_is_written_for_the_watched_columns_only(market, change, why):
    before = entries.entries(**market()).watchlist
    after = before.with_columns(
        pl.lit(value, dtype=before.schema[name]).alias(name)
        for name, value in change.items()
    )
    found = entries.changes(before, after, release_id="r")
    assert set(found["why"]) == ({why} if why else set())


def test_modification_is_written_when_the_day_of_expiry_moves_and_not_its_hour(market):
    before = entries.entries(**market()).watchlist
    counts = [
        entries.changes(
            before,
            before.with_columns(pl.col("expires_at") + timedelta(hours=hours)),
            release_id="r",
        ).height
        for hours in (1, 24)
    ]
    assert counts == [0, 3]
