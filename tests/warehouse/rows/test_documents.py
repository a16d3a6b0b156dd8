from __future__ import annotations

import hashlib
from datetime import timedelta

import polars as pl
import pytest

from warehouse import contracts, errors, load
from warehouse.rows import documents

VERSIONS = {"reader_version": "1", "pack_version": "digital-human 1"}


def _doc_id(title, text):
    return hashlib.md5(f"{title}\x1f{text}".encode()).hexdigest()


def _stances(ids):
    row = {
        "is_on_topic": True,
        "offer": 1.0,
        "vendor": 0.0,
        "report": 0.0,
        "complaint": 0.0,
        "other": 0.0,
    }
    return pl.DataFrame(
        [{"doc_id": each} | row for each in ids],
        schema=dict(contracts.DOC_STANCES.columns),
    )


def _append(con, ids, **frames):
    parts = {
        "signals": contracts.DOC_SIGNALS,
        "amounts": contracts.DOC_AMOUNTS,
        "contacts": contracts.DOC_CONTACTS,
    }
    given = {
        name: frames.get(name, contract.empty()) for name, contract in parts.items()
    }
    documents.append_reading(con, **given, stances=_stances(ids), **VERSIONS)


def _unread(con, night, **options):
    return [
        row for part in documents.unread(con, night, **options) for row in part.rows()
    ]


def test_posts_profiles_and_pictures_are_documents(work, post, posts, night):
    media = [
        {
            "url": None,
            "kind": "image",
            "sha256": None,
            "phash": None,
            "ocr": None,
            "qr": None,
        },
        {
            "url": None,
            "kind": "image",
            "sha256": None,
            "phash": None,
            "ocr": "加微 szr_demo_01",
            "qr": None,
        },
    ]
    load.load_posts(
        work,
        posts(
            post(
                "a",
                title="标题",
                text="正文",
                author_name="示例",
                author_bio="代理",
                media=media,
            )
        ),
    )
    assert _unread(work, night) == [
        (_doc_id("标题", "正文"), "标题", "正文"),
        (_doc_id("示例", "代理"), "示例", "代理"),
        (_doc_id("", "加微 szr_demo_01"), None, "加微 szr_demo_01"),
    ]
    assert documents.picture_texts(work, night).rows() == [
        ("douyin:a", _doc_id("", "加微 szr_demo_01"))
    ]
    assert load.current_posts(work, night)["doc_id"].to_list() == [
        _doc_id("标题", "正文")
    ]


def test_equal_texts_are_read_once_in_slices_of_the_size_asked_for(
    work, post, posts, night
):
    load.load_posts(work, posts(*(post(str(n), text=f"文{n % 7}") for n in range(20))))
    sizes = [part.height for part in documents.unread(work, night, batch_rows=3)]
    assert sizes == [3, 3, 1]
    assert {row[2] for row in _unread(work, night)} == {f"文{n}" for n in range(7)}
    assert documents.count_unread(work, night) == 7


def test_readings_may_be_appended_between_slices_and_are_not_asked_for_again(
    work, posts, post, night
):
    load.load_posts(work, posts(*(post(str(n), text=f"文{n}") for n in range(5))))
    seen = []
    for part in documents.unread(work, night, batch_rows=2):
        _append(work, part["doc_id"].to_list())
        seen += part["doc_id"].to_list()
    assert len(set(seen)) == 5
    assert _unread(work, night) == []
    assert documents.cached(work, night).stances["doc_id"].to_list() == sorted(seen)


def test_killed_reading_goes_on_where_it_stopped(work, posts, post, night):
    load.load_posts(work, posts(*(post(str(n), text=f"文{n}") for n in range(4))))
    slices = documents.unread(work, night, batch_rows=2)
    _append(work, next(slices)["doc_id"].to_list())
    slices.close()
    assert len(_unread(work, night)) == 2


def test_only_texts_current_at_the_moment_matter(work, posts, post, night):
    load.load_posts(work, posts(post("a", text="旧")))
    load.load_posts(
        work, posts(post("a", day=2, text="新"), post("b", day=3, text="更新"))
    )
    assert [row[2] for row in _unread(work, night)] == ["旧"]
    assert [row[2] for row in _unread(work, night + timedelta(days=2))] == ["新"]
    _append(work, [_doc_id("", "旧"), _doc_id("", "新")])
    assert documents.cached(work, night).stances["doc_id"].to_list() == [
        _doc_id("", "旧")
    ]


def test_another_reader_or_pack_empties_the_cache(work, posts, night):
    load.load_posts(work, posts("a"))
    _append(work, [_doc_id("", "数字人招商")])
    assert documents.drop_stale(work, **VERSIONS) == 0
    assert (
        documents.drop_stale(work, reader_version="2", pack_version="digital-human 1")
        == 1
    )
    assert len(_unread(work, night)) == 1


def test_reading_without_its_stance_is_refused_and_nothing_is_kept(work, frame):
    stray = frame(
        contracts.DOC_CONTACTS,
        [
            {
                "doc_id": "b",
                "kind": "qq",
                "value": "1",
                "field": "text",
                "span_start": 0,
                "span_end": 1,
            }
        ],
    )
    with pytest.raises(errors.ContractError, match="document b has no row"):
        _append(work, ["a"], contacts=stray)
    _append(work, ["a"])
    with pytest.raises(errors.ContractError, match="a was read already"):
        _append(work, ["c", "a"])
    assert load.read(work, contracts.DOC_STANCES)["doc_id"].to_list() == ["a"]


def test_profile_is_the_latest_known_bio_though_a_later_post_shows_none(
    work, posts, post, night
):
    load.load_posts(
        work,
        posts(
            post("a", author_name="示例", author_bio="旧"),
            post("b", day=1, author_name="示例", author_bio="加V"),
            post("c", day=2, author_name="示例新名"),
            post("d", day=9, author_name="示例", author_bio="未来"),
            post("e", seller_id="douyin:szr2"),
        ),
    )
    found = documents.profiles(work, night + timedelta(days=3))
    assert found.rows() == [
        ("douyin:szr1", _doc_id("示例", "加V"), night + timedelta(days=1), "post")
    ]


def test_profile_seen_again_moves_its_time_and_one_beside_a_comment_comes_last(
    work, posts, post, night
):
    load.load_posts(
        work,
        posts(
            post("a", author_bio="加V"),
            post("b", day=1, kind="comment", author_bio="评论"),
        ),
    )
    load.load_posts(work, posts(post("a", day=4, author_bio="加V")))
    found = documents.profiles(work, night + timedelta(days=5))
    assert found.rows() == [
        ("douyin:szr1", _doc_id("", "加V"), night + timedelta(days=4), "post")
    ]
