"""The first letters of characters."""

from features.writing import initials


def test_common_characters_have_a_letter():
    assert "".join(map(initials.initial, "合伙人王小明赵云啊座")) == "hhrwxmzyaz"


def test_family_names_have_their_own_reading():
    assert "".join(map(initials.initial, "曾单解翟")) == "zsxz"


def test_nothing_is_known_of_others():
    assert [initials.initial(one) for one in "a1鑫🌸。"] == [""] * 5
