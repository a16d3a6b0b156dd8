"""Every live source in every bad state that the sandbox knows: the source is red, with the status that fits."""

from datetime import UTC, datetime
from itertools import product
from urllib.parse import unquote, urlsplit

import polars as pl
import pytest

from crawlers import health
from crawlers.sandbox import market
from crawlers.sandbox.platforms import web
from crawlers.sources import urls
from crawlers.sources.catalogue import SOURCES
from warehouse import contracts

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
#: Those that anybody may ask; the others are asked with keys, in sandbox/test_apis.py.
PUBLIC = [name for name in web.SOURCES if SOURCES[name].authorise is None]
BUILT = market.build(
    4,
    epoch=datetime(2026, 1, 1, tzinfo=UTC),
    days=20,
    scale=0.3,
    platforms=web.PLATFORMS,
)
#: What each state is for a source that has no status of its own for it.
STATUSES = {
    "blocked": {"blocked"},
    "captcha": {"blocked"},
    "login_wall": {"login_wall", "blocked"},
    "silent_empty": {"blocked", "empty", "schema_drift", "gone"},
    "rate_limited": {"rate_limited"},
    "drifted": {"schema_drift"},
}


def night(source, state):
    """Fetch rows of what the source's own addresses answer, and its canary."""
    shown = web.Platforms(BUILT.records, as_of=AS_OF, states={source: state})
    (job,) = [
        each for each in shown.jobs("http://127.0.0.1:1") if each["source"] == source
    ]
    rows = []
    for start in job["start"]:
        url = start if isinstance(start, str) else start["url"]
        parts = urlsplit(url)
        answer = shown.answer(parts.hostname, unquote(parts.path), parts.query)
        parsed = SOURCES[source].parse(
            answer.body, url=url, http_status=answer.status, fetched_at=AS_OF, ask=None
        )
        rows.append(
            {
                "source": source,
                "url_or_file": urls.without_secrets(url),
                "fetch_status": parsed.fetch_status,
                "http_status": answer.status,
                "record_count": len(parsed.records),
                "reject_count": len(parsed.rejects),
                "reason": parsed.reason,
                "fetched_at": AS_OF,
                "run_id": "r",
            }
        )
    fetches = pl.DataFrame(rows, schema=dict(contracts.FETCHES.columns))
    return fetches, rows[0]["url_or_file"]


def judged(source, state):
    fetches, canary = night(source, state)
    states = health.source_states(
        fetches,
        history=contracts.FETCHES.empty(),
        as_of=AS_OF,
        configured=[source],
        canaries={source: canary},
    )
    return set(fetches["fetch_status"]), states["state"][0], states["why"][0]


@pytest.mark.parametrize(("source", "state"), list(product(PUBLIC, STATUSES)))
def test_a_bad_state_makes_its_source_red(source, state):
    statuses, colour, why = judged(source, state)
    assert statuses <= STATUSES[state], why
    assert colour == "red", why


@pytest.mark.parametrize("source", PUBLIC)
def test_the_same_source_is_green_when_all_is_well(source):
    statuses, colour, why = judged(source, "ok")
    assert "ok" in statuses
    assert colour == "green", why


@pytest.mark.parametrize("source", PUBLIC)
def test_a_hanging_source_hangs(source):
    shown = web.Platforms(BUILT.records, as_of=AS_OF, states={source: "hanging"})
    (job,) = [
        each for each in shown.jobs("http://127.0.0.1:1") if each["source"] == source
    ]
    start = job["start"][0]
    host = urlsplit(start if isinstance(start, str) else start["url"]).hostname
    assert shown.answer(host, "/").is_hanging
