"""Accounts on a post's own platform: by what stands before an at-sign, and by what the name is made of."""

import pytest

from features import contacts, normalise


def accounts_of(text):
    found = contacts.find_contacts(normalise.normalise(text))
    return {one.value for one in found if one.kind == "account"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("找@示例偶小助手", "示例偶小助手"), ("关注 @示例云小助手  #老板思维 #AI", "示例云小助手"), ("干就完了！备用号：@示例偶官方号", "示例偶官方号"),
        ("备用号：@示例嘟小助手 ，我们帮商家省的是拍摄费", "示例嘟小助手"), ("同名账号 @示例粥官方号。#AI带货", "示例粥官方号"), ("该账号 @示例榨菜官方号 已被封禁", "示例榨菜官方号"),
        ("被告账号@示例云官方号已注销", "示例云官方号"), ("认准@示例科技官方号，其他都是假的", "示例科技官方号"), ("涉案账号 @示例云官方旗舰店", "示例云官方旗舰店"),
        ("大号在 @示例满搞副业 #搞💰女孩 #商丘", "示例满搞副业"), ("名额不多。找@示例创业说  #创.业 #副业 #老.板思维", "示例创业说"), ("签约找@示例招商部  #生活记录", "示例招商部"),
        ("微电同号 🎵搜@示例观察室", "示例观察室"), ("备用：@示例坤说AI", "示例坤说ai"), ("👉@示例坤在路上", "示例坤在路上"), ("抖音搜@示例导师", "douyin:示例导师"),
    ],
)  # fmt: skip
def test_a_name_that_is_to_be_sought_is_an_account(text, name):
    assert accounts_of(text) == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("联系 demo0826/关注 @demo336", "demo336"), ("另一个号：@demo336 备案", "demo336"), ("关注我 @demo336", "demo336"), ("另一个账号：@demo336", "demo336"), ("艾特一下@示例讲店25 。", "示例讲店25"), ("他主播号demo_19946还在骗人", "demo_19946"),
        ("带头的账号demo107", "demo107"), ("关注大号demoai415；", "demoai415"),
    ],
)  # fmt: skip
def test_a_name_that_is_to_be_followed_is_an_account(text, name):
    assert name in accounts_of(text)


def test_beside_telegram_it_is_of_telegram():
    text = "飞机也有，关注 @demo336"
    assert not accounts_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "@微信小助手 帮我看看", "@抖音小助手 这条被限流了", "找@抖音小助手 申诉", "联系@平台官方 投诉没用", "@客服小助手 已回复", "关注@人民日报 看原文", "来源：@示例市公安局官方号",
        "感谢 @示例王官方号 分享", "请@示例科技官方 回复", "找@快手客服 问过了", "可以@我们客服", "有问题@小编", "评论区@我", "@全体成员 明天开会", "和 @老公 一起看", "搜@官方账号", "关注@所有人 看店", "另一个号：明天发", "主播号被封了三个",
    ],
)  # fmt: skip
def test_services_of_platforms_and_bystanders_are_no_accounts(text):
    assert not accounts_of(text)
