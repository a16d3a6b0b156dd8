"""Accounts by names behind a platform, and what is said of platforms."""

import pytest

from features import contacts, normalise


def accounts(text):
    return {
        one.value
        for one in contacts.find_contacts(normalise.normalise(text))
        if one.kind == "account"
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("想学的来。小红书「示例大姐聊生意」", "xiaohongshu:示例大姐聊生意"), ("B站也有号「示例叔跑店记」！", "bilibili:示例叔跑店记"), ("B站同步更新：示例聊AI", "bilibili:示例聊ai"), ("快手ID 示例谈合伙", "kuaishou:示例谈合伙"),
        ("抖音号：示例老板说。明天见", "douyin:示例老板说"), ("视频号 示例的城市日记", "wechat_channels:示例的城市日记"), ("小红书搜 示例的城市日记，回头见", "xiaohongshu:示例的城市日记"), ("他抖音demo_zb6949还在发", "douyin:demo_zb6949"),
        ("音符软件搜 demo_8407", "douyin:demo_8407"), ("小地瓜号：demokf9565", "xiaohongshu:demokf9565"), ("视频号同名 demoai8729", "wechat_channels:demoai8729"),
        ("名为demoya5773的账号仍在发视频", "demoya5773"), ("涉案账号demo_hz1517已被封禁", "demo_hz1517"), ("在@示例蒜薹大姐跑店记 刷到的", "示例蒜薹大姐跑店记"), ("公号搜「示例引擎工坊」", "wechat_mp:示例引擎工坊"), ("另一个号在B站，叫“示例日更”", "bilibili:示例日更"), ("小红书 “示例创业笔记”，请报名", "xiaohongshu:示例创业笔记"), ("快手搜 阿例聊直播／扣扣 990000123", "kuaishou:阿例聊直播"), ("黑白音符搜：阿例讲店05", "douyin:阿例讲店05"), ("ks号：demo_7820", "kuaishou:demo_7820"),
    ],
)  # fmt: skip
def test_names_are_accounts(text, value):
    assert value in accounts(text)


@pytest.mark.parametrize(
    "text",
    [
        "小红书“种草”笔记", "抖音：直播带货", "视频号 直播间", "视频号照样能播，放心", "视频号、小红书都能播", "公众号文章节选：所谓加盟", "我们是视频号官方授权的服务商", "抖音号：私信我", "小红书搜 教程", "视频号 今晚开播", "抖音「团购」",
        "涉案账号WeChat已封", "涉案账号三个", "抖音2024规则", "他抖音plus2024年", "小红书搜 装修避坑，很多", "公众号 后台可见", "我们在抖音，叫“种草”的那种", "抖音搜 数字人 直播", "抖音搜 小程序直播 领券", "B站搜 老师讲数学", "小红书搜 种草笔记", "办公号段 336", "ks号令 3000", "视频号 老李请你看直播 开始",
    ],
)  # fmt: skip
def test_what_is_said_of_platforms_names_nobody(text):
    assert accounts(text) == set()


@pytest.mark.parametrize(("text", "confidence"), [("抖音搜 示例三羊", 0.6), ("B站搜 示例说刑法", 0.6), ("抖音搜「示例三羊」", 0.85), ("抖音号：示例老板说", 0.85)])  # fmt: skip
def test_a_name_that_is_only_to_be_searched_for_is_a_guess(text, confidence):
    assert [one.confidence for one in contacts.find_contacts(normalise.normalise(text))] == [confidence]  # fmt: skip


@pytest.mark.parametrize("text", ["B站搜 示例说刑法", "抖音搜 示例三羊"])
def test_who_is_only_to_be_sought_is_not_the_author(text):
    (one,) = contacts.find_contacts(normalise.normalise(text))
    assert (one.kind, one.ownership, one.confidence) == ("account", "mentioned", 0.6)
