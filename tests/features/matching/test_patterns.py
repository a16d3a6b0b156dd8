"""Word patterns: what matches, what does not, and that nothing depends on the rest of the batch."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.matching import patterns


def found(sources, text, *, words=None, ignore=(), keep=()):
    vocabulary = patterns.Vocabulary(words or {}, ignore=ignore, keep=keep)
    for source in sources:
        vocabulary.add("t", source)
    (hits,) = vocabulary.hits(pl.Series([text]))
    return [text[match.start : match.end] for match in vocabulary.matches(hits)]


def test_elements_stand_next_to_each_other():
    assert found(["限 时"], "限时,限 时,限了又时") == ["限时", "限 时"]


def test_a_short_gap_stays_within_its_clause():
    assert found(["赚 .. 万"], "赚了好几万") == ["赚了好几万"]
    assert found(["赚 .. 万"], "赚了,几万") == []


def test_a_long_gap_stays_within_its_sentence():
    assert found(["开满 ... 返还"], "开满一百家,服务费全额返还") == [
        "开满一百家,服务费全额返还"
    ]
    assert found(["开满 ... 返还"], "开满一百家。服务费返还") == []


@pytest.mark.parametrize("bar", "!?;\n|…🔥✅丨")
def test_signs_that_adverts_use_as_full_stops_end_a_sentence(bar):
    assert found(["开满 ... 返还"], f"开满百家{bar}返还") == []


def test_numbers_are_tokens():
    assert found(["剩 #number 席"], "仅剩3席,剩三席,剩下席") == ["剩3席", "剩三席"]


def test_classes_may_hold_classes():
    words = {"earn": ["月入", "@more"], "more": ["日赚"]}
    assert found(["@earn .. 万|元"], "日赚300元", words=words) == ["日赚300元"]


def test_words_and_tokens_may_be_alternatives():
    assert found(["奖 #number|多"], "奖5,奖多") == ["奖5", "奖多"]


def test_a_forbidden_word_forbids_within_its_sentence_only():
    assert found(["底薪 .. 高 !招聘"], "招聘,底薪很高。底薪也高") == ["底薪也高"]


def test_a_longer_word_hides_a_shorter_one():
    assert found(["数字人"], "数字人民币和数字人", ignore=["数字人民币"]) == ["数字人"]
    text = "数字人生苦短,数字人生成视频"
    assert found(["数字人"], text, ignore=["数字人生"], keep=["数字人生成"]) == [
        "数字人"
    ]


def test_a_hidden_word_still_counts_as_itself():
    assert found(["不退款", "拒不退款"], "拒不退款", ignore=["拒不退款"]) == [
        "拒不退款"
    ]


@pytest.mark.parametrize("source", ["", "..", ".. 赚", "赚 ..", "赚 .. .. 万"])
def test_a_pattern_without_elements_at_its_ends_is_refused(source):
    with pytest.raises(patterns.PatternError, match="element"):
        patterns.Vocabulary({}).add("t", source)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("@nobody", "no class @nobody"),
        ("#nothing", "unknown token #nothing"),
        ("AI", "lower case"),
    ],
)
def test_unknown_parts_are_refused(source, reason):
    with pytest.raises(patterns.PatternError, match=reason):
        patterns.Vocabulary({}).add("t", source)


def test_a_class_that_contains_itself_is_refused():
    with pytest.raises(patterns.PatternError, match="contains itself"):
        patterns.Vocabulary({"a": ["@b"], "b": ["@a"]})


@given(st.lists(st.text("赚万了,。a😀 3席剩", max_size=30), min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_the_prefilter_passes_every_text_that_matches(texts):
    vocabulary = patterns.Vocabulary({})
    for source in ("赚 .. 万", "剩 #number 席", "😀 a"):
        vocabulary.add("t", source)
    series = pl.Series(texts)
    for hits, may in zip(
        vocabulary.hits(series), vocabulary.may_match(series), strict=True
    ):
        assert may or not vocabulary.matches(hits)
        assert all(
            0 <= one.start < one.end <= len(hits.text)
            for one in vocabulary.matches(hits)
        )
