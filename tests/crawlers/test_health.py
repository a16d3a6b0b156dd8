from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from crawlers import health
from warehouse import contracts

AS_OF = datetime(2026, 3, 10, 2, tzinfo=UTC)


def rows(
    *statuses,
    source="rss",
    run="tonight",
    at=AS_OF,
    count=10,
    http_status=None,
    reason=None,
):
    return [
        {
            "source": source,
            "url_or_file": f"https://demo.example/{place}",
            "fetch_status": status,
            "http_status": http_status,
            "record_count": count if status == "ok" else 0,
            "reject_count": 0,
            "reason": reason,
            "fetched_at": at,
            "run_id": run,
        }
        for place, status in enumerate(statuses)
    ]


def frame(found):
    return pl.DataFrame(found, schema=dict(contracts.FETCHES.columns), orient="row")


def nights(*counts):
    """History: one good run per count, a day apart."""
    return [
        row
        for place, count in enumerate(counts)
        for row in rows(
            "ok",
            run=f"r{place}",
            at=AS_OF - timedelta(days=len(counts) - place),
            count=count,
        )
    ]


def state(found, history=(), **others):
    table = health.source_states(
        frame(list(found)),
        history=frame(list(history)),
        as_of=AS_OF,
        configured=["rss"],
        **others,
    )
    return table.row(0, named=True)


def test_a_source_with_records_is_green():
    found = state(rows("ok", "ok", "empty"))
    assert found == {
        "source": "rss",
        "state": "green",
        "why": "20 records in 3 requests",
        "last_ok_at": AS_OF,
        "record_count": 20,
        "usual_record_count": None,
        "canary_ok": None,
    }


@pytest.mark.parametrize(
    "status",
    [
        "blocked",
        "login_wall",
        "rate_limited",
        "gone",
        "schema_drift",
        "robots_disallowed",
        "not_authorised",
        "error",
    ],
)
def test_a_source_that_was_never_ok_is_red_and_says_which_status_how_often(status):
    found = state(rows(status, status, reason="HTTP 403"))
    assert found["state"] == "red"
    assert found["why"] == f"never ok: {status} ×2 of 2 requests (HTTP 403)"


def test_a_configured_source_without_a_request_is_red():
    assert state([])["state"] == "red"
    assert "not asked" in state([])["why"]


def test_mostly_failing_is_red_and_partly_failing_is_yellow():
    assert state(rows("ok", "schema_drift", "schema_drift"))["state"] == "red"
    assert state(rows("ok", "ok", "error"))["state"] == "yellow"


def test_a_few_gone_pages_do_not_worry_anybody():
    assert state(rows("ok", "ok", "gone"))["state"] == "green"
    assert state(rows("ok", "gone", "gone"))["state"] == "yellow"


@pytest.mark.parametrize(
    ("count", "expected"),
    [(100, "green"), (60, "green"), (40, "yellow"), (20, "red"), (0, "red")],
)
def test_a_count_is_compared_with_the_sources_own_usual_count(count, expected):
    found = state(rows("ok", count=count), nights(90, 100, 110))
    assert (found["state"], found["usual_record_count"]) == (expected, 100)


def test_a_list_left_at_its_first_page_is_compared_with_that_page():
    whole = rows(*["ok"] * 50, run="first", at=AS_OF - timedelta(days=1))
    found = state(rows("ok"), whole)
    assert (found["state"], found["usual_record_count"]) == ("green", 10)
    assert state(rows("ok", count=2), whole)["state"] == "red"


def test_addresses_that_are_new_or_gone_from_the_configuration_are_not_compared():
    before = rows("ok", "ok", run="first", at=AS_OF - timedelta(days=1), count=40)
    fewer = rows("ok", count=40)
    assert state(fewer, before)["state"] == "green"
    assert state(fewer, before)["usual_record_count"] == 40
    more = [*fewer, {**fewer[0], "url_or_file": "https://demo.example/new", "record_count": 0}]  # fmt: skip
    assert state(more, before)["state"] == "green"


def test_an_address_that_fails_tonight_is_told_as_failing_not_as_few():
    before = rows("ok", "ok", "ok", run="first", at=AS_OF - timedelta(days=1))
    found = state(rows("ok", "ok", "error"), before)
    assert (found["state"], found["usual_record_count"]) == ("yellow", 20)
    assert "partly failing" in found["why"]


def dropped(found, kept=None, **others):
    kept = contracts.SOURCES.empty() if kept is None else kept
    return health.drop_states(frame(found), kept=kept, as_of=AS_OF, sources=["rss"], **others)  # fmt: skip


def test_what_people_dropped_is_judged_by_its_answers():
    assert dropped(rows("ok", "ok"))["state"][0] == "green"
    assert dropped(rows("ok", "blocked"))["state"][0] == "yellow"
    bad = dropped(rows("login_wall", reason="login page")).row(0, named=True)
    assert bad["state"] == "red"
    assert bad["why"] == "dropped: login_wall ×1 of 1 answers (login page)"


def test_without_a_new_drop_a_source_stays_as_it_was_for_a_week():
    fresh = dropped(rows("ok", at=AS_OF - timedelta(days=3)))
    assert dropped([], fresh).equals(fresh)
    stale = dropped(rows("ok", at=AS_OF - timedelta(days=9)))
    assert dropped([], stale)["state"][0] == "yellow"
    assert "9 days" in dropped([], stale)["why"][0]
    red = dropped(rows("blocked", at=AS_OF - timedelta(days=3)))
    assert dropped([], red)["state"][0] == "red"
    assert dropped([])["why"][0] == "nothing was dropped yet"


def test_one_bad_night_does_not_move_the_usual_count():
    history = [
        *nights(100, 100, 100),
        *rows("blocked", run="bad", at=AS_OF - timedelta(hours=5)),
    ]
    assert state(rows("ok", count=100), history)["usual_record_count"] == 100


def test_small_sources_may_halve_by_chance():
    assert state(rows("ok", count=1), nights(4, 5, 4))["state"] == "green"


def test_an_unchanged_feed_has_no_count_to_compare():
    assert state(rows("empty", http_status=304), nights(100, 100))["state"] == "green"


def test_the_future_and_this_run_itself_are_no_history():
    history = [
        *rows("ok", run="later", at=AS_OF + timedelta(days=1), count=900),
        *rows("ok", count=900),
    ]
    assert state(rows("ok"), history)["usual_record_count"] is None


def test_a_canary_without_results_turns_silence_into_red():
    canary = {"rss": "https://demo.example/0"}
    assert state(rows("empty", "empty"), canaries=canary)["state"] == "red"
    assert state(rows("ok", "empty"), canaries=canary)["canary_ok"] is True
    assert state(rows("empty", http_status=304), canaries=canary)["canary_ok"] is True
    assert (
        state(rows("ok"), canaries={"rss": "https://demo.example/9"})["canary_ok"]
        is None
    )


def test_last_ok_looks_back_beyond_tonight():
    found = state(rows("blocked"), nights(100, 100))
    assert found["last_ok_at"] == AS_OF - timedelta(days=1)


def test_rows_of_other_sources_are_judged_too_and_sorted():
    found = frame([*rows("ok", source="rss"), *rows("ok", source="heimao")])
    table = health.source_states(
        found, history=contracts.FETCHES.empty(), as_of=AS_OF, configured=["landing"]
    )
    assert table["source"].to_list() == ["heimao", "landing", "rss"]


def test_nothing_in_nothing_out():
    empty = contracts.FETCHES.empty()
    table = health.source_states(empty, history=empty, as_of=AS_OF, configured=[])
    assert contracts.SOURCES.check(table).is_empty()
