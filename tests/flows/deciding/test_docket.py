from datetime import UTC, datetime, timedelta

import pytest

from flows import home as home_module
from flows.deciding import docket, inbox
from flows.learning import labelling
from warehouse import connect, contracts, load, migrate

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ENTRY = {"entity": "wechat", "value": "szr_demo_01"}


@pytest.fixture
def home(tmp_path):
    made = home_module.Home(tmp_path)
    made.ensure(is_sandbox=False)
    return made


@pytest.fixture
def work():
    with connect.open_memory() as connection:
        migrate.migrate(connection)
        yield connection


def file(home, kind, target, verdict=None, *, hours=0, author="lin", **more):
    return inbox.file_decision(
        home,
        kind=kind,
        target=target,
        verdict=verdict,
        note="a reason",
        author=author,
        decided_at=NOW + timedelta(hours=hours),
        **more,
    )


def test_every_kind_comes_into_its_table_once(home, work):
    for _ in range(2):
        file(home, "verdict", "rss:a", "benign")
        file(home, "allow", "phone:4000000000")
        file(home, "revoke", "wl-1", **ENTRY)
        opened = file(home, "appeal", "wl-2", **ENTRY)
        file(home, "answer", opened.appeal_id, "rejected", hours=1, **ENTRY)
        docket.apply(work, home)

    heights = {
        contract.name: load.read(work, contract).height
        for contract in (
            contracts.VERDICTS,
            contracts.ALLOWLIST,
            contracts.REVOCATIONS,
            contracts.APPEALS,
        )
    }
    assert set(heights.values()) == {1}


def test_an_appeal_has_a_clock_and_keeps_who_answered_and_why(home, work):
    opened = file(home, "appeal", "wl-2", author="subject", **ENTRY)
    docket.apply(work, home)
    [before] = load.read(work, contracts.APPEALS).to_dicts()
    file(home, "answer", opened.appeal_id, "upheld", hours=30, author="wang", **ENTRY)
    docket.apply(work, home)
    [after] = load.read(work, contracts.APPEALS).to_dicts()

    assert (before["state"], before["due_at"]) == ("open", NOW + timedelta(days=14))
    assert before["decided_at"] is None
    assert (after["state"], after["decided_by"]) == ("upheld", "wang")
    assert after["decided_at"] - after["opened_at"] == timedelta(hours=30)
    assert (after["author"], after["note"]) == ("subject", "a reason")


def test_the_first_answer_stays_and_answers_to_nothing_change_nothing(home, work):
    opened = file(home, "appeal", "wl-2", **ENTRY)
    file(home, "answer", opened.appeal_id, "rejected", hours=1, **ENTRY)
    file(home, "answer", opened.appeal_id, "upheld", hours=2, **ENTRY)
    file(home, "answer", "appeal-none", "upheld", **ENTRY)
    docket.apply(work, home)

    [row] = load.read(work, contracts.APPEALS).to_dicts()
    assert row["state"] == "rejected"


def test_only_the_latest_appeal_against_an_entry_is_current(home, work):
    first = file(home, "appeal", "wl-2", **ENTRY)
    second = file(home, "appeal", "wl-2", hours=1, **ENTRY)
    docket.apply(work, home)

    rows = load.read(work, contracts.APPEALS)
    assert dict(rows.select("appeal_id", "is_current").rows()) == {
        first.appeal_id: False,
        second.appeal_id: True,
    }


def test_bad_files_are_counted_and_stop_nothing(home, work):
    (home.inbox / "x.json").write_text("{}", encoding="utf-8")
    file(home, "verdict", "rss:a", "fraud")

    counted = docket.apply(work, home)

    assert (counted["verdicts"], counted["set_aside"]) == (1, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"[1]\n", b"\xff\xfe{", b"{}\n", b"[" * 100_000,
        b'{"label_id": "a", "target": 1, "verdict": "fraud", "source": "l", "note": null, "decided_at": "2026-11-01T00:00:00+00:00"}\n',
        b'{"label_id": "a", "target": "rss:a", "verdict": "hang", "source": "l", "note": null, "decided_at": "2026-11-01T00:00:00+00:00"}\n',
        b'{"label_id": "a", "target": "rss:a", "verdict": "fraud", "source": "l", "note": null, "decided_at": "soon"}\n',
    ],
)  # fmt: skip
def test_a_list_that_was_damaged_is_set_aside_and_stops_nothing(home, work, content):
    (home.inbox / f"x{labelling.SUFFIX}").write_bytes(content)
    file(home, "verdict", "rss:a", "fraud")

    counted = docket.apply(work, home)

    assert (counted["verdicts"], counted["labels"], counted["set_aside"]) == (1, 0, 1)
    assert (home.inbox / f"bad/x{labelling.SUFFIX}").read_bytes() == content
