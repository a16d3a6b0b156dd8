"""Ids that a post dictates are written down, and lists, orders and counts are not."""

import pytest

from features import contacts, normalise
from features.disguises import dictation


def written(text):
    folded = normalise.normalise(text).folded
    for start, end, new in reversed(list(dictation.edits(folded))):
        folded = folded[:start] + new + folded[end:]
    return folded


def values(text):
    return {
        (one.kind, one.value)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # Letters one by one.
        ("想看资料微信前四位是字母d、e、m、o后面接7301", ("wechat", "demo7301")), ("威信：小写d小写m小写o，后面数字四零二六", ("wechat", "dmo4026")),
        ("微信念给你听：D，E，M，O，幺，八，两", ("wechat", "demo182")), ("VX:D、M、O都小写，数字5513", ("wechat", "dmo5513")), ("薇 D E M O 6620", ("wechat", "demo6620")),
        ("电报 D E M O X 6620", ("telegram", "demox6620")), ("微信是老李的D，老李的M，再加个O，再加5513", ("wechat", "dmo5513")),
        # Letters of which it is told that they are letters.
        ("加薇：小写d、小写m，后面跟三三三六", ("wechat", "dm3336")), ("微信首字母依次是Dog的D、Milk的M、Kite的K，加数字6336", ("wechat", "dmk6336")), ("微信 大象的D，苹果的P，再加6336", ("wechat", "dp6336")),
        ("卫星号是字母D-M，后面接数字6336", ("wechat", "dm6336")), ("V 字母 d e m o 数字三三六", ("wechat", "demo336")),
        # Characters by their reading.
        ("微信号是“示例”两个字的全拼加336", ("wechat", "shili336")), ("V信：陈姐的全拼，再加6336", ("wechat", "chenjie6336")), ("微信：老王两个字拼音，后面6336", ("wechat", "laowang6336")),
        # Initials.
        ("微信：示范店三个字的首字母加7301", ("wechat", "sfd7301")), ("微信就是李小明的拼音首字母加60104(小写)", ("wechat", "lxm60104")), ("加V:「好朋友」首字母再加8826", ("wechat", "hpy8826")),
        # Halves in either order.
        ("打给我，后四位6328，前七位1990000", ("phone", "19900006328")), ("电话头七位1990000,末四位6328", ("phone", "19900006328")), ("手机前半截1990000，后半截6328", ("phone", "19900006328")),
        ("微信分两截发，前头demoti，后头5107，连起来", ("wechat", "demoti5107")), ("加V，搜的时候先打demoti，再打5107", ("wechat", "demoti5107")), ("卫星号先demoti再510", ("wechat", "demoti510")),
        ("微信：数字510放后面，字母demoti放前面", ("wechat", "demoti510")), ("微信：字母demoti放前头，数字510放后头", ("wechat", "demoti510")),
        ("微信 ti510是尾巴 开头是demo", ("wechat", "demoti510")), ("V 510放后头 前头是demoti 有门面", ("wechat", "demoti510")), ("微信 o336在后 在前的是dem", ("wechat", "demo336")), ("微信号拆开发，510是后半截，前半截是demoti", ("wechat", "demoti510")),
        ("威：510（后半段）＋demoti（前半段） dd我", ("wechat", "demoti510")), ("威：demoti（前半段）＋510（后半段） dd我", ("wechat", "demoti510")), ("薇的开头是demoti，紧跟着510", ("wechat", "demoti510")), ("V先打 demoti 紧跟着 510", ("wechat", "demoti510")),
        ("绿泡泡 前面demoti，末尾五幺勾", ("wechat", "demoti519")), ("wx 尾巴是510，头是demoti", ("wechat", "demoti510")),
        # Boxes.
        ("加微，三个框里的连起来：【demo】【ti】【510】", ("wechat", "demoti510")), ("VX：「demoti」「510」", ("wechat", "demoti510")), ("TG：[demoti][510]", ("telegram", "demoti510")),
        # Words in quotation marks, digits in pinyin.
        ("微信：“demoti”拼音小写 后面接510", ("wechat", "demoti510")), ("薇：'demo_'全小写再加510k", ("wechat", "demo_510k")),
        ("微信 demoti wu yao ling（拼音那截换成数字）", ("wechat", "demoti510")), ("wx：demoti ba jiu，后面拼音是数字", ("wechat", "demoti89")),
    ],
)  # fmt: skip
def test_what_is_dictated_is_an_id(text, value):
    assert value in values(text)


@pytest.mark.parametrize(
    "text",
    [
        "A、B、C三款都有货，后面还有3000件", "选A B C 2024年的题", "先5000再3000", "先app再web", "前三位客户送2000，后五位送1000", "前三位5000元，后四位3000元", "表格里A、B、C三列分别填1、2、3",
        "公司名首字母大写", "按首字母排序，共1200家", "【AI】【2024】直播系统", "【热门】【推荐】数字人", "先报名后交2000", "“demo”和“plus”两个版本后面再说", "wo yao yi er san",
        "型号大写D、大写M，数字6336", "apple的a、boy的b、cat的c，共26个字母", "“示例”两个字的全拼怎么打", "姓名拼音全拼2024年报名", "报名表填姓名全拼加学号2024", "前端是vue3 后端是go118", "ab放前面，cd放后面", "3.5是后半场比分，前半场是2.0", "前面两三百家，后面四五百家",
        "数字放前面，字母放后面", "前两位老板先谈", "先交定金再发货2024件", "型号 X Y Z 9000", "微信支付 A B C 300元", "订单号后四位6328,前七位1990000x", "验证码前三位123后三位456", "后三位乘客请上车，前七位已经到了",
    ],
)  # fmt: skip
def test_lists_and_orders_are_no_ids(text):
    assert written(text) == normalise.normalise(text).folded
    assert not {one for one in values(text) if one[0] in {"wechat", "qq", "phone"}}


def test_signs_between_all_characters_are_left_to_spelling():
    assert ("wechat", "demo-ti510") in values("加薇 d e m o - t i 5 1 0")


def test_long_lists_take_linear_time():
    for text in ("a、" * 30_000, "前四位" * 20_000, "首字母" * 20_000, "【a1】" * 20_000, "先ab再" * 20_000):  # fmt: skip
        assert list(dictation.edits(text)) is not None


@pytest.mark.parametrize("note", ["横杠那几个是拼音，打成数字", "后面是拼音, 换成数字", "拼音写成数字"])  # fmt: skip
def test_digits_in_pinyin_are_told_by_a_note_with_a_comma(note):
    text = f"微信号 shili_ san-liu-ling-er（{note}）"
    assert values(text) == {("wechat", "shili_3602")}


@pytest.mark.parametrize("text", ["威信 【s】【h】【i】【l】【i】【3】【8】【3】【9】", "vx前半截【shil】后半截【i3839】，连起来搜"])  # fmt: skip
def test_boxes_are_put_together_however_many_they_are(text):
    assert values(text) == {("wechat", "shili3839")}
