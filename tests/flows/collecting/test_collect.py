import json
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.memory.staging import Answer, Staging
from crawlers.sources.parsed import Ask
from flows import home as home_module
from flows import settings as settings_module
from flows.collecting import collect, validators
from flows.collecting import jobs as job_module
from warehouse import connect, errors, migrate

AS_OF = datetime(2026, 3, 1, 2, tzinfo=UTC)
FEED = "http://feeds.example.com/rss"
JOB = {"source": "rss", "start": [FEED], "keywords": []}


def record(number, crawled_at=AS_OF):
    return {
        "platform": "rss",
        "kind": "article",
        "post_id": f"n{number}",
        "title": f"示例 {number}",
        "text": "示例文章",
        "crawled_at": crawled_at.isoformat(),
        "author": {"id": "feeds.example.com/rss", "id_kind": "feed"},
    }


@pytest.fixture
def home(tmp_path):
    made = home_module.Home(tmp_path)
    made.ensure(is_sandbox=False)
    with connect.open_work(made.database) as connection:
        migrate.migrate(connection)
    return made


def killed(home, run_id="night-1", *, is_complete=False, **changes):
    """What a killed crawl of two answers and one open request left."""
    directory = home.work / "staging" / run_id / "rss"
    directory.mkdir(parents=True)
    job = {**JOB, "as_of": AS_OF.isoformat(), **changes}
    (directory / "job.json").write_text(json.dumps(job))
    staging = Staging(directory / "out", source="rss", hash_key=b"key")
    for number in (1, 2):
        answer = Answer(f"{FEED}?{number}")
        answer.fetch = {
            "url_or_file": answer.url,
            "fetch_status": "ok",
            "http_status": 200,
            "record_count": 1,
            "reject_count": 0,
            "reason": None,
            "fetched_at": AS_OF.isoformat(),
        }
        answer.asks = [Ask(f"{FEED}/details/{number}", listed=record(number + 10))]
        staging.expect(answer, records=1)
        digest = staging.archive.write(
            b"%d" % number, url=answer.url, fetched_at=AS_OF, http_status=200
        )
        staging.write_record({**record(number), "evidence_sha256": digest}, answer)
    if is_complete:
        staging.close()
        staging.write_summary({"is_complete": True, "unknown_fields": []})
    return directory


def prepare(home, *, jobs=(JOB,), run_id="night-2", as_of=AS_OF):
    with connect.open_work(home.database) as connection:
        collect.prepare(connection, home, jobs, run_id=run_id, as_of=as_of)
        posts = connection.execute(
            "select post_id from raw.posts order by 1"
        ).fetchall()
        fetches = connection.execute(
            "select run_id, count(*) from core.fetches group by all"
        ).fetchall()
    return [row[0] for row in posts], dict(fetches)


def left(home):
    return sorted(
        str(path.relative_to(home.work / "staging"))
        for path in (home.work / "staging").glob("*/*")
    )


def test_the_same_crawl_soon_after_goes_on_with_what_was_killed(home):
    killed(home)

    posts, fetches = prepare(home, as_of=AS_OF + timedelta(hours=1))

    assert (posts, fetches) == ([], {})
    assert left(home) == ["night-2/rss"]
    staging = Staging(
        home.work / "staging/night-2/rss/out", source="rss", hash_key=b"key"
    )
    assert staging.adopted == 2
    assert len(staging.pending) == 2


@pytest.mark.parametrize(
    ("changes", "jobs", "hours"),
    [
        ({}, (JOB,), 7),
        ({}, (JOB,), -1),
        ({"start": ["http://other.example/"]}, (JOB,), 1),
        ({}, (), 1),
    ],
)
def test_an_abandoned_crawl_is_loaded_under_its_own_run(home, changes, jobs, hours):
    killed(home, **changes)

    posts, fetches = prepare(home, jobs=jobs, as_of=AS_OF + timedelta(hours=hours))

    assert posts == ["rss:n1", "rss:n11", "rss:n12", "rss:n2"]
    assert fetches == {"night-1": 2}
    assert left(home) == [f"night-2/{job['source']}" for job in jobs]
    known = home.work / "staging/night-2/rss/known.txt"
    assert not jobs or known.read_text().split() == posts
    with connect.open_work(home.database) as connection:
        kept = connection.execute(
            """select post_id, warc_file from raw.posts
            join core.evidence on sha256 = evidence_sha256 order by 1"""
        ).fetchall()
    name = "rss--night-1.warc.gz"
    assert kept == [("rss:n1", name), ("rss:n2", name)]


def test_a_complete_crawl_that_no_night_came_to_load_is_not_made_again(home):
    killed(home, is_complete=True)
    prepare(home)

    failure = collect.stage_source(
        home,
        {**JOB, "limits": {"seconds": 1}},
        run_id="night-2",
        as_of=AS_OF,
        requests_per_night=0,
    )
    with connect.open_work(home.database) as connection:
        counts = collect.load_source(
            connection, home, "rss", run_id="night-2", as_of=AS_OF, failure=failure
        )

    assert failure is None
    assert (counts.read, counts.new) == (2, 2)
    assert left(home) == []


def test_what_was_loaded_before_the_kill_is_loaded_once(home):
    directory = killed(home, is_complete=True)
    with connect.open_work(home.database) as connection:
        collect._load_staged(
            connection, home, directory, "rss", run_id="night-1", imported_at=AS_OF
        )

    posts, fetches = prepare(home)

    assert posts == ["rss:n1", "rss:n2"]
    assert fetches == {"night-1": 2}
    assert left(home) == ["night-2/rss"]


def test_what_unchanged_answers_are_recognised_by_is_told_to_the_next_crawl_of_the_same_parsers(
    home, monkeypatch
):
    def told(after=timedelta(0)):
        prepare(home, as_of=AS_OF + after)
        path = home.work / "staging/night-2/rss/validators.json"
        return json.loads(path.read_text(encoding="utf-8"))

    with connect.open_work(home.database) as connection:
        for source, given in (
            ("rss", {FEED: {"etag": "a", "last_modified": "b"}}),
            ("36kr", {FEED: {"etag": "other"}}),
            ("rss", {FEED: {"etag": "c"}, f"{FEED}/2": {}}),
        ):
            validators.keep(connection, source, given, read_at=AS_OF)

    assert told() == {FEED: {"etag": "c"}, f"{FEED}/2": {}}
    monkeypatch.setattr(validators.catalogue, "parser_digest", lambda: "another")
    assert told() == {}


def test_validators_are_kept_with_the_rows_of_their_crawl(home):
    directory = killed(home, is_complete=True)
    summary = directory / "out" / "summary.json"
    told = json.loads(summary.read_text(encoding="utf-8"))
    summary.write_text(json.dumps({**told, "validators": {FEED: {"etag": "a"}}}))

    with connect.open_work(home.database) as connection:
        collect._load_staged(
            connection, home, directory, "rss", run_id="night-1", imported_at=AS_OF
        )

        known = validators.known(connection, "rss", as_of=AS_OF + timedelta(days=1))
        assert known == {FEED: {"etag": "a"}}


def test_an_answer_that_is_always_unchanged_is_asked_for_whole_every_seventh_night(
    home,
):
    with connect.open_work(home.database) as connection:
        validators.keep(connection, "rss", {FEED: {"etag": "a"}}, read_at=AS_OF)
        known = []
        for day in range(-1, 9):
            # A night without an answer leaves nothing to keep.
            validators.keep(connection, "rss", {}, read_at=AS_OF + timedelta(days=day))
            # A little early: the cron does not begin on the second.
            as_of = AS_OF + timedelta(days=day, seconds=-40 if day == 7 else 40)
            known.append(bool(validators.known(connection, "rss", as_of=as_of)))

        connection.execute("update core.validators set read_at = null")
        assert validators.known(connection, "rss", as_of=AS_OF) == {}

    assert known == [False, *[True] * 7, False, False]


def test_a_failed_crawl_keeps_what_it_had_stored(home):
    killed(home)
    with connect.open_work(home.database) as connection:
        collect.load_source(
            connection, home, "rss", run_id="night-1", as_of=AS_OF, failure="it broke"
        )

    prepare(home, as_of=AS_OF + timedelta(hours=1))

    assert left(home) == ["night-2/rss"]


def configured(tmp_path, text):
    path = tmp_path / "puppetwatch.toml"
    path.write_text(f'[crawl]\ncontact = "ops@example.org"\n{text}')
    return settings_module.load(config=path, environment={})


def test_a_registered_source_is_asked_per_keyword_and_its_job_names_no_key(tmp_path):
    settings = configured(
        tmp_path,
        """
        [sources.douyin]
        client_key_env = "DEMO_KEY"
        client_secret_file = "/run/secrets/demo"
        device_id = 7
        """,
    )

    (job,) = job_module.live_jobs(settings, ["数字人代理", "数字人加盟"])

    assert len(job["start"]) == 2
    assert "device_id=7" in job["start"][0]
    assert job["credentials"] == {
        "client_key": {"env": "DEMO_KEY"},
        "client_secret": {"file": "/run/secrets/demo"},
    }
    assert job["keywords"] == []


def test_a_key_in_the_clear_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(errors.InputError, match="client_secret_env") as refused:
        configured(tmp_path, '[sources.douyin]\nclient_secret = "hidden"')

    assert "hidden" not in str(refused.value)
