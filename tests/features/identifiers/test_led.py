"""Only lead-ins behind which a value may stand are followed."""

import pytest

from features import contacts, normalise
from features.identifiers import finds, led


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
        ("聊天用QQ的，9003344", {("qq", "9003344")}), ("常用扣扣的，９００３３４４", {("qq", "9003344")}), ("受害者群是九零零三三四四五六", {("qq_group", "900334456")}), ("拼单群九零零三三四四五六", {("qq_group", "900334456")}), ("进来看看，群900334456", {("qq_group", "900334456")}),
        ("联系暗号 shili_demo8", {("wechat", "shili_demo8")}), ("评论区打暗号90033445领资料", set()), ("绿联cm48021扩展坞", set()), ("覆盖社群1200000+会员", set()), ("微信群8000000", set()), ("不急，记住这个：shili_demo8", {("wechat", "shili_demo8")}), ("聊天软件上喊我 shili.demo8", {("wechat", "shili.demo8")}), ("这群人每月3000", set()),
        ("号1990000一看就是假的", set()), ("打19900001234 QQ转账", {("phone", "19900001234")}),
    ],
)  # fmt: skip
def test_a_value_is_read_however_its_lead_in_stands(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("V同 19900004847，手机也是这个", {"phone", "wechat"}), ("V同 ①⑨⑨⓪⓪⓪⓪⑨③①⑧", {"phone", "wechat"}), ("同V 19900001183", {"phone", "wechat"}), ("同V👉19900002927", {"phone", "wechat"}),
        ("留下手机兼微信19900004943", {"phone", "wechat"}), ("📱兼VX199.0000.1827 中间点去掉", {"phone", "wechat"}), ("微电同号👉19900007924", {"phone", "wechat"}), ("微电同号：【199】0000【2067】", {"phone", "wechat"}),
        ("电话【199】0000【8592】，微电同号", {"phone", "wechat"}), ("微电同号 壹玖玖零零零零伍伍贰壹", {"phone", "wechat"}), ("VX同手 机号 19900000562", {"phone", "wechat"}),
        ("打电话加微都用 199 0000 2333", {"phone", "wechat"}), ("手机即V 199-0000-2333", {"phone", "wechat"}), ("有空聊聊，同号，199 0000 2333", {"phone", "wechat"}), ("V和手机是一个 一九九零零零零二三三三", {"phone", "wechat"}),
        ("想做的加我19900002333", {"wechat"}), ("加 1 9 9 0 0 0 0 2 3 3 3", {"wechat"}), ("要资料加薇后面接19900002333", {"wechat"}), ("加我电话19900002333", {"phone"}),
        ("微我 19900002333", {"wechat"}), ("加v聊 19900005874，语音别打", {"wechat"}), ("我V 幺勾勾零零零零二四零勾", {"wechat"}), ("直接搜 19900007813 加威", {"wechat"}), ("19900004545（绿泡泡）", {"wechat"}),
        ("找我：19900009042（微）", {"wechat"}), ("小绿书... 啊不，小绿软件 19900001890", {"wechat"}), ("w❤x：19900001373", {"wechat"}),
        ("手机号19900001952，电话即微信（短信也行）", {"phone", "wechat"}), ("电话19900009042", {"phone"}), ("19900009042（上海）", {"phone"}), ("电话19900009042（微信同号）", {"phone", "wechat"}), ("手机19900009042（微）", {"phone", "wechat"}),
    ],
)  # fmt: skip
def test_a_note_beside_a_number_says_of_which_kinds_it_is(text, kinds):
    assert {one.kind for one in contacts.find_contacts(normalise.normalise(text))} == kinds  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("w❤:mcnshili89", "mcnshili89"), ("w❤→shilik2268", "shilik2268"), ("伟星＝shiliwx1548", "shiliwx1548"), ("加我微信 dem石oxi石aoy山u65风52（把里面的字抠掉）", "demoxiaoyu6552"), ("微-shili8884890", "shili8884890"), ("微-《yunying_shili55》", "yunying_shili55"),
        ("绿书签demo_shili8", "demo_shili8"), ("魏shilidemo88", "shilidemo88"),
        ("小绿书... 啊不，小绿软件 yuzi_shili16", "yuzi_shili16"), ("加v聊 SHILILAOK63，语音别打", "shililaok63"), ("小绿软件 shi|li-|352|9b，竖线去掉", "shili-3529b"),
    ],
)  # fmt: skip
def test_slang_leads_to_a_name(text, name):
    assert [one.value for one in contacts.find_contacts(normalise.normalise(text))] == [name]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("小v XIAOMEI-491", {("wechat", "xiaomei-491")}), ("v xingyu336。戳我", {("wechat", "xingyu336")}), ("绿的那个 Demo-4028", {("wechat", "demo-4028")}), ("v de.mo.ti33 那些点是防屏蔽的，去掉", {("wechat", "demoti33")}),
        ("VX:demo_ 6154", {("wechat", "demo_6154")}), ("wx:demotian 9218！", {("wechat", "demotian9218")}), ("加微信 xiaoming 300元", {("wechat", "xiaoming")}), ("加微信demoti336⭐VX:demo_7788", {("wechat", "demoti336"), ("wechat", "demo_7788")}),
        ("19900007005 手机就是微信", {("phone", "19900007005"), ("wechat", "19900007005")}), ("对方📱19900008370v同步", {("phone", "19900008370"), ("wechat", "19900008370")}), ("电话19900007005 手机就是命", {("phone", "19900007005")}),
        ("一起的加我：19900005494，请先发短信。", {("phone", "19900005494")}), ("涉案号码19900007788机主", {("phone", "19900007788")}), ("案号 19900007788", set()), ("座机 +86-371-55500902📣", {("phone", "037155500902")}), ("企鹅窝 545 483 544", {("qq_group", "545483544")}),
        ("办公号码:0571-55500902", {("phone", "057155500902")}), ("v 3.5.2 版本更新", set()), ("座机 +86-755", set()),
    ],
)  # fmt: skip
def test_what_else_leads_to_ids_and_numbers(text, expected):
    found = contacts.find_contacts(normalise.normalise(text))
    assert {(one.kind, one.value) for one in found} == expected
