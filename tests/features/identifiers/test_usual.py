import itertools

import pytest

from features import contacts, normalise
from features.engine import trie
from features.identifiers import leadins, shapes, usual

LEADS = ["客服", "联系电话:", "热线 ", "手机", "加微信", "订单号 ", "抖音号:", "合作"]
NUMBERS = ["13800138000", "400-000-8000", "8000000000", "1380013800", "138-0013-8000"]
BEHIND = [
    "",
    ",打不通",
    "(微信同号)",
    "元",
    "一直占线",
    "就是这个",
    "(微)",
    "a",
    " 同V",
]


def _read(text: str) -> list | None:
    plain = normalise.normalise(text)
    folded = plain.folded
    leads = [match.start() for match in leadins.LEAD.finditer(folded)]
    numbers = shapes.numbers(trie.points_of(f"{folded}\n")).tolist()
    return usual.contacts(plain, folded, leads, numbers, range(len(folded)))


def test_a_number_behind_its_lead_in_is_read_at_a_glance():
    (one,) = _read("快递丢了,客服:400-000-8000打不通")
    assert (one.kind, one.value, one.raw) == ("phone", "4000008000", "400-000-8000")
    assert one.ownership == "mentioned"


@pytest.mark.parametrize(
    "text",
    [
        "今天没有电话",
        "电话13800138000(微信同号)",
        "加微信13800138000",
        "客服:13800138000,另有13900139000",
        "订单号联系13800138000元",
        "电话13800138000,去掉中间的点",
    ],
)
def test_what_says_more_than_a_number_is_looked_for(text: str):
    assert _read(text) is None


def test_what_is_read_at_a_glance_is_what_is_found_by_looking():
    read = 0
    for one, number, behind, other in itertools.product(LEADS, NUMBERS, BEHIND, LEADS):
        text = f"骗子的{one}{number}{behind}。\n{other}{number[::-1]}{number}"
        for written in (text, text.partition("\n")[0]):
            listed = _read(written)
            if listed is not None:
                assert listed == contacts.find_contacts(normalise.normalise(written))
                read += 1
    assert read > 300
