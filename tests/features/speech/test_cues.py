"""The cues of stance: named, bounded, and never more than a text gives ground for."""

import dataclasses

import numpy as np
import pytest

from features import pack, stance
from features.speech import cues

EMPTY = cues.Evidence(
    topics={},
    asserted={},
    any_voice={},
    tropes={},
    echoed_count=0,
    denied_count=0,
    fee_count=0,
    price_count=0,
    own_contact_count=0,
    length=0,
    last_bid=-1,
    last_grief=-1,
    is_asking=False,
)


def evidence(**changed):
    """Of one text; numbers stand for columns."""
    return dataclasses.replace(EMPTY, **changed)


def test_every_value_has_a_listed_name_and_stays_between_zero_and_two():
    rich = evidence(
        topics={"strong": 9, "weak": 9, "other_trade": 9},
        asserted=dict.fromkeys(cues.FRAMES, 99),
        any_voice=dict.fromkeys(cues.FRAMES, 200),
        tropes=dict.fromkeys(("fomo", "urgency", "guaranteed_income"), 1),
        echoed_count=9,
        fee_count=9,
        length=10_000,
    )
    found = cues.values(rich)
    assert set(found) <= set(cues.CUES)
    assert all(0 < value <= 2 for value in found.values())


def test_the_packs_weights_name_cues_only():
    assert set(pack.load_pack().stance) <= set(cues.CUES)


def test_what_others_say_is_no_cue_of_ones_own():
    found = cues.values(evidence(any_voice={"seek": 1}))
    assert "own_seek" not in found
    assert found["said_seek"] == 1.0


def test_a_text_without_a_grievance_is_no_complaint():
    assert not cues.grounds(evidence(any_voice={"self": 3}))["complaint"]
    assert cues.grounds(evidence(any_voice={"outcry": 1}))["complaint"]


@pytest.mark.parametrize(
    ("is_offer", "changed"),
    [
        (True, {"topics": {"strong": 1}, "asserted": {"bare_offer": 1}}),
        (True, {"asserted": {"right": 1, "seek": 1}, "fee_count": 1}),
        (False, {"topics": {"strong": 1}}),
        (False, {"asserted": {"seek": 1}}),
        (False, {"topics": {"other_trade": 1}, "asserted": {"right": 1, "seek": 1}}),
    ],
)
def test_an_unknown_noun_is_offered_only_where_a_sum_buys_the_entry(is_offer, changed):
    assert cues.grounds(evidence(**changed))["offer"] == is_offer


NOTHING_TOLD = np.zeros(len(stance.STANCES))


def test_a_stance_without_ground_loses_against_the_same_with_ground():
    hinted = stance.judged_odds(evidence(any_voice={"self": 1}))
    grounded = stance.judged_odds(evidence(any_voice={"self": 1, "bad_end": 1}))
    assert stance.best(hinted) == "other"
    assert hinted["complaint"] < grounded["complaint"] - 1.5


def test_another_trade_named_twice_offers_nothing_whatever_phrases_say():
    told = np.array([9.0, 0.0, 0.0, 0.0, 0.0])
    for often, best in ((2, "other"), (1, "offer")):
        foreign = evidence(
            topics={"other_trade": often}, asserted={"seek": 1, "right": 1}
        )
        assert stance.best(stance.document_odds(foreign, {}, told)) == best


def test_a_column_says_of_each_text_what_it_says_of_one():
    texts = [
        {"topics": {"strong": 1}, "asserted": {"seek": 2, "entry": 1}, "any_voice": {"seek": 3, "entry": 1}, "fee_count": 1},
        {"topics": {"other_trade": 2, "weak": 1}, "any_voice": {"paid": 1, "bad_end": 4}, "last_grief": 7, "length": 900},
        {"tropes": {"fomo": 1, "urgency": 1, "passive_income": 1}, "is_asking": True, "last_bid": 9, "last_grief": 2},
        {},
    ]  # fmt: skip
    plain = {"topics": {}, "asserted": {}, "any_voice": {}, "tropes": {}}
    filled = [
        {**plain, **{k: 0 for k in vars_of(EMPTY) if k not in plain}, **text}
        for text in texts
    ]
    columns = {
        name: (
            {
                one: np.array([text[name].get(one, 0) for text in filled])
                for one in sorted({one for text in filled for one in text[name]})
            }
            if name in plain
            else np.array([text[name] for text in filled])
        )
        for name in vars_of(EMPTY)
    }
    weights = pack.load_pack().stance
    told = np.arange(20.0).reshape(4, 5) / 7
    together = stance.document_odds(cues.Evidence(**columns), weights, told)
    for index, text in enumerate(filled):
        alone = stance.document_odds(evidence(**text), weights, told[index])
        assert {name: value[index] for name, value in together.items()} == alone


def vars_of(record):
    return [field.name for field in dataclasses.fields(record)]
