"""Contacts: facts one by one, any text at all, and how long reading takes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import contacts, normalise
from tests.features.disguised import forge, found


def test_raw_is_what_stands_between_the_offsets():
    for _, text, _ in forge(31, 400):
        for one in contacts.find_contacts(normalise.normalise(text)):
            assert text[one.start : one.end] == one.raw
            assert 0 <= one.confidence <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "电话微信同号：19900001234",
            {("phone", "19900001234"), ("wechat", "19900001234")},
        ),
        (
            "19900001234（微信同号）",
            {("phone", "19900001234"), ("wechat", "19900001234")},
        ),
        (
            "手机19900001234，加V同号",
            {("phone", "19900001234"), ("wechat", "19900001234")},
        ),
        ("QQ微信同号：123456789", {("qq", "123456789"), ("wechat", "123456789")}),
        ("微信 19900001234", {("wechat", "19900001234")}),
        ("咨询热线：400-123-0000转801", {("phone", "4001230000")}),
        ("座机0571-88880000", {("phone", "057188880000")}),
        ("电话(010)6666 0000", {("phone", "01066660000")}),
        ("电话 +86-199-0000-1234", {("phone", "19900001234")}),
        ("客服400-123-0000一直占线", {("phone", "4001230000")}),
        ("l99OOOO1234 打给我", {("phone", "19900001234")}),
        ("微信szr.demo.01，中间去掉点", {("wechat", "szrdemo01")}),
        ("薇：szr*demo*01（把*去掉）", {("wechat", "szrdemo01")}),
        ("V：szr我demo们01，去掉汉字", {("wechat", "szrdemo01")}),
        ("加V：szr下划线demo", {("wechat", "szr_demo")}),
        ("加VSZR_demo_01", {("wechat", "szr_demo_01")}),
        (
            "微信：szr_demo_01 或 szr_demo_02",
            {("wechat", "szr_demo_01"), ("wechat", "szr_demo_02")},
        ),
        ("vx s z r d e m o 0 1", {("wechat", "szrdemo01")}),
        ("加扣扣 20.48 7832", {("qq", "20487832")}),
        ("企鹅群→八八七七五五六", {("qq_group", "8877556")}),
        ("招商经理的号是892405301", {("qq", "892405301")}),
        ("飞机：@szr_demo", {("telegram", "szr_demo")}),
        ("进频道 https://t.me/Szr_Demo 看", {("telegram", "szr_demo")}),
        ("https://t.me/+AbCdEf123456", {("telegram", "+AbCdEf123456")}),
        (
            "邮箱 Zhang.San@Mail.Example.com。",
            {("email", "zhang.san@mail.example.com")},
        ),
        ("官网：WWW.Szr-Demo.example，", {("domain", "szr-demo.example")}),
        (
            "打开https://szr.example/Join?id=1，领取",
            {("domain", "szr.example"), ("url", "https://szr.example/Join?id=1")},
        ),
        ("https://szr.example/", {("domain", "szr.example")}),
        ("登录szr1点example", {("domain", "szr1.example")}),
        ("演示看 https://v.douyin.com/demo123/", {("domain", "v.douyin.com")}),
        ("抖音号：szr_demo88", {("account", "douyin:szr_demo88")}),
        ("关注公众号【示例数智】", {("account", "wechat_mp:示例数智")}),
        ("浙ICP备00001234号-1", {("icp", "浙ICP备00001234号-1")}),
        (
            "浙公网安备 33000002000001号",
            {("police_filing", "浙公网安备33000002000001号")},
        ),
        ("我们是示例星河数字科技有限公司", {("company", "示例星河数字科技有限公司")}),
        ("由示例（杭州）科技有限公司提供", {("company", "示例(杭州)科技有限公司")}),
        (
            "签约的是杭州示例云播网络股份有限公司。",
            {("company", "杭州示例云播网络股份有限公司")},
        ),
    ],
)
def test_contact_is_read(text, expected):
    assert found(text) == expected


def test_hotlines_have_low_confidence():
    (one,) = contacts.find_contacts(normalise.normalise("如遇诈骗请拨打96110"))
    assert one.value == "96110"
    assert one.confidence < 0.5


def test_one_number_twice_gives_two_sightings():
    text = "微信szr_demo_01，再说一遍微信szr_demo_01"
    assert [one.start for one in contacts.find_contacts(normalise.normalise(text))] == [
        2,
        20,
    ]


SHREDS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "微信",
                "加V",
                "电话",
                "QQ",
                "：",
                "199",
                "0000",
                "1234",
                "szr_demo",
                "@",
                ".",
                "com",
                "有限公司",
                "去掉点",
                "\n",
                "\u200b",
                "\ud800",
                "\x00",
                "一二三",
                "①",
                "备",
                "t.me/",
            ]
        ),
        st.text(max_size=4),
        st.characters(codec=None),
    ),
    max_size=30,
).map("".join)


@given(SHREDS)
@settings(deadline=None, max_examples=150)
def test_any_text_can_be_read(text):
    read = contacts.find_contacts(normalise.normalise(text))
    assert all(text[one.start : one.end] == one.raw for one in read)
    assert read == sorted(
        read, key=lambda one: (one.start, one.end, one.kind, one.value)
    )


@pytest.mark.parametrize(
    "shred",
    [
        "微信",
        "加V",
        "1 ",
        "1-",
        "a.",
        "a@",
        "有限公司",
        "杭州",
        "骗子",
        "去掉",
        "一",
        "联系:",
        "t.me/",
        "@a",
        "wx",
    ],
)
def test_repeats_are_read_in_linear_time(shred):
    def seconds(size):
        text = normalise.normalise(shred * (size // len(shred)))
        runs = []
        for _ in range(2):
            start = time.process_time()
            contacts.find_contacts(text)
            runs.append(time.process_time() - start)
        return min(runs)

    assert seconds(20_000) < 15 * max(seconds(5000), 0.01)
