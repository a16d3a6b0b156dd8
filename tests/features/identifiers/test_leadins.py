"""Lead-ins in their costumes."""

from __future__ import annotations

import random

import pytest

from features.identifiers import leadins


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("加v:", ("wechat",)), ("+薇 ", ("wechat",)), ("v-x:", ("wechat",)), ("绿泡泡:", ("wechat",)), ("微❤ ", ("wechat",)),
        ("卫星号:", ("wechat",)), ("佳喂:", ("wechat",)), ("扣扣:", ("qq",)), ("扣我:", ("qq",)), ("加q:", ("qq",)), ("企鹅群:", ("qq_group",)),
        ("tg:@", ("telegram",)), ("电话微信同号:", ("phone", "wechat")), ("qq/微信:", ("qq", "wechat")), ("抖音号:", ("account",)),
        ("w信:", ("wechat",)), ("聊天软件(绿的)", ("wechat",)), ("那个绿的聊天的", ("wechat",)), ("绿标软件搜", ("wechat",)), ("扫一扫那个软件号", ("wechat",)), ("我的w号:", ("wechat",)), ("💚泡泡:demo88", ("wechat",)),
        ("t g 号 ", ("telegram",)), ("电报上的联络号", ("telegram",)), ("受害者群", ("qq_group",)), ("qq在线 ", ("qq",)), ("前台 0571", ("phone",)), ("小地瓜号:", ("account",)), ("红薯呺".replace("呺", "号"), ("account",)),
        ("微信公众号:", ("account",)), ("联系电话:", ("contact", "phone")),
    ],
)  # fmt: skip
def test_lead_in_announces(text, kinds):
    assert list(leadins.leads(text))[-1].kinds == kinds


@pytest.mark.parametrize("text", ["dev:", "svx ", "atg ", "今天天气好", "服务"])
def test_parts_of_words_announce_nothing(text):
    assert list(leadins.leads(text)) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [("(微信同号)", ("wechat",)), (",加v同号", ("wechat",)), (" 同微", ("wechat",)), ("电话同步", ("phone",)), ("，微信搜索", ()), ("加我", ()), ("或者加微信,都是这一个号", ("wechat",)), (",打或加v都行", ("wechat",)), ("或者加工费", ())],
)  # fmt: skip
def test_note_behind_a_number_adds_kinds(text, kinds):
    assert leadins.same_as(text, 0) == kinds


def test_lead_ins_are_the_same_where_they_are_known_to_begin():
    rng = random.Random(3)
    shreds = ["加", "v", "微信", "q", "群", "薇:", "抖音", "号", "电话", "我", " ", "的", "abc12", "口口", "绿", "联系", "✈", "征信号 ", "扣", ":", "t:"]  # fmt: skip
    for _ in range(500):
        text = "".join(rng.choice(shreds) for _ in range(12))
        assert list(leadins.leads(text, range(len(text)))) == list(leadins.leads(text))
