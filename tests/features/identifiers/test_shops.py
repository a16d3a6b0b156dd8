"""Names of shops."""

import pytest

from features.identifiers import shops


def found(text):
    return [name for name, _, _ in shops.shops(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("店铺:示例影像定制铺", "示例影像定制铺"), ("闲鱼铺子叫「示例数码旗舰店」", "示例数码旗舰店"), ("淘宝店 示例软件专营店", "示例软件专营店"), ("京东店：示例企业服务店", "示例企业服务店"), ("某宝搜店名 示例数码专营店", "示例数码专营店"),
        ("闲鱼店名 示例企业店", "示例企业店"), ("店铺搜 示例数字小铺", "示例数字小铺"), ("店铺搜示例云服务旗舰店 #创业", "示例云服务旗舰店"), ("当时走的店铺是示例工作室企业店。", "示例工作室企业店"), ("店铺示例影像杂货5号已下架", "示例影像杂货5号"),
        ("拼多多店 示例声音工坊6号，便宜", "示例声音工坊6号"), ("我的店叫 示例智能设备店1号", "示例智能设备店1号"), ("微店 “示例数码小铺3号”", "示例数码小铺3号"), ("旺铺 示例智能设备厂", "示例智能设备厂"), ("tb店铺：示例杂货铺", "示例杂货铺"),
    ],
)  # fmt: skip
def test_shops_are_named(text, name):
    assert found(text) == [name]


@pytest.mark.parametrize(
    "text",
    ["店铺开了三家分店", "店铺 我们在旗舰店", "淘宝店 可以去旗舰店看", "网店怎么开专营店", "店名还没想好", "我的店叫停了", "微店开通专营店要多少", "店铺装修找工作室", "开一家淘宝店 专卖小商品", "抖店入驻，店铺评分4.9", "这个店是旗舰店吗"],
)  # fmt: skip
def test_sentences_about_shops_name_none(text):
    assert found(text) == []
