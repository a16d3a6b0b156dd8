from __future__ import annotations

import csv
import gc
import hashlib
import io
import json
import re
from importlib import resources

import jsonschema
import networkx as nx
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from warehouse import atomic, contracts, errors, publish
from warehouse.watchlist import (
    cells,
    delimited,
    facts,
    manifest,
    release,
)
from warehouse.watchlist.listing import entries


def _manifest(directory):
    return json.loads((directory / "manifest.json").read_text(encoding="utf-8"))


def _bytes(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_release_holds_all_files_and_the_manifest_names_their_digests(write):
    directory = write()
    names = {
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_file()
    }
    [event] = [
        name for name in names if re.fullmatch(r"misp/[0-9a-f-]{36}\.json", name)
    ]
    assert names == {
        "watchlist.csv",
        "watchlist.xlsx",
        "watchlist.jsonl",
        "watchlist.parquet",
        "watchlist.stix.json",
        "misp/manifest.json",
        event,
        "misp/hashes.csv",
        "misp/warninglists/hotlines/list.json",
        "misp/warninglists/platforms/list.json",
        "entities.ftm.json",
        "changes.csv",
        "networks.graphml",
        "summary.md",
        "manifest.json",
    }
    manifest = _manifest(directory)
    assert manifest["sha256"] == {
        name: hashlib.sha256((directory / name).read_bytes()).hexdigest()
        for name in sorted(names - {"manifest.json"})
    }


def test_manifest_says_what_the_contract_promises(write, night):
    directory = write()
    manifest = _manifest(directory)
    assert directory.name == manifest["release_id"]
    assert manifest["release_id"].startswith("20240614T020000Z-")
    promised = {
        "schema_version",
        "release_id",
        "run_id",
        "model_version",
        "pack_versions",
        "is_sandbox",
        "counts",
        "thresholds",
        "valid_until",
        "next_expected_at",
        "intended_use",
        "appeal",
        "sha256",
    }
    assert promised <= set(manifest)
    assert manifest["counts"]["entries"] == 3
    assert manifest["counts"]["by_entity"] == {"seller": 2, "wechat": 1}
    assert manifest["counts"]["changes"] == {"ADD": 3, "MOD": 0, "DEL": 0}
    assert (manifest["as_of"], manifest["next_expected_at"]) == (
        "2024-06-14T02:00:00Z",
        "2024-06-15T02:00:00Z",
    )
    assert manifest["is_sandbox"] is True


def test_formats_tell_the_same(write, market, night):
    directory = write()
    _, stamped = release.stamp(entries.entries(**market()).watchlist, night)
    assert_frame_equal(
        pl.read_parquet(directory / "watchlist.parquet"), facts.active(stamped)
    )
    lines = [
        json.loads(line)
        for line in (directory / "watchlist.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    text = (directory / "watchlist.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline="")))
    assert not text.startswith(b"\xef\xbb\xbf")
    assert list(rows[0]) == list(lines[0]) == list(contracts.WATCHLIST.columns)
    for line, row in zip(lines, rows, strict=True):
        assert {name: cells.restore(value) for name, value in row.items()} == {
            name: "|".join(value)
            if isinstance(value, list)
            else ""
            if value is None
            else str(value)
            for name, value in line.items()
        }


def test_only_active_entries_are_in_the_lists(write, market, night, tmp_path):
    benign = [
        {
            "verdict_id": "v",
            "target": "douyin:szr1",
            "verdict": "benign",
            "author": "甲",
            "decided_at": night,
        }
    ]
    before = entries.entries(**market()).watchlist
    directory = write(previous=before, verdicts=benign)
    assert pl.read_parquet(directory / "watchlist.parquet")["value"].to_list() == [
        "douyin:szr2"
    ]


def test_same_content_gives_the_same_bytes(write, tmp_path, market):
    shuffled = {
        name: market()[name].reverse()
        for name in ("sellers", "reasons", "sightings", "owners", "posts")
    }
    one, two = write(tmp_path / "one"), write(tmp_path / "two", **shuffled)
    assert _bytes(one) == _bytes(two)


def test_other_content_has_another_name(write, market, tmp_path):
    renamed = [row | {"name": "改名"} for row in market()["sellers"].to_dicts()]
    assert write().name != write(sellers=renamed).name


def test_existing_release_is_left_as_it_is(write):
    directory = write()
    before = (directory / "manifest.json").stat().st_mtime_ns
    assert write() == directory
    assert (directory / "manifest.json").stat().st_mtime_ns == before


def test_formulas_in_names_are_neutralised(write, market):
    evil = [
        row | {"name": '=HYPERLINK("http://a.example.com")'}
        for row in market()["sellers"].to_dicts()
    ]
    directory = write(sellers=evil)
    for name in ("watchlist.csv", "changes.csv"):
        rows = list(
            csv.DictReader(
                io.StringIO((directory / name).read_text(encoding="utf-8"), newline="")
            )
        )
        shown = {row["display_name"] for row in rows if row["entity"] == "seller"}
        assert shown == {'\'=HYPERLINK("http://a.example.com")'}


def test_changes_alone_are_enough_to_rebuild_the_list(write):
    directory = write()
    changes, listed = (
        list(
            csv.DictReader(
                io.StringIO((directory / name).read_text(encoding="utf-8"), newline="")
            )
        )
        for name in ("changes.csv", "watchlist.csv")
    )
    assert list(changes[0])[:4] == list(contracts.WATCHLIST_CHANGES.columns)
    same = (
        "entry_id",
        "entity",
        "value",
        "display_name",
        "network_id",
        "band",
        "reasons",
        "status",
    )
    by_id = {row["entry_id"]: row for row in changes}
    assert [
        {name: by_id[row["entry_id"]][name] for name in same} for row in listed
    ] == [{name: row[name] for name in same} for row in listed]
    assert {by_id[row["entry_id"]]["expires_on"] for row in listed} == {
        row["expires_at"][:10] for row in listed
    }


def test_empty_release_is_whole(write):
    nothing = {
        name: []
        for name in ("sellers", "reasons", "sightings", "owners", "indicators", "posts")
    }
    directory = write(**nothing)
    assert _manifest(directory)["counts"]["entries"] == 0
    assert len(nx.read_graphml(directory / "networks.graphml")) == 0


@pytest.mark.parametrize(
    ("module", "step"),
    [(delimited, "watchlist"), (manifest, "manifest"), (manifest, "summary")],
)
def test_run_that_dies_while_writing_leaves_nothing_visible(
    write, tmp_path, monkeypatch, module, step
):
    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, step, die)
        with pytest.raises(KeyboardInterrupt):
            write()
    assert list(tmp_path.iterdir()) == []
    directory = write()
    publish.swing(tmp_path / "latest", directory)
    assert (tmp_path / "latest" / "manifest.json").exists()


def test_full_disk_says_so_and_shows_nothing(write, tmp_path, monkeypatch):
    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "sync", full)
    with pytest.raises(
        errors.ServiceError,
        match=r"Release .* was not written.*the disk is full.*unchanged",
    ):
        write()
    assert list(tmp_path.iterdir()) == []


def test_manifest_follows_the_schema(write):
    schema = json.loads(
        resources.files("warehouse.watchlist")
        .joinpath("schemas/manifest.schema.json")
        .read_text(encoding="utf-8")
    )
    check = jsonschema.Draft202012Validator(schema)
    check.check_schema(schema)
    told = _manifest(write())
    check.validate(told)
    with pytest.raises(jsonschema.ValidationError):
        check.validate(told | {"sha256": {}})


def test_cycles_are_looked_for_again_once_a_release_is_written_or_fails(
    write, tmp_path, monkeypatch
):
    write(tmp_path / "good")
    assert gc.isenabled()

    def broken(_):
        assert not gc.isenabled()
        raise OSError(5, "broken")

    monkeypatch.setattr(delimited, "changes", broken)
    with pytest.raises(errors.ServiceError):
        write(tmp_path / "bad")
    assert gc.isenabled()
