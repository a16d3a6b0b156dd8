"""The cues of stance: named, bounded, and never more than a text gives ground for."""

import dataclasses

import pytest

from features import cues, pack, stance

EMPTY = cues.Evidence(
    topics={},
    asserted={},
    any_voice={},
    tropes=frozenset(),
    echoed_count=0,
    denied_count=0,
    fee_count=0,
    price_count=0,
    own_contact_count=0,
    length=0,
    last_bid=-1,
    last_grief=-1,
)


def evidence(**changed):
    return dataclasses.replace(EMPTY, **changed)


def test_every_value_has_a_listed_name_and_stays_between_zero_and_two():
    rich = evidence(
        topics={"strong": 9, "weak": 9, "other_trade": 9},
        asserted=dict.fromkeys(cues.FRAMES, 99),
        any_voice=dict.fromkeys(cues.FRAMES, 200),
        tropes=frozenset({"fomo", "urgency", "guaranteed_income"}),
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
    assert "complaint" not in cues.grounds(evidence(any_voice={"self": 3}))
    assert "complaint" in cues.grounds(evidence(any_voice={"outcry": 1}))


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
    assert ("offer" in cues.grounds(evidence(**changed))) is is_offer


def test_a_groundless_stance_stays_behind_other_whatever_its_weights():
    odds = stance.document_odds(
        evidence(any_voice={"self": 1}), {"said_self": (9.0, 9.0, 9.0, 9.0, 0.0)}
    )
    assert stance.best(odds) == "other"
