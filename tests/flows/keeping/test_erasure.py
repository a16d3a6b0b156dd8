"""Forgetting a seller while files wait in the inbox, good ones and others."""

import json
import os
from datetime import UTC, datetime

import pytest

from flows.keeping import erasure
from flows.learning import labelling
from tests.harness.homes import released
from warehouse import connect

SELLER = "douyin:szr2"


@pytest.fixture
def home(tmp_path):
    return released.make(tmp_path / "home").home


def test_files_that_are_no_decisions_do_not_keep_anybody_from_being_forgotten(home):
    bad = home.inbox / "bad"
    bad.mkdir()
    (bad / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    (bad / "bytes.json").write_bytes(b"\xff\x00{")
    (bad / "list.json").write_text("[1]", encoding="utf-8")
    (bad / "folder.json").mkdir()
    os.mkfifo(bad / "pipe.json")
    about = home.inbox / "about.json"
    about.write_text(json.dumps({"target": SELLER}), encoding="utf-8")
    done = erasure.forget(home, SELLER, author="lin", note="asked for it", now=datetime.now(UTC))  # fmt: skip
    assert done["decisions"] == 1
    assert not about.exists()
    assert len(list(bad.iterdir())) == 5
    with connect.open_work(home.database) as connection:
        posts = connection.execute("select count(*) from raw.posts where seller_id = ?", [SELLER])  # fmt: skip
        assert posts.fetchone() == (0,)


def test_nothing_in_the_inbox_keeps_an_erased_id(home, tmp_path):
    table = tmp_path / "list.csv"
    table.write_text(f"target,verdict\n{SELLER},fraud\ndouyin:szr1,benign\n", encoding="utf-8")  # fmt: skip
    labelling.import_labels(home, table, source=None, now=datetime.now(UTC))
    torn = home.inbox / f"torn{labelling.SUFFIX}"
    torn.write_text(json.dumps({"target": SELLER})[:-1], encoding="utf-8")
    (home.inbox / "broken.json").write_text(f'{{"target": "{SELLER}", ', encoding="utf-8")  # fmt: skip
    bad = home.inbox / "bad"
    bad.mkdir()
    (bad / "wide.json").write_bytes(f'{{"target": "{SELLER}"}}'.encode("utf-16"))
    (bad / "wide.json.why.txt").write_text(f"cannot be read: {SELLER}", encoding="utf-8")  # fmt: skip
    (bad / "long.json").write_text("x" * ((1 << 20) - 4) + SELLER, encoding="utf-8")
    (bad / "other.json").write_text('{"target": "douyin:szr1", ', encoding="utf-8")
    done = erasure.forget(home, SELLER, author="lin", note="asked for it", now=datetime.now(UTC))  # fmt: skip
    left = [path for path in home.inbox.rglob("*") if path.is_file()]
    assert done["decisions"] == 6
    assert not [path for path in left if SELLER.encode() in path.read_bytes()]
    assert (bad / "other.json") in left
    assert labelling.pending(home)[1]["target"].to_list() == ["douyin:szr1"]
