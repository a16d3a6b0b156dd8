from __future__ import annotations

from datetime import timedelta

import pytest

from warehouse import contracts
from warehouse.watchlist.listing import decisions

SELLER = ("seller", "douyin:szr1")


@pytest.fixture
def people(frame, night):
    """``people(verdicts=…, allowlist=…, appeals=…, revocations=…)``: what holds at the night; times in hours before it."""
    shapes = {
        "verdicts": (contracts.VERDICTS, "verdict_id"),
        "allowlist": (contracts.ALLOWLIST, None),
        "appeals": (contracts.APPEALS, "appeal_id"),
        "revocations": (contracts.REVOCATIONS, "revocation_id"),
    }

    def make(**given):
        frames = {}
        for name, (contract, key) in shapes.items():
            rows = []
            for number, row in enumerate(given.get(name, [])):
                hours = row.pop("ago", 1)
                rows.append(row | {"decided_at": night - timedelta(hours=hours)})
                if key:
                    rows[-1][key] = str(number)
            frames[name] = frame(contract, rows)
        return decisions.decisions(**frames, as_of=night)

    return make


def verdict(said, author="lin", **more):
    return {"target": SELLER[1], "verdict": said, "author": author} | more


UPHELD = {"entity": SELLER[0], "value": SELLER[1], "state": "upheld"}
REVOKED = {"entity": SELLER[0], "value": SELLER[1]}


def test_latest_word_of_one_author_counts(people):
    found = people(verdicts=[verdict("fraud", ago=2), verdict("benign", ago=1)])
    assert found.said == {SELLER[1]: "benign"}


def test_authors_who_disagree_make_unsure(people):
    found = people(verdicts=[verdict("fraud"), verdict("benign", "wang")])
    assert found.said == {SELLER[1]: "unsure"}
    assert found.refusal(SELLER) is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"verdicts": [verdict("benign")]}, "benign_verdict"),
        ({"appeals": [UPHELD]}, "appeal_upheld"),
        ({"revocations": [REVOKED]}, "revoked"),
        ({"allowlist": [{"kind": "seller", "value": SELLER[1]}]}, "allowlisted"),
    ],
)
def test_each_kind_of_decision_keeps_off_the_seller_and_what_it_owns(
    people, given, code
):
    found = people(
        **{name: [dict(row) for row in rows] for name, rows in given.items()}
    )
    assert found.refusal(SELLER).partition(":")[0] == code
    assert found.owner_refusal(["douyin:other", SELLER[1]]).partition(":")[0] == code
    assert found.owner_refusal(["douyin:other"]) is None


@pytest.mark.parametrize("state", ["open", "rejected"])
def test_appeal_that_was_not_upheld_keeps_nothing_off(people, state):
    assert people(appeals=[UPHELD | {"state": state}]).refusal(SELLER) is None


def test_nothing_after_the_night_counts(people):
    found = people(
        verdicts=[verdict("benign", ago=-1)],
        appeals=[UPHELD | {"ago": -1}],
        revocations=[REVOKED | {"ago": -1}],
        allowlist=[{"kind": "seller", "value": SELLER[1], "ago": -1}],
    )
    assert found.refusal(SELLER) is None


@pytest.mark.parametrize("name", ["appeals", "revocations"])
def test_only_a_later_fraud_verdict_puts_back_what_was_taken_off(people, name):
    row = UPHELD if name == "appeals" else REVOKED
    earlier = people(verdicts=[verdict("fraud", ago=3)], **{name: [row | {"ago": 2}]})
    later = people(verdicts=[verdict("fraud", ago=1)], **{name: [row | {"ago": 2}]})
    disputed = people(
        verdicts=[verdict("fraud", ago=1), verdict("benign", "wang", ago=1)],
        **{name: [row | {"ago": 2}]},
    )
    assert earlier.refusal(SELLER) is not None
    assert later.refusal(SELLER) is None
    assert disputed.refusal(SELLER) is not None
