"""What sums are for once it is known what their document does."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from features import pack, reading
from features.amounts import beside, sums
from features.purposes import payments, situations, surroundings
from features.speech import phrases
from warehouse import contracts

PACK = pack.load_pack()


def test_a_table_is_read_by_the_marks_of_its_keys():
    table = payments.parse(
        "# why\nbase\t1 2 3 4 5\n[1转给\t0 0 0 0 9\n<交\t9 0 0 0 0\n>元/年\t0 9 0 0 0\n<<起步\t0 0 9 0 0\n>>¶名\t0 0 0 9 0\n"
    )
    assert table.whole == {"base": (1, 2, 3, 4, 5)}
    assert table.around == {"[1转给": (0, 0, 0, 0, 9)}
    assert table.before == {"交": (9, 0, 0, 0, 0)}
    assert table.behind == {"元/年": (0, 9, 0, 0, 0)}
    assert table.pairs_before == {"起步": (0, 0, 9, 0, 0)}
    assert table.pairs_behind == {"\n名": (0, 0, 0, 9, 0)}


@pytest.mark.parametrize(
    "line", ["base", "base\t1 2 3", "base\t1 2 3 4 x", "a\t1 1 1 1 1\na\t1 1 1 1 1"]
)
def test_a_wrong_line_is_named(line):
    with pytest.raises(ValueError, match=r"^[12]: expected a (new )?key"):
        payments.parse(line)


@pytest.mark.parametrize("key", ["[", "[9转给", "[x转给", "]0转", "[9¶转", "]0转给了"])
def test_a_clause_that_there_is_not_is_named(key):
    with pytest.raises(ValueError, match=r"^3: expected a mark, a clause"):
        payments.parse(f"# why\nbase\t1 2 3 4 5\n{key}\t0 0 0 0 9")


def situation(count=1, **said):
    """Sums that answer so, and all other questions with their first answer."""
    answers = np.zeros((count, len(situations.QUESTIONS)), dtype=np.int64)
    for name, answer in said.items():
        place = list(situations.QUESTIONS).index(name)
        answers[:, place] = situations.QUESTIONS[name].index(answer)
    return situations.Situations(answers)


def test_without_a_table_nothing_changes():
    assert not payments.Table()
    column = np.zeros(1, dtype=np.int64)
    amounts = sums.Sums(*[column] * len(sums.Sums._fields))
    hidden = phrases.Masked(column, column, column, column)
    assert (
        payments.settled(
            amounts, hidden, column, column, [""], stances=["other"], table=payments.Table(), is_job=np.zeros(1, dtype=bool)
        )
        is amounts
    )  # fmt: skip


def test_what_stands_beside_a_sum_outweighs_its_grammar():
    table = payments.parse(
        "base\t100 0 0 0 0\nrole price\t100 0 0 0 0\nrole loss\t900 0 0 0 0\n<交\t0 0 0 500 0\n>>/年\t0 300 0 0 0\n"
    )
    around = [("", ""), ("要交", ""), ("", "元/年"), ("交", ""), ("交5", "")]
    lines = beside.lines(around, reach=payments.REACH)
    told = table.likeliest(situation(len(lines), role="price"), lines)
    assert told.tolist() == [sums.FEE, sums.LOSS, sums.PRICE, sums.LOSS, sums.FEE]
    assert table.likeliest(situation(0), lines[:0]).tolist() == []


def test_what_the_clauses_around_a_sum_hold_outweighs_its_grammar():
    table = payments.parse(
        "base\t100 0 0 0 0\n[1三笔\t0 0 0 400 0\n]0不退\t900 0 0 0 0\n"
    )
    around = [
        ("转了三笔,共", ""),
        ("转了三笔", ""),
        ("三笔,", "死活不退"),
        ("三笔,", ",死活不退"),
    ]
    lines = beside.lines(around, reach=payments.REACH)
    told = table.likeliest(situation(len(lines)), lines)
    assert told.tolist() == [sums.LOSS, sums.FEE, sums.FEE, sums.LOSS]


def test_what_is_looked_up_for_many_sums_at_once_is_what_their_keys_add_up_to():
    table = PACK.payments
    around = [
        ("县级代理费只要", "元,名额有限"),
        ("一次性交了ⓢ", "万,"),
        ("\n", ""),
        ("", "块钱包邮"),
        ("保证金ⓛ", "到ⓛ"),
    ]
    lines = beside.lines(around, reach=payments.REACH)
    here = situation(len(lines), role="price", fine="9", stance="complaint", rank="2")
    rows = {
        **table.whole,
        **{f"<{key}": row for key, row in table.before.items()},
        **{f">{key}": row for key, row in table.behind.items()},
        **{f"<<{key}": row for key, row in table.pairs_before.items()},
        **{f">>{key}": row for key, row in table.pairs_behind.items()},
        **table.around,
    }
    pairs = surroundings.pairs(lines, before=payments.REACH[0])
    likeliest = table.likeliest(here, lines)
    for sides, keys, line, told in zip(around, payments.keys(here), pairs, likeliest, strict=True):  # fmt: skip
        assert len(keys) == len(payments.FAMILIES)
        found = [rows[key] for key in ("base", *keys, *beside.keys(*sides), *surroundings.names(line)) if key in rows]  # fmt: skip
        total = [sum(column) for column in zip(*found, strict=True)]
        assert told == total.index(max(total))
    assert len(rows) > 1000


def test_every_key_of_the_pack_is_one_that_a_sum_can_have():
    keys = {key for family in payments.FAMILIES for key in payments.keys_of(family)}
    assert PACK.payments.whole.keys() <= {"base", *keys}


def roles(text):
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    found = reading.read_documents(frame, pack=PACK).amounts
    return {(int(row["yuan"]), row["role"]) for row in found.iter_rows(named=True)}


def test_the_same_sum_is_a_fee_of_an_offer_and_a_price_of_a_vendor():
    assert (30000, "agency_fee") in roles(
        "数字人城市合伙人招募,一个县只放一家,起步3万,后台自己定价,想做的私信我"
    )
    assert (800, "price") in roles(
        "数字人一体机首次开户收取系统开通费800元,第二年服务费600元,整机质保"
    )


def test_what_an_employer_names_are_wages():
    assert roles("招聘数字人招商主管,底薪8千,综合2万5到3万,五险一金") == {
        (8000, "other"),
        (25000, "other"),
    }


def test_of_the_sums_of_an_account_the_entry_alone_is_a_fee():
    found = roles(
        "数字人县代做了一年,直接列账。支出:区域费28000元,车油6400元,请客3100元,物料900元。想做的私信我"
    )
    assert [yuan for yuan, role in found if role == "agency_fee"] == [28000]
