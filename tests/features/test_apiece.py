"""What one of something costs, and what is only counted."""

import pytest

from features import money, normalise, pack

LEXICON = pack.load_pack().money


def sums(text):
    return [
        float(one.yuan)
        for one in money.find_amounts(normalise.normalise(text), LEXICON)
    ]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("账号880一个号", 880), ("剪辑188/条", 188), ("六百一天日结", 600), ("主机9800一台商家买", 9800), ("三千五一台,买两台送", 3500)],
)  # fmt: skip
def test_a_number_before_one_of_something_is_its_price(text, yuan):
    assert yuan in sums(text)


@pytest.mark.parametrize(
    "text", ["现在有二十一个店", "做了十一个月", "7/24小时", "客服 400 000 6120", "销售400-990-0012"]
)  # fmt: skip
def test_counts_and_telephone_numbers_are_no_prices(text):
    assert sums(text) == []
