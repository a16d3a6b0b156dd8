import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import captions


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        ('<em class="highlight">数字人</em>代理', "数字人代理"),
        ("<em><!--red_beg-->数字人<!--red_end--></em>", "数字人"),
        ("投入3<5万 a<b", "投入3<5万 a<b"),
        ("代理 &amp; 加盟", "代理 & 加盟"),
        ("&lt;em&gt;", "<em>"),
        ("第一行\n\n 第二行 ", "第一行\n第二行"),
        ("  ", None),
        ("<em></em>", None),
        (None, None),
    ],
)
def test_highlighting_goes_and_the_writers_own_signs_stay(sent, plain):
    assert captions.plain(sent) == plain


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("招代理 #数字人代理 #创业", ["数字人代理", "创业"]),
        ("#数字人#加盟# 来", ["数字人", "加盟"]),
        ("#数字人代理，#AI_1", ["数字人代理", "AI_1"]),
        ("没有 # 标签", []),
        (None, []),
    ],
)
def test_tags_stand_in_the_text(text, tags):
    assert captions.hashtags(text) == tags


def test_tags_that_the_platform_names_come_first_and_each_once():
    given_tags = ["#加盟#", None, " 数字人 ", "#"]
    assert captions.hashtags("#数字人 #创业", given_tags) == ["加盟", "数字人", "创业"]


def test_a_mention_is_a_name_with_an_id():
    text = "找 @示例助理(O3xdemo009) 或 @示例助理(O3xdemo009)，别找@路人"
    assert captions.named(text) == ["示例助理"]


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=100)
def test_no_tag_holds_a_sign_or_a_space(text):
    for tag in captions.hashtags(text):
        assert tag
        assert not any(char.isspace() or char in "#@" for char in tag)
