"""The desk over a published home: freshness, releases that come while it answers, indexes that are not there."""

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta

import pytest

from flows import home as home_module
from flows import settings
from flows.deciding import inbox
from flows.keeping import erasure
from flows.releases import revocation
from flows.service import contact_reader, lookups, serving
from tests.harness.homes import released
from warehouse import errors, lookup

TEXT = "加薇：szr_demo_01"


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    return released.make(tmp_path_factory.mktemp("released") / "home")


@pytest.fixture
def found(night, tmp_path):
    shutil.copytree(night.home.root, tmp_path / "home", symlinks=True)
    return settings.Settings(home=home_module.Home(tmp_path / "home"), config_path=None)


def desk(found, **more):
    return lookups.Desk(found.home, reader=contact_reader.read, **more)


def values(asked, text):
    [result] = asked.answers([text])["results"]
    return {entry["value"]: {each["how"] for each in entry["matched_by"]} for entry in result["entries"]}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("➕V❤ s z r _ d e m o _ 0 1", {"szr_demo_01": {"exact"}}),
        ("电话：1990 000 0001", {"19900000001": {"exact"}}),
        ("微信19900000001", {"19900000001": {"link"}}),
        ("douyin:szr1", {"douyin:szr1": {"exact"}}),
        ("抖音号：szr_handle_0", {"douyin:szr1": {"handle"}}),
        ("看 https://www.douyin.com/user/szr1?a=b", {"douyin:szr2": {"page"}}),
        ("91000000000000003w", {"91000000000000003W": {"exact"}}),
        ("收款方是示例三数字科技有限公司", {"示例三数字科技有限公司": {"exact"}}),
        ("https://join.szr3.example.com/apply", {"join.szr3.example.com": {"exact"}}),
        ("新网站 https://new.szr3.example.com", {"join.szr3.example.com": {"link"}}),
        ("加薇：szr_demo_99", {}),
    ],
)  # fmt: skip
def test_entries_are_found_by_whatever_a_text_gives(night, text, expected):
    assert values(desk(night), text) == expected


def test_answer_tells_evidence_and_freshness(night):
    told = desk(night).answers([TEXT, "没有"])
    [entry] = told["results"][0]["entries"]

    assert entry["evidence_count"] >= 1
    assert len(entry["evidence_sha256"]) == 64
    assert told["results"][1] == {"contacts": [], "entries": []} or not told["results"][1]["entries"]  # fmt: skip
    assert told["release"]["release_id"] == night.home.latest_release.readlink().name
    assert told["release"]["is_stale"] is False


def test_old_release_is_stale_and_expired_entries_are_silent(night):
    def later(days):
        return lambda: datetime.now(UTC) + timedelta(days=days)

    assert desk(night, now=later(6)).freshness()["is_stale"] is False
    assert desk(night, now=later(8)).freshness()["is_stale"] is True
    assert values(desk(night, now=later(60)), TEXT + " douyin:szr1") == {
        "douyin:szr1": {"exact"}
    }


def test_releases_come_without_a_gap(found):
    """While entries are revoked one after the other, no answer fails, and none goes back behind a decision."""
    asked, keys = desk(found), [("phone", "19900000001"), ("uscc", "91000000000000003W"), ("company", "示例三数字科技有限公司")]  # fmt: skip
    rows = {(e["entity"], e["value"]): e["entry_id"] for result in asked.answers(["douyin:szr1 电话19900000001 91000000000000003W 示例三数字科技有限公司"])["results"] for e in result["entries"]}  # fmt: skip
    gone: list[str] = []
    wrong: list[object] = []
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            expected = set(gone)
            try:
                seen = set(values(asked, "电话19900000001 91000000000000003W 示例三数字科技有限公司 加薇：szr_demo_01"))  # fmt: skip
            except Exception as error:
                wrong.append(error)
                raise
            if expected & seen or "szr_demo_01" not in seen:
                wrong.append((expected, seen))
            stop.wait(0.005)

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        for key in keys:
            revocation.revoke(found, rows[key], note="n", author="lin", is_urgent=True, now=datetime.now(UTC))  # fmt: skip
            gone.append(key[1])
    finally:
        stop.set()
        reader.join()

    assert wrong == []


@pytest.mark.parametrize("content", [None, b"puppetwatch lookup 0\n{}\n"])
def test_index_that_is_missing_or_old_is_made_again(found, content):
    [path] = (found.home.root / "lookup").iterdir()
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    assert values(desk(found), TEXT) == {"szr_demo_01": {"exact"}}
    assert values(desk(found), "new.szr3.example.com") == {"join.szr3.example.com": {"link"}}  # fmt: skip
    assert lookup.Index(path).meta["release"]["release_id"] == path.stem


def test_only_the_newest_indexes_stay(found):
    [newest] = (found.home.root / "lookup").iterdir()
    for day in range(10, 15):
        (newest.parent / f"202401{day}T000000Z-00000000.index").touch()
    lookups.prune(found.home, keep=lookups.KEEP)
    kept = sorted(path.name for path in newest.parent.iterdir())
    assert len(kept) == lookups.KEEP
    assert kept[-1] == newest.name


def test_bytes_that_are_no_text_are_looked_up_all_the_same(night):
    told = serving.look_up(night.home, [f"\udcff {TEXT}"])
    assert told["results"][0]["entries"]
    json.dumps(told, ensure_ascii=False).encode()


def test_home_without_a_release_says_so(tmp_path):
    home = home_module.Home(tmp_path)
    home.ensure(is_sandbox=False)
    with pytest.raises(errors.InputError, match="has no release yet"):
        serving.look_up(home, ["szr_demo_01"])


def test_lines_of_a_file_are_texts(night, tmp_path):
    (tmp_path / "texts").write_text(f"{TEXT}\n\n没有联系方式\n", encoding="utf-8")
    told = serving.look_up(night.home, serving.lines(str(tmp_path / "texts")))

    assert [bool(result["entries"]) for result in told["results"]] == [True, False]
    shown = serving.render(told)
    assert "szr_demo_01" in shown
    assert "STALE" not in shown


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "lookup.example.com"])
def test_service_needs_a_token_off_loopback(night, monkeypatch, host):
    monkeypatch.delenv("PUPPETWATCH_TOKEN", raising=False)
    with pytest.raises(errors.InputError, match="a token is needed"):
        serving.serve(night.home, host=host, port=0, names=[], token_variable="PUPPETWATCH_TOKEN")  # fmt: skip


def test_forgotten_seller_is_hidden_at_once_and_until_a_release_without_it_is_out(
    found,
):
    asked = desk(found)
    texts = ("douyin:szr1", "电话：1990 000 0001", TEXT)
    assert [list(values(asked, text)) for text in texts] == [["douyin:szr1"], ["19900000001"], ["szr_demo_01"]]  # fmt: skip

    now = datetime.now(UTC)
    erasure.forget(found.home, "douyin:szr1", author="lin", note="asked for it", now=now)  # fmt: skip

    # What it shared with a seller that is listed still stays, and nothing that waits names it.
    assert [list(values(asked, text)) for text in texts] == [[], [], ["szr_demo_01"]]
    filed = list(found.home.inbox.glob("*.json"))
    assert len(filed) == 2
    assert not any("szr1" in path.read_text(encoding="utf-8") for path in filed)

    released.publish(found, as_of=now + timedelta(minutes=1))
    assert inbox.unreleased(found.home) == []
    assert [list(values(asked, text)) for text in texts] == [[], [], ["szr_demo_01"]]
