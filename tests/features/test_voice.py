"""Who speaks at a place of a text."""

import polars as pl
import pytest

from features import pack, signals, voice

PACK = pack.load_pack()


def heard(text, place):
    """Voice of the first place of a word in a folded text."""
    (hits,) = PACK.vocabulary.hits(pl.Series([text]))
    matches = PACK.vocabulary.matches(hits)
    voices = voice.Voices(hits, PACK, signals.places(matches))
    return voices.at(text.index(place))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("加盟我们,躺赚不是梦", "躺赚"),
        ("没有经验也能躺赚", "躺赚"),
        ("不用囤货,躺赚就行", "躺赚"),
        ("不仅躺赚,还能分红", "躺赚"),
        ("“躺赚”模式,今晚开启", "躺赚"),
        ("那些吹牛的公司我见多了。来我们这里躺赚", "躺赚"),
        ("警惕套壳公司!我们源头厂家直招", "源头厂家"),
        ("数字人能躺赚吗?当然能", "躺赚"),
        ("我们不割韭菜,源头厂家直招", "源头厂家"),
    ],
)
def test_a_pitch_is_asserted(text, place):
    assert heard(text, place) == "asserted"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我们不承诺任何保底收益", "保底"),
        ("没有躺赚这种事", "躺赚"),
        ("不吹“一键开播、躺赚百万”", "躺赚"),
        ("绝不搞所谓的躺赚", "躺赚"),
        ("不是躺赚,而是工具", "躺赚"),
    ],
)
def test_a_denial_is_not_asserted(text, place):
    assert heard(text, place) != "asserted"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("该公司称“三个月回本”", "三个月回本"),
        ("打着源头厂家的旗号", "源头厂家"),
        ("业务员口口声声说稳赚不赔", "稳赚"),
        ("谨防躺赚陷阱", "躺赚"),
        ("躺赚都是骗人的", "躺赚"),
        ("你还相信躺赚吗?", "躺赚"),
        ("如果有人跟你说躺赚,请走开", "躺赚"),
        ("“名额仅剩三席”“稳赚不赔”等话术", "名额"),
    ],
)
def test_what_others_say_is_quoted(text, place):
    assert heard(text, place) == "quoted"


def test_after_but_rather_the_author_speaks_again():
    assert heard("不是小打小闹,而是躺赚", "躺赚") == "asserted"


def test_a_lone_quotation_mark_quotes_nothing():
    text = "声称“" + "好" * 300 + "。躺赚"
    assert heard(text, "躺赚") == "asserted"
