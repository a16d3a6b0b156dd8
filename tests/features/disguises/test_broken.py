"""Ids that blanks, pictures and line breaks part are put together, and words of other languages are not."""

import pytest

from features import contacts, normalise
from features.disguises import broken
from features.engine import trie
from features.identifiers import shapes


def whole(text):
    folded = normalise.normalise(text).folded
    for start, end, new in reversed(list(broken.edits(folded))):
        folded = folded[:start] + new + folded[end:]
    return folded


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("微信:deny  itia  ntao  52", ("wechat", "denyitiantao52")), ("E-mail: demoi_ 78@exa mple.c om", ("email", "demoi_78@example.com")), ("官网 demo. examp le.cn", ("domain", "demo.example.cn")),
        ("绿泡泡 de🌈mo🚀heng-🍎dl555", ("wechat", "demoheng-dl555")), ("手机 19🐯90🎯0🍀00🐯0196", ("phone", "19900000196")), ("加微信 demo🎯6🎯04 #AI", ("wechat", "demo604")),
        ("薇:denglin✨8345", ("wechat", "denglin8345")), ("Q群26388807🍎0", ("qq_group", "263888070")), ("威信denuo\nlin_s\nzr867,有意的来", ("wechat", "denuolin_szr867")),
        ("tg:laodemo\no_vip24", ("telegram", "laodemoo_vip24")), ("扣:9938\n1989\n03", ("qq", "9938198903")), ("WeChat: dem\nodh\nhi5\n00 备注城市", ("wechat", "demodhhi500")),
    ],
)  # fmt: skip
def test_what_breaks_an_id_up_goes(text, value):
    assert value in {
        (one.kind, one.value)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


@pytest.mark.parametrize(
    "text",
    ["the big cat sat", "2024 0520 1980", "vx💚demo_01", "AI🔥2024", "QQ 8860199\n1、交流", "微信 demo_bj01\nQQ8860123", "一级1200\n二级800", "demo88\nai直播"],
)  # fmt: skip
def test_other_things_stay_apart(text):
    assert whole(text) == normalise.normalise(text).folded


@pytest.mark.parametrize(
    ("text", "is_told"),
    [("a🌈b", True), ("abc 12d _x", True), ("abcd 12d _x", False), ("the big cat", False), ("微信🌈微信", False), ("ab  cd", False)],
)  # fmt: skip
def test_the_glance_sees_what_the_reader_does(text, is_told):
    assert (len(shapes.broken(trie.points_of(text + "\n"))) > 0) is is_told
    assert (broken.SHAPED.search(text) is not None) or whole(text) == text
