"""Registered names that are broken up are put together; companies side by side are not."""

import pytest

from features import contacts, normalise
from features.disguises import registered


def values(text):
    return {
        (one.kind, one.value)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("公司全称 杭州示例禾^智能科技^有限公司（尖号去掉）", ("company", "杭州示例禾智能科技有限公司")), ("主办：杭州示例禾.智能.科技有限公司（点不要）", ("company", "杭州示例禾智能科技有限公司")),
        ("签约主体 杭州示例禾🌸智能科技🌸有限公司（花去掉）", ("company", "杭州示例禾智能科技有限公司")), ("出品 杭州示例禾 + 智能科 + 技有限公司（拼起来）", ("company", "杭州示例禾智能科技有限公司")),
        ("公司：杭州示例禾智能\n科技有限公司（连起来是一个）", ("company", "杭州示例禾智能科技有限公司")), ("出品 杭州示例禾，智能科技，有限公司（逗号去掉）", ("company", "杭州示例禾智能科技有限公司")),
        ("备案 浙ICP备-99001-234号-2（中间的符号去掉）", ("icp", "浙ICP备99001234号-2")), ("页脚 浙ICP备 99001 234号-2", ("icp", "浙ICP备99001234号-2")),
        ("公安备案 浙公网安备9#900000#1234567号（井号去掉）", ("police_filing", "浙公网安备99000001234567号")), ("备案 【浙ICP备】【99001】【234号-2】", ("icp", "浙ICP备99001234号-2")),
        ("工商登记显示【杭州示例禾】【智能科技】【有限公司】", ("company", "杭州示例禾智能科技有限公司")), ("投诉对象 杭州示例禾 智能科技 有限公司", ("company", "杭州示例禾智能科技有限公司")),
        ("主办 司公限有技科能智禾例示州杭（倒着读）", ("company", "杭州示例禾智能科技有限公司")), ("备案 2-号43210099备PCI浙（倒着读）", ("icp", "浙ICP备99001234号-2")),
        ("淘宝店 示例禾|数码|专营店（竖线去掉）", ("shop", "示例禾数码专营店")),
    ],
)  # fmt: skip
def test_pieces_are_one_name(text, value):
    assert value in values(text)


@pytest.mark.parametrize(
    "text",
    [
        "厂址：杭州市长安镇 杭州示例禾电子有限公司", "杭州示例甲有限公司、宁波示例乙有限公司（排名不分先后）", "水印去掉，公司出品", "把星号去掉就是店名", "【公司】【招聘】", "备案号不要写错，店里见",
        "这家店 真的 不错（广告去掉）",
    ],
)  # fmt: skip
def test_names_side_by_side_stay_apart(text):
    assert not list(registered.edits(normalise.normalise(text).folded))


def test_many_notes_take_linear_time():
    assert list(registered.edits("公司.甲(点去掉" * 10_000)) == []
    assert list(registered.edits("公司【甲】" * 10_000)) == []
    assert list(registered.edits("公司 甲乙丙" * 10_000)) == []
