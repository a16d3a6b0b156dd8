"""Disguises can be undone by a careful reader: an oracle that knows the costumes recovers the value."""

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sandbox import dice
from crawlers.sandbox.language import disguise
from crawlers.sandbox.people import identities

UNDO = {
    spelling: digit
    for table in (disguise.HAN, disguise.FINANCIAL, disguise.RADIO, disguise.NEGATIVE)
    for digit, spelling in table.items()
}
UNDO |= {spelling: digit for digit, spelling in disguise.BRACKETED.items()}


def undone(raw, *, is_number):
    """The value behind a disguise, digit by digit and letter by letter."""
    text = (
        raw.replace("（下划线）", "_").replace("[下划线]", "_").replace("下划线", "_")
    )
    text = text.replace("（横杠）", "-").replace("横杠", "-").replace("减号", "-")
    text = "".join(UNDO.get(character, character) for character in text)
    text = unicodedata.normalize("NFKC", text)
    if is_number:
        text = text.replace("O", "0").replace("l", "1")
        return re.sub("[^0-9]", "", text)
    return re.sub("[^a-z0-9_-]", "", text.lower())


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_a_careful_reader_recovers_every_value(seed):
    rng = dice.dice(seed)
    for kind, value in (
        ("phone", identities.phone(rng.randrange(9999))),
        ("qq", identities.qq(rng)),
        ("wechat", identities.wechat(rng)),
    ):
        written = disguise.contact(rng, kind, value, plainness=0.0)
        assert undone(written.raw, is_number=kind != "wechat") == value, written


def test_there_are_at_least_fifteen_families():
    rng = dice.dice("families")
    found = {
        disguise.contact(rng, "phone", "19900001234", plainness=0.0).family
        for _ in range(2000)
    }
    found |= {
        disguise.contact(rng, "wechat", "lan_demo-12", plainness=0.0).family
        for _ in range(2000)
    }
    assert len(found) >= 15
    assert {
        "wide",
        "circled",
        "keycap",
        "han",
        "zero_width",
        "dropped",
        "spelled",
    } <= found


def test_a_reader_is_told_what_to_leave_out():
    rng = dice.dice("hints")
    for _ in range(100):
        written = disguise.dropped(rng, "19900001234")
        assert written.raw != "19900001234"
        assert written.hint


def test_service_numbers_are_grouped_but_not_disguised():
    rng = dice.dice("service")
    assert {disguise.contact(rng, "phone", "4000001234").raw for _ in range(60)} == {
        "400-000-1234",
        "4000001234",
        "400 000 1234",
    }


def test_traditional_script_keeps_the_length_and_has_one_form_per_character():
    assert disguise.traditional("微信号电话代理费万") == "微信號電話代理費萬"
    assert all(
        len(chr(left)) == len(chr(right)) == 1
        for left, right in disguise.TRADITIONAL.items()
    )


def test_word_disguises_happen_at_the_rate_given():
    rng = dice.dice("words")
    assert disguise.words(rng, "数字人代理", rate=0.0) == "数字人代理"
    assert "数字人" not in disguise.words(rng, "数字人代理", rate=1.0)
