"""Bundles on the record, training in a process of its own, what is measured, backtests: over one invented market."""

import dataclasses
import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from flows import backtest, retrain
from flows.learning import appraisal, knowledge
from models import bundle, learner, train
from models.knowledge import hindsight
from tests.harness.homes import scored
from tests.harness.homes.taught import NOW, label_file, learned, published
from warehouse import connect, contracts, errors, load


def test_an_imported_list_teaches_and_calibrates_and_lists_nobody(lesson):
    (counted, told, night), _ = lesson

    with night.open() as connection:
        scores = load.read(connection, contracts.SCORES)
        verdicts = load.read(connection, contracts.VERDICTS)
    assert counted["labels"] == 200
    assert scores["is_calibrated"].all()
    assert verdicts.is_empty()
    assert told["challenger"] in {"promoted", "shadow"}


def test_bundles_are_trained_promoted_and_rolled_back_on_the_record(taught):
    night, _ = taught
    settings = night.settings
    published(settings, night.as_of)
    when = night.as_of + timedelta(hours=1)
    with night.open() as connection, connect.transaction(connection):
        made = load.read(connection, contracts.BUNDLES)
        rows = [
            {
                **made.row(0, named=True),
                "event": "promoted",
                "as_of": when + timedelta(hours=at),
                "run_id": f"r{at}",
            }
            for at in range(1)
        ]
        load.append(
            connection, contracts.BUNDLES, pl.DataFrame(rows, schema=made.schema)
        )

    back = retrain.rollback_command(
        settings, author="li", now=when + timedelta(hours=2), wait=False
    )
    later = scored.night_of(
        settings, as_of=night.as_of + timedelta(days=1), run_id="run-3"
    )
    told = scored.scoring.score_sellers(later)

    assert back["rolled_back"] == made["version"][0]
    assert told["challenger"] != "promoted"


def test_a_damaged_champion_is_refused_and_the_night_goes_on(taught):
    night, _ = taught
    settings = night.settings
    with night.open() as connection, connect.transaction(connection):
        made = load.read(connection, contracts.BUNDLES).row(0, named=True)
        row = {
            **made,
            "event": "promoted",
            "run_id": "r",
            "as_of": night.as_of + timedelta(hours=1),
        }
        load.append(
            connection,
            contracts.BUNDLES,
            pl.DataFrame([row], schema=dict(contracts.BUNDLES.columns)),
        )
    (settings.home.models / made["version"] / "booster.txt").write_text(
        "tree\n", encoding="utf-8"
    )
    later = scored.night_of(
        settings, as_of=night.as_of + timedelta(days=1), run_id="run-3"
    )

    told = scored.scoring.score_sellers(later)

    assert "do not have the digests" in told["refused"][0]
    assert told["scored"] > 0


def test_the_same_night_again_gives_the_same_bytes(taught):
    night, _ = taught
    frames = []
    for run_id in ("run-2", "run-4"):
        scored.scoring.score_sellers(dataclasses.replace(night, run_id=run_id))
        with night.open() as connection:
            frames.append([
                load.read(connection, contract).drop("run_id", strict=False)
                for contract in (contracts.SCORES, contracts.REASONS, contracts.CASES, contracts.BUNDLES, contracts.PROFILES)
            ])  # fmt: skip

    assert all(one.equals(two) for one, two in zip(*frames, strict=True))


def test_metrics_are_held_out_and_told_by_slice(taught, tmp_path):
    night, truth = taught
    settings = night.settings
    published(settings, night.as_of)

    rows = appraisal.evaluate_command(settings, truth=None, now=NOW + timedelta(days=2))
    against = appraisal.evaluate_command(
        settings, truth=label_file(tmp_path / "truth.csv", truth, 9999), now=NOW
    )

    assert {row["slice"] for row in rows} >= {"all", "platform", "ring_size"}
    assert rows[0]["average_precision"] > 0.95
    assert against[0]["evidence"] == "truth.csv"
    assert against[0]["sellers"] > rows[0]["sellers"]


def test_without_labels_there_is_nothing_to_measure(home):
    settings, _ = home

    with pytest.raises(errors.InputError, match="3 of each are needed"):
        appraisal.evaluate_command(settings, truth=None, now=NOW)


def _die(material, **options):
    os._exit(3)


def _out_of_memory(material, **options):
    raise MemoryError


def _refuse(material, **options):
    message = "Label should be between 0 and 1"
    raise learner.RefusedError(message)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (_die, "the training process ended without a result"),
        (_out_of_memory, "there was not enough memory"),
        (_refuse, "LightGBM refused: Label should be"),
    ],
)
def test_a_training_that_fails_is_told_and_leaves_what_scored(
    monkeypatch, home, tmp_path, fault, why
):
    settings, truth = home
    monkeypatch.setattr(train, "challenge", fault)

    _, told, _ = learned(settings, truth, tmp_path)

    assert f"training died: {why}" in told["gate"]
    assert told["score_source"] == "rules"


def test_a_training_process_that_cannot_start_is_told(monkeypatch, home, tmp_path):
    def refuse(*_, **__):
        raise OSError(12, "Cannot allocate memory")

    settings, truth = home
    monkeypatch.setattr(retrain.futures, "ProcessPoolExecutor", refuse)

    _, told, _ = learned(settings, truth, tmp_path)

    assert "could not start (Cannot allocate memory)" in told["gate"]


def test_a_rollback_passes_over_bundles_that_cannot_be_used(taught):
    night, _ = taught
    settings = night.settings
    with night.open() as connection, connect.transaction(connection):
        made = load.read(connection, contracts.BUNDLES).row(0, named=True)
        rows = [
            {
                **made,
                "version": version,
                "event": "promoted",
                "run_id": f"r{at}",
                "as_of": night.as_of + timedelta(hours=at),
            }
            for at, version in enumerate([made["version"], "m-gone", "m-worst"], 1)
        ]
        load.append(
            connection,
            contracts.BUNDLES,
            pl.DataFrame(rows, schema=dict(contracts.BUNDLES.columns)),
        )
    back = [
        retrain.rollback_command(
            settings, author="li", now=night.as_of + timedelta(hours=hours), wait=False
        )
        for hours in (5, 6, 7)
    ]

    assert [each["rolled_back"] for each in back] == [
        "m-worst",
        "m-gone",
        made["version"],
    ]
    assert [each["champion"] for each in back] == [
        made["version"],
        made["version"],
        None,
    ]
    assert "m-gone refused" in back[0]["refused"][0]
    with pytest.raises(errors.InputError, match="nothing to roll back"):
        retrain.rollback_command(
            settings, author="li", now=night.as_of + timedelta(hours=8), wait=False
        )


def test_a_backtest_lists_before_the_complaint_and_says_what_it_knew(market):
    settings, truth = market
    first = datetime(2026, 3, 20, tzinfo=UTC)

    rows = backtest.backtest_command(
        settings,
        first=first,
        last=first + timedelta(days=20),
        by="published",
        every_days=10,
    )

    scams = set(truth.filter("is_scam")["seller_id"])
    listed = {row["seller_id"] for row in rows}
    assert len(listed) > 20
    assert len(listed & scams) >= 0.98 * len(listed)
    assert all("by published" in row["knowledge"] for row in rows)
    assert any(row["lead_days"] is not None for row in rows)
    assert json.dumps(rows)


def test_bundles_on_disk_are_whole(lesson):
    (_, _, night), _ = lesson

    [directory] = night.settings.home.models.iterdir()
    assert bundle.load(directory).manifest["as_of"].startswith("2026-04-21")


def test_training_twice_makes_the_same_bundle(taught):
    night, _ = taught
    settings = night.settings
    made = {path.name for path in settings.home.models.iterdir()}
    shutil.rmtree(settings.home.models)

    scored.scoring.score_sellers(night)

    assert {path.name for path in settings.home.models.iterdir()} == made


def test_what_complaints_teach_is_blind_to_what_came_after(market):
    settings, _ = market
    with connect.open_work(settings.home.database) as connection:
        known = knowledge.gather(
            connection, pack_name=settings.pack, as_of=scored.AS_OF
        )
    moment = scored.AS_OF - hindsight.HORIZON
    complained = known.complaints["post_id"].implode()
    # Everything that was crawled since is gone, but for the complaints themselves.
    earlier = dataclasses.replace(
        known,
        read=(
            known.read[0].filter(
                (pl.col("crawled_at") <= moment) | pl.col("post_id").is_in(complained)
            ),
            *known.read[1:3],
            known.read[3].filter(pl.col("seen_at") <= moment),
            known.read[4].filter(pl.col("first_seen_at") <= moment),
            *known.read[5:],
        ),
    )

    assert len(known.before.matrix) >= hindsight.LEAST
    assert known.before.matrix.tobytes() == earlier.before.matrix.tobytes()
    assert known.before.group.to_list() == earlier.before.group.to_list()
