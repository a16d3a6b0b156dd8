"""Nothing that an expression matches is lost by looking at three characters."""

import random
import re

import numpy as np

from features.disguises import spelling
from features.engine import thirds, trie
from features.identifiers import instructions, leadins
from tests.features.engine.test_openings import EXPRESSIONS, LETTERS

CONTACTS = {
    "lead": leadins.LEAD.whole,
    "spelt": spelling.TRIGGER.whole,
    "dropped": instructions.INSTRUCTION,
}
SHREDS = ["加", "我", "v", "微", "信", "代理", "群", "电话", "话", "去掉", "点", "横线", "不要", "下划线", "a1", "9", "快", "手", "扣", "q", ":", " ", "的", "公众", "号", "hao"]  # fmt: skip


def kept(made, name, text):
    points = trie.points_of(f"{text}\n")
    return set(made.kept(name, points, np.arange(len(text))).tolist())


def test_every_match_begins_at_a_place_that_stays():
    rng = random.Random(2)
    made = thirds.Thirds(EXPRESSIONS | CONTACTS)
    for letters, expressions in ((LETTERS, EXPRESSIONS), (SHREDS, CONTACTS)):
        for _ in range(500):
            text = "".join(rng.choices(letters, k=10))
            for name, expression in expressions.items():
                starts = {
                    place for place in range(len(text)) if expression.match(text, place)
                }
                assert starts <= kept(made, name, text), (name, text)


def test_the_third_character_decides():
    made = thirds.Thirds(
        {"one": re.compile("代理群|某.人|q"), "lead": leadins.LEAD.whole}
    )
    assert kept(made, "one", "代理费代理群") == {3}
    assert kept(made, "one", "某个人某个q") == {0, 5}
    assert kept(made, "lead", "代理费,视频") == set()


def test_no_places_stay_none():
    made = thirds.Thirds({"one": re.compile("代理群")})
    places = made.kept("one", trie.points_of("\n"), np.zeros(0, dtype=np.int64))
    assert places.tolist() == []
