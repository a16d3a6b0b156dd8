"""Saved answers imported, kept, referred to and read again: through the functions behind the command line."""

from __future__ import annotations

import dataclasses
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.sources import catalogue
from flows import home as home_module
from flows import settings as settings_module
from flows.collecting import imports, replay, sources
from flows.keeping import archive
from warehouse import connect, contracts, errors, load

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
SECRET = "browser-secret-0123456789"
FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>示例号</title><link>https://feed.example.org/</link>
<item><guid>https://feed.example.org/1</guid><title>数字人招商</title><description>加V szr_demo_01 https://feed.example.org/j?id=5&amp;token={SECRET}</description></item>
<item><guid>https://feed.example.org/2</guid><title>数字人代理</title><description>名额不多</description></item>
</channel></rss>"""  # fmt: skip


@pytest.fixture
def settings(tmp_path):
    return settings_module.Settings(
        home=home_module.Home(tmp_path / "home"), config_path=None
    )


def imported(settings, *files, source="rss", at=NOW, maps=()):
    return imports.import_command(
        settings,
        [str(file) for file in files],
        source=source,
        column_map=maps,
        started_at=at,
        wait=False,
    )


def replayed(settings, **changes):
    given = {"source": None, "since": None, **changes}
    rows, code = replay.replay_command(settings, **given, started_at=NOW + timedelta(days=9), wait=False)  # fmt: skip
    return {row["source"]: row for row in rows}, code


def query(settings, sql):
    with connect.open_work(settings.home.database) as con:
        return con.execute(sql).fetchall()


def versions(settings):
    with connect.open_work(settings.home.database) as con:
        return load.read(con, contracts.RAW_POSTS)


@pytest.fixture
def feed(tmp_path, settings):
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    counts, code = imported(settings, tmp_path / "feed.xml")
    assert code == 0
    assert counts == {"read": 2, "new": 2, "updated": 0, "unchanged": 0, "rejected": 0}  # fmt: skip
    return settings


def test_records_carry_the_digest_of_what_is_archived(feed):
    [(sha256, file, size)] = query(feed, "select sha256, warc_file, size from core.evidence")  # fmt: skip
    assert set(versions(feed)["evidence_sha256"]) == {sha256}
    [path] = archive.files(feed.home)
    assert path.name == file
    content = gzip.decompress(path.read_bytes())
    assert b"WARC-Type: resource" in content
    assert SECRET.encode() not in content
    assert SECRET not in str(versions(feed)["text"].to_list())
    assert size > 100


def test_a_row_per_file_and_entry_says_how_it_went(settings, tmp_path):
    for name, text in (("1.xml", FEED), ("2.html", "<html><body>安全验证</body></html>")):  # fmt: skip
        (tmp_path / "d" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "d" / name).write_text(text, encoding="utf-8")
    _, code = imported(settings, tmp_path / "d", tmp_path / "none.xml")
    assert code == 2
    found = query(settings, "select url_or_file, fetch_status, record_count from core.fetches order by 1")  # fmt: skip
    names = [(Path(name).name, status, count) for name, status, count in found]
    assert names == [("1.xml", "ok", 2), ("2.html", "blocked", 0), ("none.xml", "error", 0)]  # fmt: skip


def test_the_same_files_again_change_nothing_and_are_evidence_again(feed, tmp_path):
    counts, _ = imported(feed, tmp_path / "feed.xml", at=NOW + timedelta(days=1))
    assert counts["unchanged"] == 2
    assert len(archive.files(feed.home)) == 2


def test_a_replay_with_the_same_parsers_changes_nothing(feed):
    before = versions(feed)
    for _ in range(2):
        rows, code = replayed(feed)
        assert (rows["rss"]["unchanged"], rows["rss"]["updated"], code) == (2, 0, 0)
    assert versions(feed).equals(before)


def test_a_parser_that_reads_more_restates_what_was_read(feed, monkeypatch):
    real = catalogue.SOURCES["rss"]

    def better(*arguments, **keywords):
        parsed = real.parse(*arguments, **keywords)
        records = tuple({**record, "hashtags": ["数字人"]} for record in parsed.records)
        return dataclasses.replace(parsed, records=records)

    improved = {**catalogue.SOURCES, "rss": dataclasses.replace(real, parse=better)}
    monkeypatch.setattr(catalogue, "SOURCES", improved)
    before = versions(feed)
    rows, _ = replayed(feed, source="rss", since=NOW)
    assert (rows["rss"]["new"], rows["rss"]["updated"]) == (0, 2)
    after = versions(feed)
    assert after["hashtags"].to_list() == [["数字人"]] * 2
    assert after.select("post_id", "crawled_at").equals(before.select("post_id", "crawled_at"))  # fmt: skip
    assert replayed(feed)[0]["rss"]["updated"] == 0


def test_a_replay_of_nothing_and_of_a_damaged_file_is_told(feed):
    with pytest.raises(errors.InputError, match="heimao"):
        replayed(feed, source="heimao")
    with pytest.raises(errors.InputError, match="since"):
        replayed(feed, since=NOW + timedelta(days=1))
    [path] = archive.files(feed.home)
    path.write_bytes(path.read_bytes()[:300])
    assert replayed(feed)[1] == 1


def test_a_home_that_was_never_written_has_nothing_to_replay(settings):
    with pytest.raises(errors.InputError, match="holds nothing yet"):
        replayed(settings)


def test_complainants_are_nowhere_in_the_archive_and_a_replay_knows_them_again(settings, tmp_path):  # fmt: skip
    lists = {
        "lists": [
            {"main": {"sn": "17999990001", "title": "示例云创代理费不退", "summary": "签约", "uid": 9990000001, "timestamp": "1763800600", "url": "//tousu.sina.com.cn/complaint/view/17999990001/?sld=x1"}, "author": {"title": "示例网友一"}}
        ],
        "pager": {"item_count": 1, "next": 0},
    }  # fmt: skip
    answer = {"result": {"status": {"code": 0}, "data": lists}}
    (tmp_path / "a.json").write_text(json.dumps(answer), encoding="utf-8")
    imported(settings, tmp_path / "a.json", source="heimao")
    [path] = archive.files(settings.home)
    content = gzip.decompress(path.read_bytes()).decode()
    assert "9990000001" not in content
    assert "示例网友一" not in content
    assert json.dumps("示例网友一").strip('"') not in content
    assert replayed(settings)[0]["heimao"]["unchanged"] == 1


def test_a_vendors_table_loads_by_its_columns_and_replays(settings, tmp_path):
    (tmp_path / "v.csv").write_text(f"id,uid,text,cookie\n1,u1,数字人代理 加V szr_demo_01,{SECRET}\n2,,x,y\n3,u2,招商,{SECRET}\n", encoding="utf-8")  # fmt: skip
    maps = ["id=post_id", "uid=author.id", "text=text"]
    counts, code = imported(settings, tmp_path / "v.csv", source="weibo", maps=maps)
    assert (counts["new"], counts["rejected"], code) == (2, 1, 0)
    assert versions(settings)["post_id"].to_list() == ["weibo:1", "weibo:3"]
    [path] = archive.files(settings.home)
    assert SECRET.encode() not in gzip.decompress(path.read_bytes())
    rows, _ = replayed(settings)
    assert (rows["weibo"]["unchanged"], rows["weibo"]["rejected"]) == (2, 1)


def test_a_map_without_a_source_and_a_source_without_a_parser_are_refused(settings, tmp_path):  # fmt: skip
    with pytest.raises(errors.InputError, match="--map needs --source"):
        imported(settings, tmp_path, source=None, maps=["a=post_id", "b=author.id", "c=text"])  # fmt: skip
    with pytest.raises(errors.InputError, match="No parser for source 'nobody'"):
        imported(settings, tmp_path, source="nobody")


def test_a_drop_says_nothing_of_how_a_source_answers(feed):
    with connect.open_work(feed.home.database) as con:
        states = sources.note_sources(con, jobs=[{"source": "rss"}], run_id="n-1", as_of=NOW)  # fmt: skip
        usual = con.execute("select usual_record_count from core.sources").fetchall()
    assert states == {"rss": "red"}
    assert usual == [(None,)]
