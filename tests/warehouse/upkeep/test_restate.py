from __future__ import annotations

import pytest

from warehouse import contracts, errors, load
from warehouse.upkeep import restate


def _counts(new=0, updated=0, unchanged=0):
    return load.LoadCounts(new=new, updated=updated, unchanged=unchanged)


def _versions(con):
    return con.execute(
        "select post_id, crawled_at::date - '2024-06-14'::date, text from raw.posts order by all"
    ).fetchall()


@pytest.fixture
def restated(work, posts):
    """``restated(row, …)``: one replay of one batch; its counts."""

    def run(*rows):
        restate.begin(work)
        return restate.restate_posts(work, posts(*rows))

    return run


def test_a_version_that_reads_otherwise_now_is_replaced_and_again_changes_nothing(
    work, post, posts, restated
):
    load.load_posts(work, posts(post("a", text="一")))
    assert restated(post("a", text="一二")) == _counts(updated=1)
    assert _versions(work) == [("douyin:a", 0, "一二")]
    assert restated(post("a", text="一二")) == _counts(unchanged=1)


def test_an_older_version_is_replaced_and_the_later_one_stays(
    work, post, posts, restated
):
    load.load_posts(work, posts(post("a", text="一")))
    load.load_posts(work, posts(post("a", day=1, text="二")))
    assert restated(post("a", text="一一")) == _counts(updated=1)
    assert _versions(work) == [("douyin:a", 0, "一一"), ("douyin:a", 1, "二")]


def test_a_crawl_that_found_its_post_unchanged_stays_one_when_both_are_read_anew(
    work, post, posts, restated
):
    load.load_posts(work, posts("a"))
    load.load_posts(work, posts(post("a", day=1)))
    found = restated(post("a", text="多"), post("a", day=1, text="多"))
    assert found == _counts(updated=1, unchanged=1)
    assert _versions(work) == [("douyin:a", 0, "多")]
    assert work.execute("select count(*) from raw.crawls").fetchall() == [(1,)]


def test_a_crawl_becomes_a_version_when_only_its_own_answer_is_left(
    work, post, posts, restated
):
    load.load_posts(work, posts("a"))
    load.load_posts(work, posts(post("a", day=1)))
    assert restated(post("a", day=1, text="多")) == _counts(updated=1)
    assert [row[1:] for row in _versions(work)] == [(0, "数字人招商"), (1, "多")]
    assert work.execute("select count(*) from raw.crawls").fetchall() == [(0,)]
    assert restated(post("a", day=1, text="多")) == _counts(unchanged=1)


def test_a_post_that_was_not_read_in_its_night_is_new_and_an_unknown_earlier_crawl_changes_nothing(
    work, post, posts, restated
):
    load.load_posts(work, posts(post("a", day=5)))
    assert restated("b", post("a", day=2, text="早")) == _counts(new=1, unchanged=1)
    assert [row[:2] for row in _versions(work)] == [("douyin:a", 5), ("douyin:b", 0)]


def test_of_equal_keys_in_one_replay_the_first_counts(work, post, posts):
    load.load_posts(work, posts("a"))
    restate.begin(work)
    assert restate.restate_posts(work, posts(post("a", text="一"))).updated == 1
    assert restate.restate_posts(work, posts(post("a", text="二"))).updated == 0
    assert _versions(work) == [("douyin:a", 0, "一")]


def test_where_it_came_from_is_no_content(work, post, posts, restated):
    load.load_posts(work, posts(post("a", evidence_sha256="0" * 64)))
    assert restated(post("a", evidence_sha256="1" * 64)) == _counts(unchanged=1)


def test_the_stored_documents_follow_the_text(work, post, posts, restated):
    load.load_posts(work, posts(post("a", text="一"), post("b", text="二")))
    restated(post("a", text="二"))
    [(count,)] = work.execute("select count(distinct doc_id) from raw.posts").fetchall()
    assert count == 1


def test_nothing_in_nothing_out(work, restated):
    assert restated() == _counts()


def test_a_key_twice_in_a_batch_is_refused(work, post, posts):
    restate.begin(work)
    with pytest.raises(errors.ContractError, match="more than one row"):
        restate.restate_posts(work, posts("a", "a"))
    assert load.read(work, contracts.RAW_POSTS).is_empty()
