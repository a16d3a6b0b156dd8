"""What the grammar around a sum says, before any noun."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.purposes import frames


def sense(text: str) -> str:
    """Sense of the one number that stands in brackets."""
    start = text.index("[")
    plain = text.replace("[", "").replace("]", "")
    return frames.frame(plain, start, text.index("]") - 1).sense


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[66000]签一个地级市", "agency_fee"),
        ("乡镇站[9800]", "agency_fee"),
        ("[39800元],就能承包一个县", "agency_fee"),
        ("原价[98000]", "paid"),
        ("去年给他们转了[168000块]", "paid"),
        ("预算:[68000]", "paid"),
        ("被坑了[3万]", "taken"),
        ("交的[21800元]整不退", "asked_back"),
        ("光投流就烧了[2万]", "loss"),
        ("退费公司又收走[3800元]", "loss"),
        ("只退了我[13080元]", "other"),
        ("签约立减[5000]", "other"),
        ("做不到月[2万5],公司补", "promised_income"),
        ("一座城几百家店,只做成一成就是[76万]", "promised_income"),
        ("软件到期,续一年[3200元]", "price"),
        ("按小时[1.9元]", "price"),
        ("一套整的[3万8]押金", "agency_fee"),
        ("一天[3000]+无押金", "promised_income"),
        ("今天天气不错[300]", ""),
    ],
)
def test_frame_tells_the_sense(text, expected):
    assert sense(text) == expected


@given(st.text(max_size=40), st.text(max_size=40))
@settings(deadline=None, max_examples=100)
def test_any_surroundings_can_be_read(before, after):
    found = frames.frame(f"{before}3万{after}", len(before), len(before) + 2)
    assert found.cost <= 0
    assert (found.sense == "") == (found.cost == 0)
