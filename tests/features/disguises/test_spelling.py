"""What is spelt out is read as it is meant, and what only looks so is left alone."""

import random

import pytest

from features import normalise
from features.disguises import spelling
from tests.features.corpus import grammar

#: What notes, links and broken ids are made of.
SHREDS = ["demo", "szr", "a", "8", "66", "12", " ", "  ", "\n", "_", "-", ".", "@", "点", "横杠", "下划线", "换成", "是", "不要", "去掉", "汉字", "★", "🍉", "🥚", "老师", "(", ")", "(0)", "后面", "再接", "加", "+", "“", "”", "三个六", "前两个字", "字母", "数字", "倒着写", "括号里", "抖", "er", "音", "公众hao", "&#115;", "妖酒酒", "零零", "然后", "拼起来", "最后是零", "西瓜=8", "com", "一二三四", "空格"]  # fmt: skip


def generated(seed, count):
    rng = random.Random(seed)
    return ["".join(rng.choice(SHREDS) for _ in range(rng.randrange(2, 14))) for _ in range(count)]  # fmt: skip


def spelt(text):
    return spelling.spelt(normalise.normalise(text)).text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("xiaoman点xmfs", "xiaoman.xmfs"), ("ak短横zs", "ak-zs"), ("demo(下划线)ya", "demo_ya"), ("t点me斜杠szr_demo", "t.me/szr_demo"),
        ("手机199 后面四个零 再接 2 0 8 8", "手机19900002088"), ("one nine nine,zero zero zero zero,six one two eight", "19900006128"),
        ("199(停顿)0000(再停顿)一九二六", "19900001926"), ("妖酒酒,铃铃铃铃,气吧酒伞!", "19900007893!"), ("加szr三个六", "加szr666"),
        ("手机yi jiu jiu ling ling ling ling er san san liu", "手机19900002336"), ("qq jiu ling ling ba ba si", "qq 900884"), ("电话 yi jiu jiu ling ling ling ling er san san liu\n7、来谈", "电话 19900002336\n7、来谈"), ("手机 yi jiu jiu ling ling ling ling er san san liu,4万2", "手机 19900002336,4万2"), ("打l99OOOO83Ol", "打19900008301"),
        ("z h u l i _ d e m o", "zhuli_demo"), ("f-s-2-0-4-9-k-k", "fs2049kk"), ("v\ns\nz\n9\n0\n2\n7\nk", "v:sz9027k"), ("0 5 1 2 — 5 5 5 0", "0512 - 5550"),
        ("“fs”+“2088”+“kk”", "fs2088kk"), ("“demo”加门牌号“九幺七”", "demo917"), ("szr-demo 横杠换成下划线", "szr_demo 横杠换成下划线"),
        ("lyq-后面跟手机号后四位,0391", "lyq-0391"), ("szr_demo+今天日期0520", "szr_demo0520"), ("佳佳JJ1357990(前两个字不要)", "JJ1357990(前两个字不要)"),
        ("抖er音号:szr88", "抖音号:szr88"), ("公众hao", "公众号"), ("&#115;&#122;r", "szr"), ("中间夹汉字:z招h商o6u6", "中间夹汉字:zho6u6"),
        ("八八一九九@example.com", "88199@example.com"), ("S h e n g w e n 空格不要 @ example.com", "Shengwen@ example.com"),
    ],
)  # fmt: skip
def test_what_is_spelt_out_is_put_down_as_meant(text, meant):
    assert spelt(text) == meant


@pytest.mark.parametrize(
    "text",
    ["早上9点AI开播,还有2个3天的班", "一个月三千,四个六折名额", "1-2-3-4-5", "A/B/C/D", "房号三杠二", "ba ba ma ma", "l99ooo", "他就是AI老师", "前三个月不要钱", "用一台电脑加一部手机", "从零开始,从一而终"],
)  # fmt: skip
def test_what_only_looks_so_is_left_alone(text):
    plain = normalise.normalise(text)
    assert spelling.spelt(plain) is plain


#: Notes and links are looked for where one word of theirs stands: what goes before each of these steps holds whenever it finds something.
UNCONDITIONAL = [step for step in spelling._STEPS if step[0] is not None and step[1].__name__ not in {"dictated", "strokes"}]  # fmt: skip


def test_no_step_is_left_out_that_finds_something():
    texts = [normalise.normalise(post.text).folded for post in grammar.posts("tuning")[::9]]  # fmt: skip
    texts += generated(3, 4000)
    for text in texts:
        for sought, edits in UNCONDITIONAL:
            if sought.search(text) is None:
                assert not list(edits(text)), (edits, text)


def test_what_was_written_can_be_shown():
    text = "加:xiaoman点xmfs。"
    plain = spelling.spelt(normalise.normalise(text))
    start = plain.text.index("xiaoman")
    assert plain.raw(start, start + len("xiaoman.xmfs")) == "xiaoman点xmfs"
