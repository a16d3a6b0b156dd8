"""Wherever an expression matches, its opening is found."""

import random
import re

import numpy as np
import pytest

from features.engine import heads as heads_module
from features.engine import openings, trie
from features.identifiers import leadins
from features.purposes import frames

EXPRESSIONS = {
    "word": re.compile("微信|加v"),
    "class": re.compile("[微薇][信芯]"),
    "optional": re.compile("(?:很|非)?常(?:好)?"),
    "repeat": re.compile("[0-9]{2,}元"),
    "possessive": re.compile("[a-c]++x|(?>de)"),
    "lookaround": re.compile("(?<!不)代(?=理)"),
    "any second": re.compile("某.人"),
    "any first": re.compile(".理"),
    "single": re.compile("@"),
    "case": re.compile("icp", re.IGNORECASE),
    "lazy": re.compile("q{1,2}?群"),
}
LETTERS = "微薇信芯加v很非常好0元12abcdxe不代理某人@icpq群 "


def places(made, name, text):
    masks = made.masks(trie.points_of(text)) & made.mask([name])
    return set(masks.nonzero()[0].tolist())


def test_every_match_begins_at_a_place():
    made = openings.Openings(EXPRESSIONS)
    rng = random.Random(1)
    for _ in range(600):
        text = "".join(rng.choice(LETTERS) for _ in range(12))
        for name, expression in EXPRESSIONS.items():
            starts = {match.start() for match in expression.finditer(text)}
            assert starts <= places(made, name, text), (name, text)


def test_an_expression_is_sought_where_it_is_found():
    sources = {
        one.pattern: openings.sought(one.pattern)
        for name, one in EXPRESSIONS.items()
        if name not in {"any first", "case"}
    }
    sources["(?P<who>微|v)(?=信)"] = openings.sought("(?P<who>微|v)(?=信)")
    sources["(?<=[微v])[信芯]?加"] = openings.sought(
        "(?<=[微v])[信芯]?加", behind="微v"
    )
    rng = random.Random(7)
    for _ in range(600):
        text = "".join(rng.choice(LETTERS) for _ in range(12))
        for source, sought in sources.items():
            is_found = re.search(source, text) is not None
            assert (re.search(sought, text) is not None) is is_found, (source, text)


def test_what_may_begin_with_anything_is_not_sought():
    with pytest.raises(ValueError, match="may begin with anything"):
        openings.sought(".理")


def test_every_match_ends_at_a_place():
    made = openings.Closings(EXPRESSIONS)
    rng = random.Random(4)
    for _ in range(600):
        text = "".join(rng.choice(LETTERS) for _ in range(12))
        masks = made.masks(trie.points_of(text), np.arange(len(text) + 1))
        for name, expression in EXPRESSIONS.items():
            ends = {match.end() for match in expression.finditer(text)}
            known = (masks & made.mask([name])).nonzero()[0].tolist()
            assert ends <= set(known), (name, text)


def test_a_match_does_not_end_behind_other_characters():
    made = openings.Closings({"one": re.compile("微信|加v?|(?:代理)+")})
    text = "加微信,代理加v理"
    known = made.masks(trie.points_of(text), np.arange(2, len(text) + 1)).nonzero()[0]
    assert (known + 2).tolist() == [3, 6, 7, 8]


def test_places_are_few():
    made = openings.Openings({"lead": leadins.LEAD.whole, **frames.sides().openings})
    text = "今天天气真好,我们一起去公园散步吧" * 5
    assert len(places(made, "lead", text)) == 0


@pytest.mark.parametrize("source", ["", "a?", ".+", "[^a]{0,3}b?", r"(?:)"])
def test_what_may_begin_with_anything_is_refused(source):
    assert openings.begins_anywhere(re.compile(source))
    with pytest.raises(ValueError, match="may begin with anything"):
        openings.Openings({"one": re.compile(source)})


def test_back_references_are_refused():
    with pytest.raises(ValueError, match="no known openings"):
        openings.begins_anywhere(re.compile(r"(a?)\1b"))


def test_what_may_begin_with_anything_is_known_by_a_part_it_holds():
    expression = re.compile(
        "(?P<a>(?:约)?[^。]{0,6}?(?:签|拿下)[^。]{0,8}?代理)|(?P<b>.?块)"
    )
    made = openings.Openings({}, anchored={"one": expression})
    rng = random.Random(2)
    for _ in range(600):
        text = "".join(rng.choice("约签拿下代理块。好人") for _ in range(14))
        known = places(made, "one", text)
        for match in expression.finditer(text):
            reach = range(match.start(), match.start() + openings.REACH)
            assert known.intersection(reach), text


@pytest.mark.parametrize("source", [".+", "[^a]{0,30}b", "a?", "a|.?"])
def test_not_everything_has_an_anchor(source):
    assert openings.anchors(re.compile(source)) is None


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_guard_changes_nothing(name):
    source = EXPRESSIONS[name].pattern.lower()
    plain, guarded = re.compile(source), re.compile(openings.guarded(source))
    rng = random.Random(5)
    for _ in range(300):
        text = "".join(rng.choice(LETTERS) for _ in range(12))
        assert [one.span() for one in guarded.finditer(text)] == [one.span() for one in plain.finditer(text)]  # fmt: skip


def test_what_may_begin_with_anything_has_no_guard():
    assert openings.guarded(".理") == "(?:.理)"
    assert openings.guarded("加v|微信").startswith("(?=[加微])")


def test_last_characters_are_known():
    assert openings.last_characters(re.compile("微信|加v?")) == set("信加v")
    with pytest.raises(ValueError, match="may end with anything"):
        openings.last_characters(re.compile("加.?"))


def test_what_an_expression_asks_of_the_next_characters_counts():
    expression = re.compile("(?:快(?= ?[a-z])|抖(?=音|.b)(?:.a)?|加(?!油)[a-z]?)")
    made = openings.Openings({"one": expression})
    assert places(made, "one", "快递,快 a快x") == {3, 6}
    assert places(made, "one", "抖动抖音抖") == {0, 2, 4}
    heads = openings.heads_of(expression, 3)
    assert {head[1] for head in heads if chr(head[0]) == "抖"} == {
        heads_module.ANY,
        ord("音"),
    }
    rng = random.Random(5)
    for _ in range(2000):
        text = "".join(rng.choice("快抖音动加油 abx") for _ in range(8))
        starts = {match.start() for match in expression.finditer(text)}
        assert starts <= set(places(made, "one", text)), text


def test_what_an_expression_asks_of_the_characters_before_counts_for_its_end():
    made = openings.Closings({"one": re.compile("(?<=微)信|号")})
    text = "相信微信号"
    known = made.masks(trie.points_of(text), np.arange(2, len(text) + 1)).nonzero()[0]
    assert (known + 2).tolist() == [4, 5]
