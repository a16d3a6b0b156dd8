"""What each single character stands for, whatever costume it wears.

In: one code point. Out: the plain characters that a reader would type for it: ASCII digits and letters for full-width,
circled, negative, squared, mathematical, superscript, small-capital and accented ones; simplified for traditional Han;
plain space, newline and hyphen for their relatives. Invariants: pure, total over all of Unicode including lone
surrogates, and idempotent (what comes out folds to itself).

``FOLD`` is made for ``str.translate``: it answers one character for every code point, so a folded string has the length
of its original, and marks what has no one-character answer with three characters that folding removes from any text:
``DROPPED``, ``ATTACHED`` (a dropped mark that belongs to the character before it) and ``EXPANDED`` (see ``expansion``).

Sources: Unicode NFKC, names and numeric values through ``unicodedata``; OpenCC ``t2s`` for Han.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import Final

import opencc

from features.engine import expressions

DROPPED: Final = "\x00"
ATTACHED: Final = "\x01"
EXPANDED: Final = "\x02"

#: Signs that NFKC keeps or breaks up, with the character a reader types. Dashes become hyphens so that ``2–5w`` is a
#: range; the ellipsis and quotation marks stay, voices are told by them.
_SIGNS: Final = {
    **dict.fromkeys("‐‑‒–—―−⁃﹣－➖", "-"),
    **dict.fromkeys("∼〜～﹏", "~"),
    **dict.fromkeys("➕✚✛✜⊕╋＋﹢", "+"),
    **dict.fromkeys("∶︓﹕꞉ː", ":"),
    **dict.fromkeys("∨˅⋁", "V"),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("￥﹩", "¥"),
    **dict.fromkeys("\u2028\u2029\x85\x0b\x0c\r\n", "\n"),
    "…": "…",
    "‥": "‥",
    "™": "™",
    "℗": "P",
}

#: Rare Han forms that stand for a common character and that OpenCC leaves alone; CJK radicals used as components.
_HAN: Final = dict(
    zip(
        "呺亾亽𠆢芓茡嶶徾溦矀癓訫伩㐰㪅㝵⺅⺆⺉⺌⺍⺖⺘⺙⺡⺣⺤⺧⺨⺫⺬⺭⺮⺯⺰⺶⺷⺺⺼⺾⺿⻀⻂⻄⻅⻆⻈⻉⻊⻋⻌⻍⻎⻐⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻢⻤⻥⻦⻨⻩⻬⻮⻰⻱⻲⻳",
        "号人人人字字微微微微微信信信更得亻冂刂小小忄扌攵氵灬爫牛犭罒礻礻竹糸纟羊羊聿月艹艹艹衤西见角讠贝足车辶辶辶钅长门阝雨青韦页风飞食食饣饣马鬼鱼鸟麦黄齐齿龙龙龟龟",
        strict=True,
    )
)

_LETTER = expressions.compiled(
    r"(?:NEGATIVE |SQUARED |CIRCLED |DINGBAT |PARENTHESIZED |CROSSED |OUTLINED |MODIFIER |REGIONAL INDICATOR SYMBOL )*"
    r"(?:LATIN )?(?:(?:SMALL|CAPITAL) )?LETTER (?:SMALL CAPITAL |CAPITAL |SMALL |SCRIPT |DOTLESS |INVERTED |AFRICAN |TAILED |SIDEWAYS )*"
    r"([A-Z])(?: WITH .{1,60})?"
)
_NAMED = expressions.compiled(
    r"(?:NEGATIVE |CROSSED )*SQUARED ([A-Z]{2,4})|SQUARED ([A-Z0-9]{2,4})"
)
_WRAPPED = expressions.compiled(r"[(〔](.{1,4})[)〕]|(\d{1,2})[.,]")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})


@functools.cache
def _converter() -> opencc.OpenCC:
    """The traditional-to-simplified converter; loading it takes 20 ms, so once."""
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified script by phrases; no lone surrogates may stand in it."""
    return str(_converter().convert(text))


def _numeral(character: str) -> str | None:
    """ASCII digits of a circled, dingbat or foreign-script digit, else None."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    name = unicodedata.name(character, "")
    value = unicodedata.numeric(character, -1.0)
    if name.startswith("HANGZHOU NUMERAL") and value < 10:
        return str(int(value))
    if unicodedata.category(character) != "No":
        return None
    if (
        0 <= value <= 100
        and value.is_integer()
        and ("NUMBER" in name or "DIGIT" in name)
    ):
        return str(int(value))
    return None


def _letter(character: str) -> str | None:
    """The ASCII letter, or short word, that a Latin letter in costume stands for, else None."""
    name = unicodedata.name(character, "")
    if character == "\N{KEYCAP TEN}":
        return "10"
    match = _LETTER.fullmatch(name)
    if match:
        return match[1].lower() if "SMALL" in name else match[1]
    match = _NAMED.fullmatch(name)
    if match:
        return match[1] or match[2]
    return None


def _compatible(character: str) -> str:
    """NFKC without the wrapping of parenthesised forms and without accents; the character itself where NFKC gives signs."""
    form = unicodedata.normalize("NFKC", character)
    wrapped = _WRAPPED.fullmatch(form)
    if wrapped and len(character) < len(form):
        form = wrapped[1] or wrapped[2]
    if len(form) == 1:
        bare = unicodedata.normalize("NFKD", form)
        if len(bare) > 1 and bare[0].isascii() and bare[0].isalpha():
            form = bare[0]
        return form
    return form if form.isalnum() else character


def fold_character(character: str) -> str:
    """What one character stands for; folding the answer again changes nothing.

    Args:
        character: Any single code point.

    Returns:
        Zero (dropped), one or more plain characters.
    """
    plain = _fold_once(character)
    if plain in {"", character}:
        return plain
    return "".join(map(_fold_once, plain))


def _fold_once(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    category = unicodedata.category(character)
    if character == "\t" or category in {"Zs", "Zl", "Zp"}:
        return " "
    if category in _DROPPED_CATEGORIES or category in {"Mn", "Me"}:
        return ""
    if character == "薹":
        # OpenCC makes moss of it; garlic stems are written so in simplified script too.
        return character
    if character in _HAN:
        return _HAN[character]
    plain = _numeral(character) or _letter(character)
    if plain is None:
        plain = _compatible(character)
        if len(plain) == 1 and plain != character:
            plain = _numeral(plain) or _letter(plain) or _SIGNS.get(plain, plain)
    if "\u2e80" <= plain < "\U00040000":
        plain = simplified(plain)
        plain = "".join(_HAN.get(one, one) for one in plain)
    return plain


class _Fold(dict[int, str]):
    """Code point to exactly one character, worked out when first met."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        plain = fold_character(character)
        if len(plain) == 1:
            folded = plain
        elif plain:
            folded = EXPANDED
        elif unicodedata.category(character) in {"Mn", "Me"}:
            folded = ATTACHED
        else:
            folded = DROPPED
        self[point] = folded
        return folded


FOLD: Final[dict[int, str]] = _Fold()


@functools.cache
def expansion(character: str) -> str:
    """The plain characters of one that ``FOLD`` answers with ``EXPANDED``."""
    return fold_character(character)


# Letters of other scripts that look like a Latin letter; only read so inside a run that holds Latin letters or digits.
_LOOKALIKES: Final = (
    "аa вb еe кk мm нh оo рp сc тt уy хx ѕs іi јj ԁd ԛq ԝw ѵv һh ӏl ьb гr пn иu ѡw "
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ЅS ІI ЈJ ԚQ ԜW ѴV ЗZ "
    "αa βb γy εe ιi κk νv οo ρp τt υu χx ωw ηn ϲc ϳj "
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC "
    "օo ոn սu հh գq ցg "
    "ꓐB ꓑP ꓒd ꓓD ꓔT ꓖG ꓗK ꓙJ ꓚC ꓜZ ꓝF ꓟM ꓠN ꓡL ꓢS ꓣR ꓦV ꓧH ꓪW ꓫX ꓬY ꓮA ꓰE ꓲI ꓳO ꓴU"
)
LOOKALIKES: Final = {ord(pair[0]): pair[1] for pair in _LOOKALIKES.split()}
