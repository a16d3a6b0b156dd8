"""The first letter of a Chinese character's pinyin: 王 is w, 伙 is h.

In: a character. Out: a letter, or the empty string where nothing is known. Invariants: pure; a look-up of bounded cost.

Source: GB 2312 orders its first 3755 characters by pinyin, so that the place of a character in it tells the letter; the
places where a letter begins are those of the standard. Of characters with several readings the reading of the standard counts,
but for family names, which have one of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

#: The first code of each letter; no syllable begins with i, u or v.
_BEGINS: Final = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_LETTERS: Final = "abcdefghjklmnopqrstwxyz"
_LAST: Final = 0xD7F9
_NAMES: Final = {"曾": "z", "单": "s", "解": "x", "仇": "q", "查": "z", "翟": "z"}


def initial(character: str) -> str:
    """The first letter of a character's pinyin; empty for what is none of the common characters."""
    if character in _NAMES:
        return _NAMES[character]
    try:
        code = int.from_bytes(character.encode("gb2312"))
    except UnicodeEncodeError:
        return ""
    if not _BEGINS[0] <= code <= _LAST:
        return ""
    return _LETTERS[bisect_right(_BEGINS, code) - 1]
