"""Only lead-ins behind which a value may stand are followed."""

import pytest

from features import contacts, finds, led, normalise


def test_a_lead_in_without_a_value_promises_nothing():
    assert led.promising("加微信聊聊,电话打不通", None) == []


def test_a_lead_in_before_another_leaves_the_value_to_it():
    (one,) = led.promising("客服:电话4000000000", None)
    assert one.kinds[-1] == "phone"


def test_a_handle_is_added_where_it_stands():
    text = normalise.normalise("微信szr_demo_01")
    found = finds.Finds(text, text.folded)
    led.add_led(found, led.promising(text.folded, None), frozenset())
    assert [one.value for one in found.contacts.values()] == ["szr_demo_01"]


def values(text):
    return {
        (one.kind, one.value)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("990077341 扣", {("qq", "990077341")}), ("四 一 七 七 零 零 八 二 二 企鹅", {("qq", "417700822")}), ("有需要 szr_demo88  WX", {("wechat", "szr_demo88")}),
        ("电话0512-55503307\n薇 同上", {("phone", "051255503307"), ("wechat", "051255503307")}), ("19900001234,薇信一个号", {("phone", "19900001234"), ("wechat", "19900001234")}),
        ("客服QQ三个:9001990、9001991、9001992", {("qq", "9001990"), ("qq", "9001991"), ("qq", "9001992")}), ("V同号 19900001234", {("phone", "19900001234"), ("wechat", "19900001234")}),
        ("薇信号“szr88a”“szr88b”", {("wechat", "szr88a"), ("wechat", "szr88b")}), ("抖快同名:大区播报员", {("account", "douyin:大区播报员")}),
        ("+wx_lele_czz", {("wechat", "wx_lele_czz")}), ("#vx_lele88", {("wechat", "lele88")}), ("微信 sh_luge(后缀看工牌),也就是sh_luge0611", {("wechat", "sh_luge0611")}),
        ("VX:0570szr", {("wechat", "0570szr")}), ("vx aning.cd0707", {("wechat", "aning.cd0707")}), ("QQ用户群:700019264", {("qq_group", "700019264")}),
        ("加LINE wangtaitai520", {("account", "line:wangtaitai520")}), ("賴:amasun77", {("account", "line:amasun77")}), ("WhatsApp 852 9000 1234", {("phone", "85290001234")}), ("而家WhatsApp得一個剔", set()),
        ("电话 057719900023", {("phone", "057719900023")}), ("微信就是手机号 19900001234", {("phone", "19900001234"), ("wechat", "19900001234")}), ("依赖:node18", set()),
        ("加我 weiquan_sunnv 一起", {("wechat", "weiquan_sunnv")}), ("8844002217(Q微同)", {("qq", "8844002217"), ("wechat", "8844002217")}), ("赔你!ergazi_ai(微)", {("wechat", "ergazi_ai")}),
        ("二群880123456,备注地名", {("qq_group", "880123456")}), ("抖音同名 xiaohan_lj", {("account", "douyin:xiaohan_lj")}), ("19900001234同步薇信", {("phone", "19900001234"), ("wechat", "19900001234")}),
        ("号1990000一看就是假的", set()), ("打19900001234 QQ转账", {("phone", "19900001234")}),
    ],
)  # fmt: skip
def test_a_value_is_read_however_its_lead_in_stands(text, expected):
    assert values(text) == expected
