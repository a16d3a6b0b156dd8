"""Contacts and what stands beside them: lead-ins, signs that point, notes, several of them in a row."""

from __future__ import annotations

import pytest

from features.texts import documents
from tests.features.disguised import found


@pytest.mark.parametrize(
    "text",
    [
        "{},威同", "{} 微电同步", "{} 微电一个号", "Tel {}(绿色软件一样)", "V同电话 {}", "加微同号码 {}", "电话微信都是{}", "电/微:{}", "V电同号 {}", "{}(电同) 微", "手机号码就是微信号 {}", "{} 薇❤同号",
        "{},微信也是它", "{}(微信可加)", "{} 可加微", "☎️/💬 {}", "电薇同步{}", "{},去掉点再搜 V同", "{} w同", "V我{} 电同",
    ],
)  # fmt: skip
def test_one_number_for_telephone_and_wechat(text):
    assert found(text.format("19900003210")) == {
        ("phone", "19900003210"),
        ("wechat", "19900003210"),
    }


def test_a_note_on_the_next_line_is_of_the_next_number():
    assert found("扣扣号 555045786\n电薇同步19900003210") == {
        ("qq", "555045786"),
        ("phone", "19900003210"),
        ("wechat", "19900003210"),
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("徽 zhaodemo_tg", ("wechat", "zhaodemo_tg")), ("找我:+wx demozhou999", ("wechat", "demozhou999")), ("威欣:demo_07", ("wechat", "demo_07")), ("we❤t demo_08", ("wechat", "demo_08")),
        ("微信 demodaili", ("wechat", "demodaili")), ("如您曾联系wxid_yc2bhxdemo,请速来", ("wechat", "wxid_yc2bhxdemo")), ("小蓝 demo_kf07", ("telegram", "demo_kf07")), ("飞鸡 @demo_kf08", ("telegram", "demo_kf08")),
        ("kk 5550918714", ("qq", "5550918714")), ("幺勾勾洞洞洞洞幺两三四", ("phone", "19900001234")), ("微信 demo勾八两六", ("wechat", "demo9826")), ("微信:demo哈哈哈08呵呵呵26(去掉汉字)", ("wechat", "demo0826")), ("叩叩群:五五五一四四二七七", ("qq_group", "555144277")), ("企鹅群5️⃣❺❺ 14️⃣❼９5️⃣六", ("qq_group", "555147956")), ("到吧友群8100 00442,先改备注", ("qq_group", "810000442")),
        ("扣叁叁0000壹壹捌柒", ("qq", "3300001187")), ("扣 贰玖零零零零 8426", ("qq", "2900008426")), ("来 Ql99OOOO558(l是一,O是零)", ("qq", "1990000558")), ("打 073155500044 找何工", ("phone", "073155500044")),
        ("来电 丨99О0006935", ("phone", "19900006935")), ("邮箱hi 在 demo 点 example 点 net", ("email", "hi@demo.example.net")), ("油箱 demo[.]684＠example[.]com", ("email", "demo.684@example.com")),
        ("客服轮值 @demo_kefu", ("telegram", "demo_kefu")), ("8w,抽成你定。@seat_city_demo", ("telegram", "seat_city_demo")), ("我的另一个号:@某某播客2号", ("account", "某某播客2号")),
        ("去我公众号 demo的手记 后台回“播控”", ("account", "wechat_mp:demo的手记")), ("认准公众号 某某手记。", ("account", "wechat_mp:某某手记")), ("抖音号同名 某某三阶", ("account", "douyin:某某三阶")),
        ("辖区内云州智慧引擎传媒有限公司被列入异常", ("company", "云州智慧引擎传媒有限公司")), ("旺铺 某智设备厂,夏经理", ("shop", "某智设备厂")),
    ],
)  # fmt: skip
def test_more_ways_to_be_reached(text, wanted):
    assert wanted in found(text)


@pytest.mark.parametrize("sign", ["⬇️", "🔍", "👉", "→", "【", "「", "~", "号：", "是"])
@pytest.mark.parametrize("lead", ["V", "薇", "💚", "V我", "卫星", "加WeChat", "咨询VX"])
def test_signs_that_point_announce_a_value(lead, sign):
    assert found(f"{lead}{sign}demo_bj07") == {("wechat", "demo_bj07")}


def test_a_note_before_a_line_break_announces_nothing_behind_it():
    assert found("手机 19900003210，薇信同号\n叩叩群：555131817") == {
        ("phone", "19900003210"),
        ("wechat", "19900003210"),
        ("qq_group", "555131817"),
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("加Q群⬇️400843881", {("qq_group", "400843881")}), ("扫码或加扣群➡️911684178", {("qq_group", "911684178")}), ("扣【854386877】", {("qq", "854386877")}), ("tele→demo_ai2998", {("telegram", "demo_ai2998")}),
        ("飞机【demo_vip4920】，TEL【19900004567】", {("telegram", "demo_vip4920"), ("phone", "19900004567")}), ("微信是demo680，tel19900008716", {("wechat", "demo680"), ("phone", "19900008716")}),
        ("微是19900004237", {("wechat", "19900004237")}), ("我司QQ 5550564571统一接待", {("qq", "5550564571")}),
    ],
)  # fmt: skip
def test_lists_of_contacts_are_told_apart(text, wanted):
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("小绿书旁边那个绿的:demo-lx45", ("wechat", "demo-lx45")), ("找我围脖旁边那个绿的:DEMOKF八三七一", ("wechat", "demokf8371")), ("加我卫❤星 demoszr-29", ("wechat", "demoszr-29")), ("蔚 demoniu74", ("wechat", "demoniu74")),
        ("V我 199 0000 0506", ("wechat", "19900000506")), ("V我 幺勾勾洞洞洞洞洞五洞六", ("wechat", "19900000506")), ("加微备注城市 一九九〇〇〇〇二七六一", ("wechat", "19900002761")), ("WeChat: wxdemo8528", ("wechat", "wxdemo8528")),
        ("薇 tiantian", ("wechat", "tiantian")), ("tg: 艾特demo_zs158", ("telegram", "demo_zs158")), ("记者在纸飞机上找到账号demoyi742", ("telegram", "demoyi742")), ("他们在飞机上还有个号demo_224", ("telegram", "demo_224")),
        ("某音 ID demolushu93", ("account", "douyin:demolushu93")), ("他们在小红书上的号叫demo_21", ("account", "xiaohongshu:demo_21")), ("裙 号(Q):555127678", ("qq_group", "555127678")), ("蔻 蔻 555902603", ("qq", "555902603")),
    ],
)  # fmt: skip
def test_lead_ins_of_slang_say_of_which_service_a_value_is(text, wanted):
    assert wanted in found(text)
    assert len({kind for kind, _ in found(text)} - {"phone"}) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("找我们团队 @小鹿聊AI35", "小鹿聊ai35"), ("咨询关注 @阿凯带你播", "阿凯带你播"), ("数字人招商,名额不多。@阿强创业记", "阿强创业记"), ("感兴趣的 @ai阿哲", "ai阿哲"), ("我大号 @demo_4450", "demo_4450"),
        ("我大号 @demopeng五八〇三〇", "demopeng58030"), ("@阿明聊创业 招县级代理,名额不多", "阿明聊创业"),
    ],
)  # fmt: skip
def test_name_with_an_at_sign_is_an_account(text, wanted):
    assert found(text) == {("account", wanted)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("19900000912(微信同号) / QQ:555398913", {("phone", "19900000912"), ("wechat", "19900000912"), ("qq", "555398913")}), ("裙号(Q):555616939 / 微信同步 demo48hex6", {("qq_group", "555616939"), ("wechat", "demo48hex6")}),
        ("张经理:19900001174 电微同步 1玖9⓪零洞零9玖12", {("phone", "19900001174"), ("phone", "19900009912"), ("wechat", "19900009912")}),
    ],
)  # fmt: skip
def test_a_note_is_of_the_number_that_it_stands_beside(text, wanted):
    assert found(text) == wanted


@pytest.mark.parametrize("picture", ["[doge]", "[ok]", "[666]", "【6】", "[笑哭]", "[ok][ok]"])  # fmt: skip
@pytest.mark.parametrize(
    "lead", ["威❤", "加V聊：", "微信：", "wei❤", "➕wei❤", "➕wei "]
)
def test_a_picture_by_its_name_is_no_part_of_the_id_before_it(lead, picture):
    assert found(f"{lead}Nihao_Demo88{picture}") == {("wechat", "nihao_demo88")}
    assert found(f"{lead}Nihao_Demo88{picture} 说城市") == {("wechat", "nihao_demo88")}


@pytest.mark.parametrize("text", ["电话微信同号，19900004455", "微信同号,一九九零零零零四四五五 说城市", "v同号，199-0000-4455。"])  # fmt: skip
def test_a_comma_parts_no_number_from_what_leads_to_it(text):
    wanted = {("phone", "19900004455"), ("wechat", "19900004455")}
    assert found(text) == wanted
    (glanced,) = documents.contacts_of([text])
    assert {(one.kind, one.value) for one in glanced} == wanted


@pytest.mark.parametrize("text", ["V❤X shili8028", "v❤x：shili8028", "V❤shili8028"])
def test_a_heart_between_v_and_x_is_part_of_the_lead_in(text):
    assert found(text) == {("wechat", "shili8028")}
