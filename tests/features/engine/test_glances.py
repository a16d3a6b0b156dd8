"""What two characters tell is what the expression says, whatever else stands there."""

import random
import re

import pytest

from features.amounts import denominations
from features.engine import glances

AHEAD = [*denominations.AHEAD, re.compile("代(?!理)|会员(?!费)|[a-z]?[0-9]")]
BEHIND = [*denominations.BEHIND, re.compile(r"(?:近|大约|共)\Z")]
LETTERS = "多余来几+个人名天价年月费租付元块圆钱件宇 米长美金u左右以上起步共计大约近第编号:投诉¥县级代理会员0w万某\n"


def answer(made, table, width_of, one, other):
    letters = [made.letters[ord(each)] for each in (one, other)]
    return int(table[int(letters[0]) * made.width + int(letters[1])] >> width_of & 3)


def test_answers_hold_in_any_text():
    made = glances.Glances(ahead=AHEAD, behind=BEHIND)
    rng = random.Random(3)
    seen = set()
    for _ in range(4000):
        text = "".join(rng.choices(LETTERS, k=8))
        for number, expression in enumerate(AHEAD):
            said = answer(made, made.ahead, 2 * number, text[0], text[1])
            seen.add((True, said))
            if said != glances.OPEN:
                assert (expression.match(text) is not None) == (said == glances.YES)
        for number, expression in enumerate(BEHIND):
            said = answer(made, made.behind, 2 * number, text[-1], text[-2])
            seen.add((False, said))
            if said != glances.OPEN:
                assert (expression.search(text) is not None) == (said == glances.YES)
    assert len(seen) == 6


def test_most_is_told_by_two_characters():
    made = glances.Glances(ahead=[denominations.COUNTED], behind=[])
    for text, said in (("天,", 1), ("人。", 1), ("元整", 0), ("天价", 2), ("会员", 2)):
        assert answer(made, made.ahead, 0, *text) == said, text


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="cannot be glanced at"):
        glances.Glances(ahead=[re.compile("🚀")], behind=[])
