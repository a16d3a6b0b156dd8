from datetime import UTC, datetime

import pytest

from flows import home as home_module
from flows import inbox
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


def test_applied_decisions_are_removed(home):
    file_verdict(home)
    good, _ = inbox.pending(home)

    inbox.discard([path for path, _ in good])

    assert inbox.pending(home) == ([], [])


@pytest.mark.parametrize(
    ("field", "keywords"), [("--note", {"note": " "}), ("target", {"target": ""})]
)
def test_a_decision_needs_its_reason_and_target(home, field, keywords):
    with pytest.raises(errors.InputError, match=field):
        file_verdict(home, **keywords)


def test_there_must_be_something_to_decide_on(tmp_path):
    with pytest.raises(errors.InputError, match="holds nothing yet"):
        file_verdict(home_module.Home(tmp_path / "none"))
