from __future__ import annotations

import random

import polars as pl
import pytest

from warehouse import connect
from warehouse.rows import difference

COLUMNS = ("name", "number", "words")


@pytest.fixture
def con(monkeypatch):
    monkeypatch.setattr(difference, "FEW", 0)
    with connect.open_memory() as con:
        con.execute("create table held (name varchar, number double, words varchar[])")
        con.execute("create table fresh (name varchar, number double, words varchar[])")
        yield con


def _fill(con, table, rows):
    con.execute(f"delete from {table}")
    if rows:
        con.executemany(f"insert into {table} values (?, ?, ?)", rows)


def _rows(con, table):
    return sorted(con.execute(f"from {table}").fetchall(), key=repr)


def _replace(con):
    return difference.replace(con, "held", "select * from fresh", COLUMNS, order="name")


def _replace_keyed(con):
    few = "select * from fresh where rowid in (select place from differing)"
    digests = {"said": "hash(name, to_json(words)::varchar)"}
    placed = f"select rowid as place, number, {digests['said']} as said from fresh"
    keyed = difference.Keyed(placed, digests, few, ("number",))
    return difference.replace(
        con, "held", "from fresh", ("said", "number"), names=COLUMNS, keyed=keyed
    )


def _row(chance):
    return (
        chance.choice([None, "", "a", "b", "\x1f"]),
        chance.choice([None, 0.0, 1.5]),
        chance.choice([None, [], ["a"], ["a", None]]),
    )


@pytest.mark.parametrize("seed", range(12))
def test_table_holds_the_new_rows_each_as_often_as_it_comes(con, seed):
    chance = random.Random(seed)
    held = [_row(chance) for _ in range(chance.randrange(60))]
    fresh = [row for row in held if chance.random() < 0.9]
    fresh += [_row(chance) for _ in range(chance.randrange(6))]
    _fill(con, "held", held)
    _fill(con, "fresh", fresh)
    done = _replace(con)
    assert _rows(con, "held") == _rows(con, "fresh")
    assert done.stored == len(held)
    assert len(fresh) == len(held) - done.removed + done.added
    assert _replace(con).is_none


def _still(row):
    """What does not move."""
    return repr(row[1:])


@pytest.mark.parametrize("seed", range(12))
def test_rows_with_a_key_are_asked_for_by_it(con, seed):
    chance = random.Random(seed)
    held = {str(number): _row(chance)[1:] for number in chance.sample(range(80), k=60)}
    fresh = {
        key: row if chance.random() < 0.9 else _row(chance)[1:]
        for key, row in held.items()
        if chance.random() < 0.9
    } | {str(number): _row(chance)[1:] for number in range(80, 80 + seed)}
    _fill(con, "held", [(key, *row) for key, row in held.items()])
    _fill(con, "fresh", [(key, *row) for key, row in fresh.items()])
    done = _replace_keyed(con)
    assert _rows(con, "held") == _rows(con, "fresh")
    gone = [key for key, row in held.items() if fresh.get(key) != row]
    come = [key for key, row in fresh.items() if held.get(key) != row]
    assert (done.removed, done.added) == (len(gone), len(come))
    moved = [key for key in gone if key in fresh and _still(fresh[key]) == _still(held[key])]  # fmt: skip
    assert done.moved == len(moved)
    assert _replace_keyed(con).is_none


def test_rows_that_only_moved_keep_their_place_however_many_they_are(con, monkeypatch):
    monkeypatch.setattr(difference, "MUCH", 0.25)
    rows = [(str(number), 1.0, None) for number in range(40)]
    _fill(con, "held", rows)
    later = [(name, 2.0 if int(name) % 2 else None, None) for name, _, _ in rows[:-1]]
    _fill(con, "fresh", [("new", 1.0, None), *reversed(later)])
    done = _replace_keyed(con)
    assert (done.removed, done.added, done.moved, done.is_anew) == (40, 40, 39, False)
    assert con.execute("from held").fetchall() == [*later, ("new", 1.0, None)]


@pytest.mark.parametrize("seed", range(12))
def test_rows_of_a_frame_are_handed_over_as_often_as_they_come(con, seed):
    chance = random.Random(seed)
    held = [_row(chance) for _ in range(50)]
    fresh = [row for row in held if chance.random() < 0.9]
    fresh += [_row(chance) for _ in range(seed)]
    _fill(con, "held", held)
    frame = pl.DataFrame(
        fresh,
        schema={"name": pl.String(), "number": pl.Float64(), "words": pl.List(pl.String())},
        orient="row",
    )  # fmt: skip
    con.register("incoming", frame)
    done = difference.replace(con, "held", "from incoming", COLUMNS, frame=frame)
    assert _rows(con, "held") == sorted(fresh, key=repr)
    assert len(fresh) == len(held) - done.removed + done.added
    con.unregister("incoming")


def test_rows_that_stay_are_not_touched(con):
    rows = [(str(number), 1.0, None) for number in range(100)]
    _fill(con, "held", rows)
    _fill(con, "fresh", [("new", 1.0, None), *rows[1:]])
    done = _replace(con)
    assert (done.removed, done.added, done.is_anew) == (1, 1, False)
    # The new row stands at the end: the others are where they were.
    assert con.execute("from held").fetchall() == [*rows[1:], ("new", 1.0, None)]


def test_table_of_which_much_differs_is_filled_anew_in_order(con):
    _fill(con, "held", [("d", 1.0, None), ("c", 1.0, None), ("b", 1.0, None)])
    _fill(con, "fresh", [("d", 1.0, None), ("a", 1.0, None), ("b", 2.0, None)])
    assert _replace(con).is_anew
    assert [row[0] for row in con.execute("from held").fetchall()] == ["a", "b", "d"]


def test_texts_of_a_frame_are_handed_over_where_they_are(con):
    words = pl.Series([["a", None], None, []], dtype=pl.List(pl.String))
    frame = pl.DataFrame({"name": ["a", "长" * 40, None], "number": [1.0, None, 2.0], "words": words})  # fmt: skip
    table = difference.uncopied(frame)
    assert str(table.schema.field("name").type) == "string_view"
    con.register("incoming", table)
    assert con.execute("from incoming").fetchall() == frame.rows()
    con.unregister("incoming")
