from datetime import UTC, datetime, timedelta

import pytest

from flows import home as home_module
from flows.deciding import inbox
from warehouse import errors

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    made = home_module.Home(tmp_path)
    made.ensure(is_sandbox=False)
    return made


def file_verdict(home, target="rss:a", note="same wechat"):
    return inbox.file_decision(
        home,
        kind="verdict",
        target=target,
        verdict="fraud",
        note=note,
        author="lin",
        decided_at=NOW,
    )


def test_a_decision_comes_back_as_filed(home):
    filed = file_verdict(home)

    [(path, found)], bad = inbox.pending(home)

    assert found == filed
    assert (found.target, found.verdict, found.decided_at) == ("rss:a", "fraud", NOW)
    assert bad == []
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_decision_twice_is_one(home):
    file_verdict(home)
    file_verdict(home)

    assert len(inbox.pending(home)[0]) == 1


def test_a_bad_file_is_set_aside_with_the_reason(home):
    (home.inbox / "x.json").write_text(
        '{"kind": "verdict", "verdict": "hang"}', encoding="utf-8"
    )
    file_verdict(home)

    good, bad = inbox.pending(home)

    assert len(good) == 1
    assert len(bad) == 1
    assert "x.json cannot be used" in bad[0]
    assert {path.name for path in (home.inbox / "bad").iterdir()} == {
        "x.json",
        "x.json.why.txt",
    }


def test_the_reason_does_not_repeat_the_bytes(home):
    (home.inbox / "x.json").write_bytes("电话 19900000001".encode("utf-16"))

    [told] = inbox.pending(home)[1]

    assert "it is not UTF-8" in told
    assert "19900000001" not in (home.inbox / "bad/x.json.why.txt").read_text(
        encoding="utf-8"
    )


def test_what_was_set_aside_goes_with_its_time(home):
    (home.inbox / "x.json").write_text("{", encoding="utf-8")
    inbox.pending(home)

    assert inbox.discard_bad(home, before=NOW - timedelta(days=3650)) == 0
    assert inbox.discard_bad(home, before=datetime.now(UTC) + timedelta(days=1)) == 1
    assert list((home.inbox / "bad").iterdir()) == []


def test_applied_decisions_wait_until_a_release_knows_them(home):
    filed = file_verdict(home)
    good, _ = inbox.pending(home)

    inbox.settle([path for path, _ in good])
    assert inbox.pending(home) == ([], [])
    assert inbox.unreleased(home) == [filed]

    inbox.discard(home, as_of=NOW - timedelta(seconds=1))
    assert inbox.unreleased(home) == [filed]
    inbox.discard(home, as_of=NOW)
    assert inbox.unreleased(home) == []


def test_names_change_with_every_step_that_readers_must_see(home):
    seen = [inbox.names(home)]
    file_verdict(home)
    seen.append(inbox.names(home))
    inbox.settle([path for path, _ in inbox.pending(home)[0]])
    assert inbox.names(home) == seen[1], "applied is no news to a reader"
    inbox.discard(home, as_of=NOW)
    assert seen[0] != seen[1]
    assert inbox.names(home) == seen[0]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b"x" * 300_000,
        b'{"kind": "verdict", "verdict": ["fraud"], "target": "a", "note": "n", "author": "l", "decided_at": "2026-11-01T00:00:00+00:00"}',
        b'{"kind": "verdict", "verdict": "fraud", "target": "a", "note": "n", "author": "l", "decided_at": "2026-11-01T00:00:00"}',
        b'{"kind": "revoke", "verdict": null, "target": "a", "note": "n", "author": "l", "decided_at": "2026-11-01T00:00:00+00:00"}',
        b'{"kind": "answer", "verdict": "maybe", "target": "a", "note": "n", "author": "l", "decided_at": "2026-11-01T00:00:00+00:00", "entity": "seller", "value": "a"}',
    ],
)  # fmt: skip
def test_nothing_in_the_inbox_stops_a_run_or_a_reader(home, content):
    (home.inbox / "x.json").write_bytes(content)
    filed = file_verdict(home)

    assert inbox.unreleased(home) == [filed]
    good, bad = inbox.pending(home)
    assert [decision for _, decision in good] == [filed]
    assert len(bad) == 1
    assert (home.inbox / "bad/x.json").read_bytes() == content


def test_links_and_folders_are_no_decisions(home, tmp_path):
    (tmp_path / "elsewhere").write_text("{}", encoding="utf-8")
    (home.inbox / "link.json").symlink_to(tmp_path / "elsewhere")
    (home.inbox / "folder.json").mkdir()

    assert inbox.unreleased(home) == []
    assert len(inbox.pending(home)[1]) == 2
    assert (tmp_path / "elsewhere").exists()


def test_text_that_no_file_holds_is_refused(home):
    with pytest.raises(errors.InputError, match="Nothing was filed"):
        file_verdict(home, note="字" * 60_000)


@pytest.mark.parametrize(
    ("field", "keywords"), [("--note", {"note": " "}), ("target", {"target": ""})]
)
def test_a_decision_needs_its_reason_and_target(home, field, keywords):
    with pytest.raises(errors.InputError, match=field):
        file_verdict(home, **keywords)


def test_there_must_be_something_to_decide_on(tmp_path):
    with pytest.raises(errors.InputError, match="holds nothing yet"):
        file_verdict(home_module.Home(tmp_path / "none"))
