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
    [("(微信同号)", ("wechat",)), (",加v同号", ("wechat",)), (" 同微", ("wechat",)), ("电话同步", ("phone",)), ("，微信搜索", ()), ("加我", ())],
)  # fmt: skip
def test_note_behind_a_number_adds_kinds(text, kinds):
    assert leadins.same_as(text, 0) == kinds


def test_lead_ins_are_the_same_where_they_are_known_to_begin():
    rng = random.Random(3)
    shreds = ["加", "v", "微信", "q", "群", "薇:", "抖音", "号", "电话", "我", " ", "的", "abc12", "口口", "绿", "联系", "✈", "征信号 ", "扣", ":", "t:"]  # fmt: skip
    for _ in range(500):
        text = "".join(rng.choice(shreds) for _ in range(12))
        assert list(leadins.leads(text, range(len(text)))) == list(leadins.leads(text))
