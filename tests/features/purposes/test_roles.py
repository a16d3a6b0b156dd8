"""What sums are for, when no known noun says so."""

from __future__ import annotations

import pytest

from features.amounts import quantities, sums, tallies
from features.purposes import roles, rolewords

EMPTY = rolewords.Lexicon((), (), (), (), ())


def role(text: str) -> str:
    numbers = list(quantities.quantities(text))
    found = tallies.of([0] * len(numbers), numbers)
    words = rolewords.found_in(text, EMPTY)
    near = words.nearest(found.texts, found.starts, found.ends)
    told = roles.roles_of([text], found, near, None, roles.Trades([text]))
    return sums.ROLES[told[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("花6万元就能拿下这座城", "agency_fee"), ("充值6万元即是城主", "agency_fee"), ("我在招商会上刷卡6万元", "agency_fee"),
        ("一天250块轻轻松松", "promised_income"), ("最近一期垫底的都有1.1万", "promised_income"), ("又搭进去5万元", "loss"),
        ("9800元包邮", "price"), ("3元一分钟", "price"), ("一晚卖出120万元", "other"), ("3万元保证金", "agency_fee"),
    ],
)  # fmt: skip
def test_grammar_tells_the_role(text, expected):
    assert role(text) == expected


def test_paying_depends_on_what_the_text_sells():
    assert role("付了3万元, 招代理, 合伙人") == "agency_fee"
    assert role("付了3万元, 快递, 退货") == "price"
