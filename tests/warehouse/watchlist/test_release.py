from __future__ import annotations

import csv
import hashlib
import io
import json
import xml.etree.ElementTree as ET

import networkx as nx
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from warehouse import atomic, contracts, errors, publish
from warehouse.watchlist import cells, entries, graph, release


@pytest.fixture
def facts(night):
    return release.Facts(
        run_id="run1", as_of=night, model_version="rules-1", pack_versions={"digital-human": "1"},
        thresholds={"medium": 0.5, "high": 0.85}, is_sandbox=True,
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
def write(market, night, facts, edges, tmp_path):
    """``write(directory, **changed)``: the release of a market."""

    def make(directory=tmp_path, **changed):
        found = entries.entries(**market(**changed))
        release_id, stamped = release.stamp(found.watchlist, night)
        changes = entries.changes(
            contracts.WATCHLIST.empty(),
            stamped,
            release_id=release_id,
            leaving=found.leaving,
        )
        return release.write_release(
            directory,
            release_id=release_id,
            watchlist=stamped,
            changes=changes,
            edges=edges,
            facts=facts,
        )

    return make


def _manifest(directory):
    return json.loads((directory / "manifest.json").read_text(encoding="utf-8"))


def test_release_holds_all_files_and_the_manifest_names_their_digests(write):
    directory = write()
    names = {path.name for path in directory.iterdir()}
    assert names == {
        "watchlist.csv",
        "watchlist.jsonl",
        "watchlist.parquet",
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
        pl.read_parquet(directory / "watchlist.parquet"), release.active(stamped)
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
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }


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


def test_graph_shows_listed_sellers_and_contacts_and_nobody_else(write):
    found = nx.read_graphml(write() / "networks.graphml")
    assert set(found.nodes) == {"douyin:szr1", "douyin:szr2", "wechat:szr_demo_01"}
    assert {frozenset(pair) for pair in found.edges} == {
        frozenset(("douyin:szr1", "douyin:szr2")),
        frozenset(("douyin:szr1", "wechat:szr_demo_01")),
        frozenset(("douyin:szr2", "wechat:szr_demo_01")),
    }


def test_graph_with_control_characters_in_names_is_still_xml(market, edges, night):
    odd = [
        row | {"name": "示例\x00\x0b<&\ufffe"} for row in market()["sellers"].to_dicts()
    ]
    listed = release.active(entries.entries(**market(sellers=odd)).watchlist)
    ET.fromstring(graph.graphml(listed, edges))


def test_empty_release_is_whole(write):
    nothing = {
        name: []
        for name in ("sellers", "reasons", "sightings", "owners", "indicators", "posts")
    }
    directory = write(**nothing)
    assert _manifest(directory)["counts"]["entries"] == 0
    assert len(nx.read_graphml(directory / "networks.graphml")) == 0


@pytest.mark.parametrize("step", ["table", "_manifest", "_summary"])
def test_run_that_dies_while_writing_leaves_nothing_visible(
    write, tmp_path, monkeypatch, step
):
    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(release, step, die)
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
