"""How characters are read."""

from features.writing import pinyin, readings


def test_common_characters_have_a_reading():
    assert [*map(readings.reading, "合伙人王小明赵云绿女")] == ["he", "huo", "ren", "wang", "xiao", "ming", "zhao", "yun", "lv", "nv"]  # fmt: skip


def test_rarer_characters_of_names_have_one_too():
    assert [*map(readings.reading, "岚鑫璐婷")] == ["lan", "xin", "lu", "ting"]


def test_family_names_have_their_own_reading():
    assert [*map(readings.reading, "曾单解翟覃")] == [
        "zeng",
        "shan",
        "xie",
        "zhai",
        "qin",
    ]


def test_the_first_letter_is_that_of_the_reading():
    assert "".join(map(readings.initial, "合伙人王小明赵云啊座")) == "hhrwxmzyaz"


def test_all_readings_are_syllables():
    common = (bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))  # fmt: skip
    read = {readings.reading(one) for one in common if one} - {""}
    assert all(pinyin.is_pinyin(one) or one in {"e", "n"} for one in read), read


def test_nothing_is_known_of_others():
    assert [readings.reading(one) for one in "a1🌸。"] == [""] * 4
