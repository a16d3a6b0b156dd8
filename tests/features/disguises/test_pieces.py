"""Pieces of an id are put together where words join them, and sums and lists are not."""

import pytest

from features import contacts, normalise
from features.disguises import pieces


def joined(text):
    folded = normalise.normalise(text).folded
    for start, end, new in reversed(list(pieces.edits(folded))):
        folded = folded[:start] + new + folded[end:]
    return folded


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("微信三个字母dmo加四个数字0826", ("wechat", "dmo0826")), ("微信:字母dmo数字0826", ("wechat", "dmo0826")), ("号分两段发 前半tiger后半0516 拼起来加微信", ("wechat", "tiger0516")),
        ("微信前半段 demo_,后半段 0516", ("wechat", "demo_0516")), ("加微信demo_(前半)dmo442", ("wechat", "demo_dmo442")), ("wx:demoti 后面接 an7924", ("wechat", "demotian7924")),
        ("只接受面签。1990 然后 000 然后 6328", ("phone", "19900006328")), ("QQ:55505 再加上 09268", ("qq", "5550509268")), ("企鹅号分了两截,拼起来用:4400 + 09137", ("qq", "440009137")),
        ("读者可加老季:jideng_五二零零。", ("wechat", "jideng_5200")), ("wx demo_vip6七7一", ("wechat", "demo_vip6771")), ("V:demo_52🥚🥚", ("wechat", "demo_5200")),
        ("微信:demo后面四个六", ("wechat", "demo6666")), ("手机199,中间四个0,末尾1248", ("phone", "19900001248")),
        ("vx shilidemo加2607", ("wechat", "shilidemo2607")), ("薇 shilidemo＋2607（拼音接数字）", ("wechat", "shilidemo2607")), ("薇shilidemo加二六零七,慢慢聊", ("wechat", "shilidemo2607")),
        ("wx:shilidemo加数字五六", ("wechat", "shilidemo56")), ("加薇d 后接260788", ("wechat", "d260788")), ("QQ 9003 后半截 3445", ("qq", "90033445")),
    ],
)  # fmt: skip
def test_pieces_are_one_id(text, value):
    assert value in {
        (one.kind, one.value)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


@pytest.mark.parametrize(
    "text",
    ["先交5000然后3000", "19900001234 然后 88", "用ai数字人带货", "szr88一对一", "每年3万,后面2年免费", "价格1980 + 2980", "送剪辑的软件plus加500元", "套餐shili加2000押金", "后台demo加2个号", "往下再zhao两三个人"],
)  # fmt: skip
def test_sums_and_words_are_not_joined(text):
    assert joined(text) == normalise.normalise(text).folded


def test_many_links_take_linear_time():
    # A link that is looked up among all others would take hours.
    assert joined("1然后" * 20_000).startswith("1然后1")
