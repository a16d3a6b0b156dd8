import itertools
import random

import numpy as np
import pytest

from features import contacts, normalise
from features.engine import trie
from features.identifiers import finds, leadins, led, shapes, usual
from features.texts import documents

LEADS = ["客服", "联系电话:", "热线 ", "手机", "加微信", "订单号 ", "抖音号:", "合作", "咨询 热线:", "客服:微信→"]  # fmt: skip
VALUES = ["13800138000", "400-000-8000", "8000000000", "1380013800", "138-0013-8000", "szr_demo88", "Abc-12345", "liu_demo9"]  # fmt: skip
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
#: What the texts are made of that are held against what is found without a glance.
WORDS = [*LEADS, "qq", "QQ群", "扣", "企鹅号", "+v", "薇", "v", "VX号", "wx", "微❤", "V我", "联系", "咨询客服", "联系微信", "客服:电话", "抖音", "tel", "小红书", "微信同号", "电话微信同号", "同号", "v同步", "手机即微信"]  # fmt: skip
SIGNS = ["", ":", ":", " ", "→", "=", "是", "号:", "~", "号是 ", ",", "(", "\n"]
IDS = [
    *VALUES, "123456789", "8826029778", "600033312", "10086", "900-1990", "sanlan_demo", "demo4315ou", "vip_demo88", "xiaoming", "a.b88cd", "tg_demo88",
    "wx_demo77", "q88776655", "demo一二", "9900 1234", "",
]  # fmt: skip
ENDS = [*BEHIND, "。", ",", "\n", " ", "、", "/", "或", ")", ".", "@", "-", "一", "二三", "同", "备注来意", "🌹", " 12", "的人"]  # fmt: skip
SHREDS = ["抖音和快手", "小红书", "公众号", "line ", "就是", "去掉点", "2027年", "快递丢了,", "骗子", "示例科技有限公司", "t.me/szr_demo ", "打12315。", "13900139000", "小米11 ", "快手搜 李老师示例\n", "抖音demo_zb6949", "小红书搜示例谈合伙,"]  # fmt: skip


def _read(text: str) -> list | None:
    plain = normalise.normalise(text)
    folded = plain.folded
    points = trie.points_of(f"{folded}\n")
    leads = np.array(
        [match.start() for match in leadins.LEAD.finditer(folded)], dtype=np.int64
    )
    named = [match.start() for match in leadins.ACCOUNT.finditer(folded)]
    announcing = {*leads[shapes.beside_values(points, leads)].tolist(), *named}
    listed = usual.contacts(plain, folded, sorted(announcing), range(len(folded)))
    if listed is None:
        return None
    numbers = shapes.numbers(points).tolist()
    return [one.contact for one in listed] if usual.hold(listed, numbers) else None


def _texts(seed: str, number: int) -> list[str]:
    """Lead-ins, values and what stands around them, in an order that makes sense more often than not."""
    rng = random.Random(seed)
    texts = []
    for _ in range(number):
        shreds = []
        for _ in range(rng.choice((1, 1, 2, 3))):
            if rng.random() < 0.3:
                shreds.append(rng.choice(SHREDS))
            shreds += [rng.choice(WORDS), rng.choice(SIGNS), rng.choice(IDS), rng.choice(ENDS)]  # fmt: skip
        texts.append("".join(shreds))
    return texts


def _looked_for(text: str) -> list:
    """What lead-ins announce, one by one."""
    plain = normalise.normalise(text)
    found = finds.Finds(plain, plain.folded)
    led.add_led(found, led.promising(plain.folded, None), frozenset())
    return sorted(found.contacts.values(), key=lambda one: (one.start, one.end))


@pytest.mark.parametrize(
    ("text", "kind", "value", "raw"),
    [
        ("快递丢了,客服:400-000-8000打不通", "phone", "4000008000", "400-000-8000"),
        ("客服:联系电话 13800138000。", "phone", "13800138000", "13800138000"),
        ("有意者微信:Szr_Demo88,备注来意", "wechat", "szr_demo88", "Szr_Demo88"),
        ("想做的加V abc12345", "wechat", "abc12345", "abc12345"),
        ("QQ 923456789", "qq", "923456789", "923456789"),
        ("QQ群:600033312\n抖音上都有", "qq_group", "600033312", "600033312"),
    ],
)
def test_a_value_behind_its_lead_in_is_read_at_a_glance(text, kind, value, raw):
    (one,) = _read(text)
    assert (one.kind, one.value, one.raw) == (kind, value, raw)


def test_whose_a_number_is_shows_at_a_glance():
    (one,) = _read("快递丢了,客服:400-000-8000打不通")
    assert one.ownership == "mentioned"


def test_platforms_that_are_only_spoken_of_lead_to_nobody():
    assert _read("抖音和小红书上的人都在做,淘宝没有") == []


@pytest.mark.parametrize(
    "text",
    [
        "电话13800138000(微信同号)",
        "加微信13800138000",
        "客服:13800138000,另有13900139000",
        "订单号联系13800138000元",
        "电话13800138000,去掉中间的点",
        "微信abc12345或者def67890",
        "微信szr.demo88",
        "加wx8116demo",
        "扣300000",
        "QQ:92345 6789",
        "抖音号:szr_demo",
    ],
)
def test_what_says_more_than_a_value_is_looked_for(text: str):
    assert _read(text) is None


def test_what_is_read_at_a_glance_is_what_is_found_by_looking():
    read = 0
    for one, value, behind, other in itertools.product(LEADS, VALUES, BEHIND, LEADS):
        text = f"骗子的{one}{value}{behind}。\n{other}{value[::-1]}{value}"
        for written in (text, text.partition("\n")[0]):
            listed = _read(written)
            if listed is not None:
                assert listed == _looked_for(written)
                read += 1
    assert read > 1000


@pytest.mark.parametrize("seed", range(2))
def test_in_any_text_what_is_read_at_a_glance_is_what_is_found_by_looking(seed):
    read = 0
    for text in _texts(f"alone {seed}", 6000):
        listed = _read(text)
        if listed is not None:
            assert listed == _looked_for(text), text
            read += bool(listed)
    assert read > 100


@pytest.mark.parametrize("seed", range(2))
def test_with_other_contacts_around_the_same_are_found_at_a_glance(seed):
    texts = _texts(f"around {seed}", 1000)
    for text, listed in zip(texts, documents.contacts_of(texts), strict=True):
        assert listed == contacts.find_contacts(normalise.normalise(text)), text
