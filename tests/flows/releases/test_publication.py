"""What the end of a night leaves behind beside its snapshot and its lists."""

from datetime import timedelta

import duckdb
import polars as pl

from models.promotion import champion
from tests.harness.homes import released
from warehouse import connect, contracts, load


def test_bundles_that_nobody_can_go_back_to_are_removed_and_the_snapshot_follows_the_one_before(
    tmp_path,
):
    settings = released.make(tmp_path / "home")
    versions = [f"m-{number:02}" for number in range(champion.KEPT + 3)]
    rows = [
        {"run_id": f"r{at:02}", "version": version, "event": "shadow", "as_of": released.NIGHT - timedelta(days=20 - at), "author": None, "gate": "{}"}
        for at, version in enumerate(versions)
    ]  # fmt: skip
    with connect.open_work(settings.home.database) as connection:
        frame = pl.DataFrame(rows, schema=dict(contracts.BUNDLES.columns))
        load.append(connection, contracts.BUNDLES, frame)
    for name in (*versions, "of-a-person"):
        (settings.home.models / name).mkdir()

    released.publish(settings, as_of=released.NIGHT + timedelta(minutes=1))

    left = sorted(path.name for path in settings.home.models.iterdir())
    assert left == [*versions[3:], "of-a-person"]
    path = str(settings.home.snapshot.resolve())
    with duckdb.connect(path, read_only=True) as con:
        assert con.execute("select night_count from core.build").fetchall() == [(1,)]
