"""Contacts as people hide them: a forge of disguised posts that knows what it hid, then disguises one by one."""

from __future__ import annotations

import pytest

from features import contacts, normalise
from tests.features.disguised import figures, forge, found


def test_disguised_contacts_are_read_with_exact_values():
    precision, recall, wrong = figures(forge(11, 1500))
    assert precision >= 0.98, wrong[:10]
    assert recall >= 0.97, wrong[:10]


def test_each_family_of_disguise_is_read():
    families: dict[str, list] = {}
    for family, text, expected in forge(23, 1500):
        families.setdefault(family, []).append((family, text, expected))
    assert len(families) > 15
    for family, posts in families.items():
        if family != "clean":
            assert figures(posts)[1] >= 0.9, family


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("座机0571-9999 0217打过去", ("phone", "057199990217")), ("前台0531—9999—0925转2", ("phone", "053199990925")),
        ("工厂直线 零七五五 九九九九 一二八零", ("phone", "075599991280")), ("微:demo加9加9加03,加号不用打", ("wechat", "demo9903")),
        ("VX⭕ d-e-m-o-8-8 （横线去掉）", ("wechat", "demo88")), ("下面倒着念:87a_omed 就是我", ("wechat", "demo_a78")),
        ("这行倒过来念\n8800_omed_rzs :芯微", ("wechat", "szr_demo_0088")), ("小卢 电/微 19900003160", ("wechat", "19900003160")),
        ("打电话,199 0000 5510,微信就是电话", ("wechat", "19900005510")), ("薇❤️同抖音号 demo_0629|满座", ("wechat", "demo_0629")),
        ("写信到 demo&shop.example.com(&改@)", ("email", "demo@shop.example.com")), ("邮箱 demo【at】shop【dot】example【dot】com", ("email", "demo@shop.example.com")),
        ("邮箱倒着写 moc.elpmaxe@omed", ("email", "demo@example.com")), ("绿色对话框里搜:DEMOAB〇6〇8", ("wechat", "demoab0608")),
        ("威❤ demoab 杠 007", ("wechat", "demoab-007")), ("想来的加 demo_wanxiang", ("wechat", "demo_wanxiang")), ("一席29800。合同年签。demo_juzhen", ("wechat", "demo_juzhen")),
        ("蜀ICP备2099001618号-1", ("icp", "蜀ICP备2099001618号-1")), ("公告群 310004455", ("qq_group", "310004455")),
    ],
)  # fmt: skip
def test_further_disguises_are_read(text, wanted):
    found = contacts.find_contacts(normalise.normalise(text))
    assert wanted in {(one.kind, one.value) for one in found}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("网址: demo-vip84删.example删.net(删掉“删”字)", ("domain", "demo-vip84.example.net")), ("邮箱 demo_053#example.cn,井号改成艾特", ("email", "demo_053@example.cn")), ("邮箱 demo_053*example.cn,星号换成艾特", ("email", "demo_053@example.cn")),
        ("邮箱:demo . 596 @ example . cn", ("email", "demo.596@example.cn")), ("微信 w【x】de【m】o3【0】33(去括号)", ("wechat", "wxdemo3033")), ("薇❤:d*e*m*o*480*8,星号去了就是", ("wechat", "demo4808")), ("薇:de|mo|i5|09,|不要输", ("wechat", "demoi509")),
        ("扌微 de旺12mo旺q3,里面的中国字别打", ("wechat", "de12moq3")), ("打我1990000祥368财7,里面的中国字别打", ("phone", "19900003687")), ("抖音号:hao/yun/8829,斜杠自行去掉", ("account", "douyin:haoyun8829")), ("抖音号:hao丨yun丨8829,竖线去掉", ("account", "douyin:haoyun8829")),
        ("摇我 1990丨000丨7453(符号去掉)", ("phone", "19900007453")), ("微信:h  a  o  8  8  2  9", ("wechat", "hao8829")), ("抖音号:(h)(a)(o)(8)(8)(2)(9)", ("account", "douyin:hao8829")), ("电话:(1)(9)(9)(0)(0)(0)(0)(5)(6)(7)(8)", ("phone", "19900005678")),
        ("印着19\n900\n008\n853", ("phone", "19900008853")), ("QQ:9\n9\n0\n0\n7\n1\n2\n4\n5", ("qq", "990071245")), ("薇:ruib\nozhushou", ("wechat", "ruibozhushou")), ("TG@dem\nodu\no_s\nzr", ("telegram", "demoduo_szr")),
        ("邮箱:demo88\n@example.com", ("email", "demo88@example.com")), ("网址:demo88.example\n.com", ("domain", "demo88.example.com")), ("我司杭 州 云 禾 示 例 科 技 有 限 公 司", ("company", "杭州云禾示例科技有限公司")), ("详情:http://demo-652.example/lp;➕V❤demo104", ("url", "http://demo-652.example/lp")),
        ("4321 0000 991(从后往前念,微信同号)", ("wechat", "19900001234")), ("电话 1【9】90【0】00【4】68【8】(去括号)(微信同号)", ("wechat", "19900004688")), ("同号(电话/薇):19900004055", ("wechat", "19900004055")), ("电话微、信同号: 19900001949", ("wechat", "19900001949")),
    ],
)  # fmt: skip
def test_what_is_broken_up_or_told_is_put_together(text, wanted):
    assert wanted in found(text)
