from datetime import UTC, datetime

import polars as pl

from features.graph import changes
from warehouse import contracts

START = datetime(2024, 6, 1, tzinfo=UTC)


def test_renames_name_the_old_name():
    schema = {"network_id": pl.String, "display_name": pl.String}
    before = pl.DataFrame(
        [("net-1", "示例甲"), ("net-2", "示例乙")], schema=schema, orient="row"
    )
    after = pl.DataFrame(
        [("net-1", "示例丙"), ("net-2", "示例乙"), ("net-3", "x")],
        schema=schema,
        orient="row",
    )
    found = changes.renames(before, after, run_id="run-2")
    assert found.rows() == [("net-1", "run-2", "renamed", "示例甲")]


def silent(*rows):
    return pl.DataFrame(
        [
            {"network_id": name, "is_dormant": state, "last_seen_at": START}
            for name, state in rows
        ],
        schema=dict(contracts.NETWORKS.columns),
    )


def test_silence_and_return_are_recorded_once():
    awake = silent(("net-1", False), ("net-2", False))
    asleep = silent(("net-1", True), ("net-2", False))
    assert changes.awakenings(awake, asleep, run_id="r").rows() == [
        ("net-1", "r", "dormant", "last seen 2024-06-01")
    ]
    assert changes.awakenings(asleep, asleep, run_id="r").is_empty()
    assert changes.awakenings(asleep, awake, run_id="r")["event"].to_list() == [
        "revived"
    ]
