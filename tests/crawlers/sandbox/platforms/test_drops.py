"""What people save of platforms that no crawl may ask: read by the code that reads every drop."""

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.files import drops as reading
from crawlers.sandbox import market
from crawlers.sandbox.platforms import drops, walls, web
from crawlers.sources.catalogue import SOURCES

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 1, 15, 3, tzinfo=UTC)
BUILT = market.build(5, epoch=EPOCH, days=30, platforms=web.PLATFORMS)
PAGES = {state: answer.body for state, answer in walls.WALLS.items()}


def latest(as_of):
    """The latest version of each post as of then."""
    found = {}
    for record in BUILT.records:
        if datetime.fromisoformat(record["crawled_at"]) <= as_of:
            found[record["platform"], record["post_id"]] = record
    return list(found.values())


def write(folder, as_of=AS_OF, state="ok", records=None):
    return drops.write(
        folder,
        latest(as_of) if records is None else records,
        as_of=as_of,
        states=dict.fromkeys(drops.SOURCES, state),
        walls=PAGES,
    )


def read(folder, source, as_of=AS_OF):
    return list(
        reading.read(
            folder,
            name=source,
            source=source,
            parse=SOURCES[source].parse,
            imported_at=as_of,
            hash_key=b"a key for tests only",
        )
    )


@pytest.mark.parametrize("source", drops.SOURCES)
def test_every_post_is_read_back_with_author_time_text_and_counts(tmp_path, source):
    folder = write(tmp_path)[source]
    answers = read(folder, source)
    assert {each.parsed.fetch_status for each in answers} == {"ok"}
    assert not any(each.parsed.rejects or each.parsed.unknown_fields for each in answers)  # fmt: skip
    found = {record["post_id"]: record for each in answers for record in each.parsed.records}  # fmt: skip
    told = [record for record in latest(AS_OF) if record["platform"] == source]
    assert told
    for record in told:
        got = found[record["post_id"]]
        words = (record["text"] or record["title"]).split()[0].lstrip("#")
        assert words[:8] in f"{got['title']}\n{got['text']}"
        assert record["author"]["id"] in got["author"]["id"] or got["author"]["id_kind"] == "anonymous"  # fmt: skip
        if record["published_at"]:
            assert datetime.fromisoformat(got["published_at"]) == datetime.fromisoformat(record["published_at"])  # fmt: skip
        counted = {name: value for name, value in record["metrics"].items() if value and name != "views"}  # fmt: skip
        assert {name: got["metrics"][name] for name in counted} == counted


def test_comments_stand_under_their_posts_and_are_read_as_comments(tmp_path):
    platforms = ("douyin", "kuaishou")
    told = [
        {**record, "kind": "comment", "parent_id": f"parent{place % 2}"}
        for place, record in enumerate(
            each for each in latest(AS_OF) if each["platform"] in platforms
        )
    ]
    folders = write(tmp_path, records=told)
    for source in platforms:
        records = [record for each in read(folders[source], source) for record in each.parsed.records]  # fmt: skip
        parents = {record["post_id"]: record["parent_id"] for record in records}
        assert parents == {record["post_id"]: record["parent_id"] for record in told if record["platform"] == source}  # fmt: skip
        assert {record["kind"] for record in records} == {"comment"}


@pytest.mark.parametrize("source", drops.SOURCES)
@pytest.mark.parametrize("state", [each for each in web.DROP_STATES if each != "ok"])
def test_a_bad_state_is_saved_as_what_it_is(tmp_path, source, state):
    fits = {
        "blocked": {"blocked"},
        "captcha": {"blocked"},
        "login_wall": {"login_wall"},
        "silent_empty": {"blocked", "error"},
        "drifted": {"schema_drift"},
    }
    answers = read(write(tmp_path, state=state)[source], source)
    # The row that sums a HAR up, or a stream of which no frame is usable, has a status of its own.
    pages = [each for each in answers if not each.name.endswith(".har")]
    assert pages
    assert {each.parsed.fetch_status for each in pages} <= fits[state]
    assert not any(each.parsed.records for each in answers)


def test_each_time_only_what_came_since_is_saved(tmp_path):
    folders = write(tmp_path)
    again = {source: sorted(path.iterdir()) for source, path in folders.items()}
    write(tmp_path)
    assert {source: sorted(path.iterdir()) for source, path in folders.items()} == again
    later = AS_OF + timedelta(days=7)
    write(tmp_path, later)
    first, second = sorted(folders["kuaishou"].iterdir())
    old = {record["post_id"] for each in read(first, "kuaishou") for record in each.parsed.records}  # fmt: skip
    new = {record["post_id"] for each in read(second, "kuaishou", later) for record in each.parsed.records}  # fmt: skip
    edited = {record["post_id"] for record in BUILT.records if datetime.fromisoformat(record["crawled_at"]) > AS_OF}  # fmt: skip
    posts = {number for number in old & new if not number.startswith("profile/")}
    assert new
    assert posts <= edited


def test_the_same_moment_gives_the_same_bytes_and_no_cookie_is_kept(tmp_path):
    one, other = write(tmp_path / "one"), write(tmp_path / "other")
    for source in drops.SOURCES:
        (left,), (right,) = one[source].iterdir(), other[source].iterdir()
        assert left.read_bytes() == right.read_bytes()
    answers = read(one["kuaishou"], "kuaishou")
    assert b"sandbox-cookie" in next(one["kuaishou"].iterdir()).read_bytes()
    assert b"sandbox-signature" in next(one["kuaishou"].iterdir()).read_bytes()
    assert not any(b"sandbox-cookie" in (each.kept or b"") for each in answers)
    assert not any(b"sandbox-signature" in (each.kept or b"") for each in answers)
