"""Families of texts in a working database: nights one by one, all at once, shuffled, killed, erased."""

import io
import json
import random
import types
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from crawlers import drop
from crawlers.sandbox import market
from crawlers.sandbox.people import parties
from features.families import rarity, signatures, variants
from flows.reading import families
from warehouse import connect, load, migrate
from warehouse.rows import copies

EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 30
SIZE = parties.Size(rings=9, smallest=4, largest=12, lone=6, vendors=3, agencies=2, journalists=2, police=1, victims=8, noise=20)  # fmt: skip


def database(records):
    con = connect.open_memory()
    migrate.migrate(con)
    lines = io.BytesIO("\n".join(map(json.dumps, records)).encode())
    batches = drop.read_batches(lines, name="x", imported_at=EPOCH + timedelta(days=99), hash_key=b"k" * 32)  # fmt: skip
    for batch in batches:
        load.load_posts(con, batch.posts)
    return con


def night(con, day):
    moment = EPOCH + timedelta(days=day)
    return families.group_texts(types.SimpleNamespace(as_of=moment, run_id=f"night-{day}"), con)  # fmt: skip


@pytest.fixture(scope="module")
def records():
    return market.build(
        5, epoch=EPOCH, days=DAYS, size=SIZE, ring_kinds=("spun", "template", "wechat")
    ).records


@pytest.fixture(scope="module")
def at_once(records):
    con = database(records)
    night(con, DAYS + 2)
    yield con
    con.close()


def test_families_are_found(at_once):
    found = copies.documents(at_once)
    sizes = found.group_by("template_id").len()

    assert sizes["len"].max() >= 5
    assert sizes.filter(pl.col("len") > 1).height >= 5


def test_nights_one_by_one_give_the_families_of_all_at_once(records, at_once):
    con = database(records)
    new = [night(con, day) for day in range(1, DAYS + 3)]

    assert copies.documents(con).equals(copies.documents(at_once))
    assert copies.pairs(con).equals(copies.pairs(at_once))
    assert copies.counts(con).equals(copies.counts(at_once))
    assert sum(new) == at_once.execute("select count(*) from core.doc_copies").fetchone()[0]  # fmt: skip
    assert night(con, DAYS + 2) == 0


def test_order_of_rows_and_size_of_batches_change_nothing(
    records, at_once, monkeypatch
):
    mixed = list(records)
    random.Random(7).shuffle(mixed)
    # Versions of one post arrive in order.
    mixed.sort(key=lambda record: record["crawled_at"][:10])
    monkeypatch.setattr(families, "BATCH_ROWS", 37)
    con = database(mixed)
    night(con, DAYS + 2)

    assert copies.documents(con).equals(copies.documents(at_once))
    assert copies.pairs(con).equals(copies.pairs(at_once))


def test_a_killed_run_is_gone_on_with(records, at_once, monkeypatch):
    con = database(records)
    monkeypatch.setattr(families, "BATCH_ROWS", 50)
    sign, turns = families._sign, []

    def killed(*arguments):
        if len(turns) == 3:
            raise KeyboardInterrupt
        turns.append(sign(*arguments))

    monkeypatch.setattr(families, "_sign", killed)
    with pytest.raises(KeyboardInterrupt):
        night(con, DAYS + 2)
    monkeypatch.setattr(families, "_sign", sign)
    night(con, DAYS + 2)

    assert copies.documents(con).equals(copies.documents(at_once))


def test_later_posts_change_no_earlier_night(records):
    limit = (EPOCH + timedelta(days=15)).isoformat()
    early = database([record for record in records if datetime.fromisoformat(record["crawled_at"]) <= datetime.fromisoformat(limit)])  # fmt: skip
    whole = database(records)
    night(early, 15)
    night(whole, 15)

    assert copies.documents(early).equals(copies.documents(whole))


def test_another_version_of_the_signatures_starts_anew(records, monkeypatch):
    con = database(records)
    night(con, 10)
    before = copies.documents(con)
    monkeypatch.setattr(signatures, "VERSION", "0")
    night(con, 10)

    assert copies.documents(con).equals(before)
    assert con.execute("select distinct signature_version from core.doc_copies").fetchall() == [("0",)]  # fmt: skip


def test_an_erased_text_takes_its_shingles_along_and_its_family_stays(records):
    con = database(records)
    night(con, DAYS + 2)
    first = "select doc_id, name, template_id from core.copies inner join core.copy_families using (copy) where template_id = 't' || printf('%016x', name)"
    family, doc_id, size = con.execute(
        f"select template_id, any_value(doc_id), (select count(*) from core.copy_families as f where f.template_id = t.template_id) as size from ({first}) as t group by all order by size desc, 1 limit 1"
    ).fetchone()
    con.execute("delete from raw.posts where doc_id = ?", [doc_id])
    con.execute("delete from core.doc_copies where doc_id = ?", [doc_id])
    con.execute("delete from core.copies where doc_id = ?", [doc_id])

    night(con, DAYS + 3)

    found = copies.documents(con)
    assert size > 3
    assert doc_id not in found["doc_id"].to_list()
    assert family not in found["template_id"].to_list()
    assert found.group_by("template_id").len()["len"].max() >= size - 1
    held = con.execute("select count(*) from core.doc_copies where copy is not null").fetchone()[0]  # fmt: skip
    assert found.height == held
    shown = found.filter(pl.len().over("template_id") > 1)["template_id"]
    assert families.bits(con, shown).height == shown.n_unique()


def test_what_retention_took_is_forgotten(records):
    con = database(records)
    night(con, DAYS + 2)
    con.execute("delete from raw.posts where crawled_at < ?", [EPOCH + timedelta(days=20)])  # fmt: skip

    night(con, DAYS + 3)

    signed = con.execute("select doc_id from core.doc_copies order by 1").fetchall()
    assert signed == con.execute("select distinct doc_id from raw.posts order by 1").fetchall()  # fmt: skip
    for table in ("copies", "copy_bands", "copy_families"):
        left = con.execute(f"select count(*) from core.{table} where copy not in (select copy from core.doc_copies where copy is not null)").fetchone()  # fmt: skip
        assert left == (0,)


def test_every_shared_family_has_bits_of_surprise(at_once):
    documents = copies.documents(at_once)
    shared = documents.filter(pl.len().over("template_id") > 2)["template_id"]

    bits = families.bits(at_once, shared)

    assert bits["template_id"].to_list() == sorted(shared.unique())
    assert bits["bits"].is_between(rarity.PLAIN, 1_000).all()
    assert families.bits(at_once, pl.Series(["t0000000000000000"])).is_empty()


def test_common_copy_is_searched_for_mistakes(at_once, monkeypatch):
    monkeypatch.setattr(variants, "LEAST_SELLERS", 2)
    documents = copies.documents(at_once)
    posts = documents.select(
        pl.col("doc_id").alias("post_id"),
        pl.concat_str(pl.lit("s"), pl.int_range(pl.len()) % 5).alias("seller_id"),
        "doc_id",
        "template_id",
        pl.lit(value=True).alias("is_own"),
    )

    placed, found = families.mistakes(at_once, posts)

    assert placed["copy"].null_count() == 0
    assert set(found["copy"]) <= set(placed["copy"])
    assert found["chance"].is_between(0, 1).all()
    empty = connect.open_memory()
    migrate.migrate(empty)
    assert families.mistakes(empty, posts.clear())[1].is_empty()
