"""What a post tells to do with the characters of a contact is done, and what only looks like a note is left alone."""

import pytest

from features import contacts, normalise
from features.disguises import notes, signs


def noted(text):
    folded = normalise.normalise(text).folded
    for start, end, new in reversed(list(notes.edits(folded))):
        folded = folded[:start] + new + folded[end:]
    return folded


def found(text):
    return {
        (one.kind, one.value)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("vx demoid🐍bz(蛇换成下划线)", "demoid_bz"), ("飞机:demo丨pifa(竖杠换下划线)", "demo_pifa"), ("暗号发 asi🌟cv🌟520(🌟换成下划线)", "asi_cv_520"),
        ("第一步:@demo***panzhu(三颗星换一条下划线)", "demo_panzhu"), ("微信 demo„7788(引号是下划线)", "demo_7788"), ("威 demo.jiuzhuan(中间是下划线不是点)", "demo_jiuzhuan"),
        ("微信 demoa杠07(杠是下划线)", "demoa_07"), ("微信 de1i_windy(里面那个1是字母l)", "deli_windy"), ("我的v demo_ayiO(最后是零)", "demo_ayi0"),
        ("我的绿号:demo西瓜西瓜52,西瓜=8", "demo8852"), ("V:☞ d e m o x i n g ★ 1 7 k ☜ 星换成-", "demoxing-17k"), ("vx 阿橘拼音_ai_07(阿橘拼音=aju)", "aju_ai_07"),
    ],
)  # fmt: skip
def test_what_is_to_be_read_for_another_is_read(text, value):
    assert value in {one[1] for one in found(text)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("微:demo🍐_🍐qq2(梨子都扔掉)", "demo_qq2"), ("企鹅敲 88012☆36☆77(星星不要)", "880123677"), ("去掉横杠:fei-888-demo 绿泡泡", "fei888demo"),
        ("电话 199x0000x1244(x不要)", "19900001244"), ("1990a0001b245,字母去掉", "19900001245"), ("微信 demo_杠zongdai(“杠”字不要)", "demo_zongdai"),
        ("加V demo*0826(去星号)", "demo0826"), ("加V d*emo08*26 星号不用输", "demo0826"), ("邮箱 de**mo@exam**ple.com(星号去掉)", "demo@example.com"),
        ("微信:demo🌸08🌸26(去掉表情)", "demo0826"), ("要谈来喝茶,微信 ly_demo(喝茶)dange,括号里的别打进去", "ly_demodange"), ("手机 19.90.00.08.33.3,去掉点再搜", "19900008333"),
        ("☎1990000○618○7,把圈抠了", "19900006187"), ("加v wxid_8kxw※vq6qhwk※s 中间米字去掉", "wxid_8kxwvq6qhwks"), ("微信:de_mo_us_er_60(去掉_)", "demouser60"), ("薇 de呀mous呀er60(去掉呀字)", "demouser60"), ("V 199吧0000吧1234 去掉吧字", "19900001234"),
        ("薇 de月mo0826，“月”字不要✅看中再来", "demo0826"), ("红薯号 de#mo0826（井呺删掉）", "xiaohongshu:demo0826"),
        ("wx：demo4货8货2货9，把货字拿掉", "demo4829"), ("薇❤:d好em运o来0826 字不要", "demo0826"), ("vx de喵mo呀08咪26（中文字抠掉）", "demo0826"), ("手机 199啊0000啊2064（啊字不打）", "19900002064"), ("微信号de。mo。08。26，把句号去掉再搜", "demo0826"), ("wx d喵e喵m喵o0826 所有汉字都删", "demo0826"),
    ],
)  # fmt: skip
def test_what_is_to_be_left_out_is_left_out(text, value):
    assert value in {one[1] for one in found(text)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("微信:6280omed(倒着看)", "demo0826"), ("微信:6280omed(镜像)", "demo0826"), ("倒过来就是我微信:6280omed", "demo0826"), ("电话:43210000991(反过来拨)", "19900001234"), ("🐧群:7077908099(倒着读)", "9908097707"),
        ("TG0196omed_k(倒过来输入)", "k_demo6910"), ("QQ704553235,反着念", "532355407"), ("微信6280omed,从右往左看", "demo0826"), ("V（反过来念）6280uyomed", "demoyu0826"), ("客服下班了，卫星倒着输:6280omed", "demo0826"), ("骗子的telegram @ob_nuyomed 反着念", "demoyun_bo"),
        ("电话 四三二一零零零零九九一(倒着念)", "19900001234"), ("电话 4321 0000 991(反着读)", "19900001234"), ("官网 moc.elpmaxe.omed(倒着读)", "demo.example.com"), ("我66000拿走一个区，微信倒着打 6280omed。", "demo0826"), ("Tel43210000991（倒过来念）", "19900001234"),
    ],
)  # fmt: skip
def test_what_is_written_backwards_is_turned(text, value):
    assert {one[1] for one in found(text)} == {value}


@pytest.mark.parametrize(
    "text",
    ["跳过中间商,出厂价给你", "示例镜像信息技术有限公司 京ICP备20990001号", "镜像直播 demo_0826", "公司反过来说我不努力", "是不是要去掉下划线:demo_0826", "不要错过", "他就是老板", "3万换成2万", "微信 demo_0826,不要犹豫", "官网 www.demo.example.com(去掉点号试试)", "字不要写太大", "字去掉，图更干净", "把草字去掉再读一遍", "货字拿掉就是出", "他说反着看：2024 是甲辰"],
)  # fmt: skip
def test_what_is_no_note_changes_nothing(text):
    folded = normalise.normalise(text).folded
    assert noted(text) == folded


def test_a_note_speaks_of_the_id_beside_it():
    text = "薇:demo-zhike-98。电报 de-mo-_c-lu-b 横杠去掉"
    assert noted(text) == "薇:demo-zhike-98。电报 demo_club 横杠去掉"


def test_no_name_hides_a_longer_one():
    names = signs.longest_first(["杠", "横杠", "小横杠"]).split("|")
    assert names == ["小横杠", "横杠", "杠"]
