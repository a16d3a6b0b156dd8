"""The model card says what is in force."""

from pathlib import Path

from features import catalogue
from flows import model_card

CARD = Path(__file__).parents[2] / "docs" / "model-card.md"


def test_the_card_is_fresh():
    assert CARD.read_text(encoding="utf-8") == model_card.kept(), (
        "docs/model-card.md is stale: run `make docs`"
    )


def test_every_feature_and_figure_is_told():
    row = {
        "grammar": "theatre", "held_out": True, "seed": 1, "known_share": 0.4, "labels": "none", "honest": 90,
        "honest_listed": 1, "average_precision": 0.991, "precision_at_100": 1.0, "list_precision": 0.987,
        "ring_recall": 0.9, "shy_ring_recall": None, "lone_recall": 0.5, "calibration_error": 0.021,
    }  # fmt: skip

    card = model_card.text([row], [])

    assert all(f"`{name}`" in card for name in catalogue.NAMES)
    assert "| theatre (held out) | 40% | none | 0.991 |" in card
    assert "1 of 90" in card


def test_later_networks_are_pooled_over_markets():
    row = {
        "window": "later", "grammar": "theatre", "held_out": True, "seed": 1, "known_share": 0.4, "labels": "none",
        "scored": 90, "calibration_error": 0.02, "groups": 4, "groups_inside": 3.0, "groups_inside_plainly": 4,
    }  # fmt: skip
    other = {**row, "groups": 6, "groups_inside": 6.0, "calibration_error": 0.04}

    card = model_card.text([row, other], [])

    assert "| none | 2 | 180 | 0.030, 0.040 | 10 | 0.900 | 0.800 |" in card
