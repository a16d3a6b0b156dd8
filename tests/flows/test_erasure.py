"""Forgetting a seller while files wait in the inbox, good ones and others."""

import json
import os
from datetime import UTC, datetime

import pytest

from flows import erasure
from tests.harness import released
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
