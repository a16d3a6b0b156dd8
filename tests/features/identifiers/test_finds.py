"""What was found once is there once, and what it took is taken."""

from features import normalise
from features.identifiers import finds
from features.writing import digits


def test_the_same_contact_at_the_same_place_counts_once():
    text = normalise.normalise("电话19900000001")
    found = finds.Finds(text, text.folded)
    for confidence in (0.9, 0.5):
        found.add("phone", "19900000001", (2, 13), confidence)
    (one,) = found.contacts.values()
    assert (one.raw, one.confidence) == ("19900000001", 0.9)
    assert not found.is_free(5, 6)
    assert found.is_free(0, 2)


def test_a_note_behind_a_number_names_a_second_kind():
    text = normalise.normalise("电话19900000001微信同号")
    found = finds.Finds(text, text.folded)
    number = digits.Number("19900000001", 2, 13, is_plain=True)
    found.add_kinds(["phone"], number, 0)
    assert {one.kind for one in found.contacts.values()} == {"phone", "wechat"}
