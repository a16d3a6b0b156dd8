from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from warehouse import connect, contracts, errors, load, migrate


def _counts(new=0, updated=0, unchanged=0):
    return load.LoadCounts(new=new, updated=updated, unchanged=unchanged)


def _versions(con):
    return con.execute(
        "select post_id, crawled_at::date - '2024-06-14'::date, text from raw.posts order by all"
    ).fetchall()


def test_stored_posts_come_back_as_they_were(work, post, posts, night):
    full = post(
        "a",
        title="标题",
        hashtags=["数字人", "代理"],
        links=[],
        media=[
            {
                "url": "https://img.example.com/1",
                "kind": "image",
                "sha256": None,
                "phash": "0" * 16,
                "ocr": "加V",
                "qr": None,
            }
        ],
        identifiers=[{"kind": "uscc", "value": "X", "field": "foot"}],
        listing_price_yuan=Decimal("66000.50"),
        live_is_live=False,
        likes=0,
        published_at=night,
    )
    frame = posts(full, "b")
    assert load.load_posts(work, frame) == _counts(new=2)
    assert_frame_equal(load.read(work, contracts.RAW_POSTS), frame)


def test_later_crawl_with_other_text_is_a_new_version_and_the_old_is_kept(
    work, post, posts
):
    load.load_posts(work, posts(post("a", text="一")))
    assert load.load_posts(work, posts(post("a", day=1, text="二"))) == _counts(
        updated=1
    )
    assert _versions(work) == [("douyin:a", 0, "一"), ("douyin:a", 1, "二")]


@pytest.mark.parametrize("day", [-1, 0])
def test_crawl_that_is_not_later_changes_nothing(work, post, posts, day):
    load.load_posts(work, posts(post("a", text="一")))
    assert load.load_posts(work, posts(post("a", day=day, text="二"))) == _counts(
        unchanged=1
    )
    assert _versions(work) == [("douyin:a", 0, "一")]
    assert work.execute("select count(*) from raw.crawls").fetchall() == [(0,)]


def test_later_crawl_with_the_same_content_moves_only_the_last_crawl(
    work, post, posts, night
):
    load.load_posts(work, posts("a"))
    assert load.load_posts(work, posts(post("a", day=1))) == _counts(unchanged=1)
    assert len(_versions(work)) == 1
    found = load.current_posts(work, night + timedelta(days=2)).row(0, named=True)
    assert found["last_crawled_at"] == night + timedelta(days=1)
    assert found["first_crawled_at"] == found["crawled_at"] == night


def test_last_crawl_is_the_last_one_known_at_the_moment_asked_for(
    work, post, posts, night
):
    for day in (0, 2, 5):
        load.load_posts(work, posts(post("a", day=day)))
    seen = [
        load.current_posts(work, night + timedelta(days=day))["last_crawled_at"][0]
        for day in (0, 1, 2, 4, 9)
    ]
    assert seen == [night + timedelta(days=day) for day in (0, 0, 2, 2, 5)]


def test_crawl_between_the_version_and_a_later_unchanged_crawl_changes_nothing(
    work, post, posts
):
    load.load_posts(work, posts("a"))
    load.load_posts(work, posts(post("a", day=5)))
    assert load.load_posts(work, posts(post("a", day=3, text="二"))) == _counts(
        unchanged=1
    )


def test_text_that_changes_back_is_a_version_again(work, post, posts):
    for day, text in enumerate(["一", "二", "一"]):
        load.load_posts(work, posts(post("a", day=day, text=text)))
    assert [row[2] for row in _versions(work)] == ["一", "二", "一"]


def _other(dtype, night):
    """A value unlike null and unlike what ``post`` gives."""
    plain = {
        contracts.TEXT: "别的",
        contracts.COUNT: 7,
        contracts.FLAG: True,
        contracts.MONEY: Decimal(7),
        contracts.TIME: night,
        contracts.TEXTS: ["别的"],
    }
    if dtype in plain:
        return plain[dtype]
    return [{field.name: "别的" for field in dtype.inner.fields}]


def test_every_column_but_provenance_makes_a_version(work, post, posts, night):
    columns = set(contracts.RAW_POSTS.columns) - {"post_id", "crawled_at"}
    load.load_posts(work, posts(*columns))
    changed = [
        post(name, day=1, **{name: _other(contracts.RAW_POSTS.columns[name], night)})
        for name in columns
    ]
    load.load_posts(work, posts(*changed))
    found = work.execute(
        "select post_id from raw.posts group by all having count(*) = 2"
    ).fetchall()
    assert {name.removeprefix("douyin:") for (name,) in found} == columns - set(load.PROVENANCE)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"title": None}, {"title": ""}),
        ({"title": "一", "text": "二"}, {"title": "一二", "text": None}),
        ({"hashtags": None}, {"hashtags": []}),
        ({"hashtags": ["一", "二"]}, {"hashtags": ["一二"]}),
        ({"views": None}, {"views": 0}),
    ],
)
def test_null_empty_and_moved_characters_are_told_apart(
    work, post, posts, before, after
):
    load.load_posts(work, posts(post("a", **before)))
    assert load.load_posts(work, posts(post("a", day=1, **after))) == _counts(updated=1)


def test_same_post_twice_in_a_batch_is_judged_in_order(work, post, posts):
    batch = posts(
        post("a", day=1, text="一"),
        post("a", day=0, text="早"),
        post("a", day=2, text="一"),
        post("a", day=2, text="同时"),
        post("a", day=3, text="二"),
    )
    assert load.load_posts(work, batch) == _counts(new=1, updated=1, unchanged=3)
    assert _versions(work) == [("douyin:a", 1, "一"), ("douyin:a", 3, "二")]


_CRAWLS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 6), st.sampled_from("一二")),
    max_size=12,
)


@settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(crawls=_CRAWLS, size=st.integers(1, 12))
def test_versions_do_not_depend_on_where_batches_end_and_repeating_changes_nothing(
    empty, crawls, size
):
    row = dict.fromkeys(contracts.RAW_POSTS.columns)
    start = pl.datetime(2024, 6, 14, 2, time_zone="UTC", time_unit="us")
    frame = pl.DataFrame(
        [
            row | {"post_id": native, "text": text, "likes": day} | {"views": 0}
            for native, day, text in crawls
        ],
        schema=dict(contracts.RAW_POSTS.columns),
    ).with_columns(
        (start + pl.duration(days=pl.col("likes"))).alias("crawled_at"),
        pl.lit(None, pl.Int64).alias("likes"),
    )
    con = empty()
    total = [load.load_posts(con, part) for part in frame.iter_slices(size)]
    expected, state = [], {}
    for native, day, text in crawls:
        known = state.get(native)
        if known is None or day > known[0]:
            if known is None or known[1] != text:
                expected.append((native, day, text))
            state[native] = (day, text)
    assert _versions(con) == sorted(expected)
    assert sum(c.new for c in total) == len(state)
    assert sum(c.new + c.updated + c.unchanged for c in total) == len(crawls)
    crawled = con.execute("select count(*) from raw.crawls").fetchall()
    assert load.load_posts(con, frame) == _counts(unchanged=len(crawls))
    assert con.execute("select count(*) from raw.crawls").fetchall() == crawled


def test_failing_batch_leaves_nothing(work, posts):
    bad = posts("a", "b").with_columns(pl.lit(None, pl.String).alias("post_id"))
    with pytest.raises(errors.ContractError, match="2 of 2 records have no post_id"):
        load.load_posts(work, bad)
    with pytest.raises(errors.ContractError, match="missing"):
        load.load_posts(work, posts("a").drop("text"))
    assert _versions(work) == []


def test_empty_batch_is_nothing(work, posts):
    assert load.load_posts(work, posts()) == _counts()


def test_batch_of_twenty_thousand_loads_into_a_filled_table(tmp_path, posts):
    one = posts("x")
    many = pl.concat([one] * 20_000).with_columns(
        ("douyin:" + pl.int_range(20_000).cast(pl.String)).alias("post_id")
    )
    with connect.open_work(tmp_path / "work.duckdb") as con:
        migrate.migrate(con)
        assert load.load_posts(con, many) == _counts(new=20_000)
        later = many.with_columns(pl.col("crawled_at") + timedelta(days=1))
        assert load.load_posts(con, later) == _counts(unchanged=20_000)


def test_posts_after_the_moment_are_not_current(work, post, posts, night):
    load.load_posts(work, posts(post("a", text="一"), post("b", day=3)))
    load.load_posts(work, posts(post("a", day=2, text="二二")))
    found = load.current_posts(work, night + timedelta(days=1))
    assert found.select("post_id", "text_length").rows() == [("douyin:a", 1)]
    assert not set(found.columns) & set(load.WIDE)


def test_texts_are_those_of_the_moment(work, post, posts, night):
    load.load_posts(work, posts(post("a", text="一"), "b"))
    load.load_posts(work, posts(post("a", day=2, text="二")))
    found = load.post_texts(
        work, night, pl.Series(["douyin:a", "douyin:none", "douyin:a"])
    )
    assert found.rows() == [("douyin:a", None, "一")]


def test_appended_rows_come_back_in_the_order_of_the_key(work, frame):
    rows = frame(
        contracts.ALLOWLIST,
        [{"kind": "phone", "value": "2"}, {"kind": "phone", "value": "1"}],
    )
    load.append(work, contracts.ALLOWLIST, rows)
    assert_frame_equal(load.read(work, contracts.ALLOWLIST), rows.sort("value"))


def test_key_that_is_stored_already_is_refused_and_nothing_is_stored(work, frame):
    load.append(
        work,
        contracts.ALLOWLIST,
        frame(contracts.ALLOWLIST, [{"kind": "phone", "value": "1"}]),
    )
    more = frame(
        contracts.ALLOWLIST,
        [{"kind": "phone", "value": "0"}, {"kind": "phone", "value": "1"}],
    )
    with pytest.raises(
        errors.ContractError, match=r"\('phone', '1'\) is stored already"
    ):
        load.append(work, contracts.ALLOWLIST, more)
    assert load.read(work, contracts.ALLOWLIST).height == 1


def test_replace_keeps_only_the_new_rows_and_all_old_ones_on_error(work, frame):
    load.append(
        work,
        contracts.ALLOWLIST,
        frame(contracts.ALLOWLIST, [{"kind": "phone", "value": "1"}]),
    )
    with pytest.raises(errors.ContractError, match="out of order"):
        load.replace(work, contracts.ALLOWLIST, pl.DataFrame({"kind": ["qq"]}))
    assert load.read(work, contracts.ALLOWLIST)["value"].to_list() == ["1"]
    load.replace(work, contracts.ALLOWLIST, contracts.ALLOWLIST.empty())
    assert load.read(work, contracts.ALLOWLIST).is_empty()


def test_rows_of_one_run_are_replaced_and_others_stay(work, frame):
    def rows(run, *names):
        return frame(
            contracts.QUALITY, [{"check_name": name, "run_id": run} for name in names]
        )

    load.replace_run(work, contracts.QUALITY, rows("r1", "a", "b"), run_id="r1")
    load.replace_run(work, contracts.QUALITY, rows("r2", "a"), run_id="r2")
    load.replace_run(work, contracts.QUALITY, rows("r1", "c"), run_id="r1")
    assert load.read(work, contracts.QUALITY).select("check_name", "run_id").rows() == [
        ("a", "r2"),
        ("c", "r1"),
    ]
    with pytest.raises(errors.ContractError, match="1 of 1 rows are not of run r1"):
        load.replace_run(work, contracts.QUALITY, rows("r2", "a"), run_id="r1")


@pytest.mark.parametrize(
    "contract",
    [
        value
        for value in vars(contracts).values()
        if isinstance(value, contracts.Contract) and value.name.startswith("core.")
    ],
    ids=lambda contract: contract.name,
)
def test_every_contract_has_a_table_that_takes_and_gives_it(work, contract):
    if contract is contracts.DOC_STANCES:
        return  # written through documents.append_reading, which knows the versions
    row = {name: _value(dtype) for name, dtype in contract.columns.items()}
    frame = pl.DataFrame([row], schema=dict(contract.columns))
    load.append(work, contract, frame)
    assert_frame_equal(load.read(work, contract), frame)


def _value(dtype):
    if isinstance(dtype, pl.List):
        return [_value(dtype.inner)]
    if isinstance(dtype, pl.Struct):
        return {field.name: _value(field.dtype) for field in dtype.fields}
    values = {
        contracts.TEXT: "x",
        contracts.REAL: 0.5,
        contracts.COUNT: 3,
        contracts.HASH: 2**63 + 1,
        contracts.FLAG: True,
        contracts.TIME: datetime(2026, 3, 1, tzinfo=UTC),
        contracts.MONEY: Decimal("1.25"),
    }
    return values.get(dtype)
