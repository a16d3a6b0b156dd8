"""Roles of sums that only the whole document tells."""

import polars as pl
import pytest

from features import pack, reading
from warehouse import contracts

PACK = pack.load_pack()


def roles(text):
    """Role of each sum of a text, by what was written."""
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    found = reading.read_documents(frame, pack=PACK).amounts
    return dict(found.select("span_text", "role").rows())


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        ("数字人城市站长招募，火种五万九，点亮十个晋升火炬手，微信szr_demo_01", "五万九"),
        ("AI主播全国招城市合伙人，洛阳还有位置，48000元，微信szr_demo_01", "48000元"),
        ("数字人诚招县级合伙人，2万8，源头厂家，微信szr_demo_01", "2万8"),
    ],
)  # fmt: skip
def test_in_an_offer_the_sum_that_nothing_explains_is_the_entry(text, sum_):
    assert roles(text)[sum_] == "agency_fee"


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        ("数字人诚招城市代理，公司去年营收3200万元，微信szr_demo_01", "3200万元"),
        ("数字人诚招城市代理，我去年欠债三十万，做了才翻身，微信szr_demo_01", "三十万"),
        ("数字人诚招城市代理，代理费5万，送价值1.6万的设备", "1.6万"),
        ("诚聘数字人直播运营，月薪9000元，五险一金", "9000元"),
    ],
)
def test_a_sum_that_something_else_explains_is_no_entry(text, sum_):
    assert roles(text).get(sum_) != "agency_fee"


def test_in_a_complaint_the_largest_sum_paid_is_the_fee_and_costs_beside_it_are_not():
    found = roles(
        "加盟数字人被骗，6.8w转给他们就失联了，房租又亏了一万二，求维权，退钱"
    )
    assert found["6.8w"] == "agency_fee"
    assert found["一万二"] == "loss"


def test_a_complaint_about_something_else_has_no_agency_fee():
    found = roles("手机刚买就坏了，花了5800元，商家不退款，我要投诉")
    assert "agency_fee" not in found.values()
