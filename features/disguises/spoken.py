"""Digits of contacts that are spoken rather than written: 后面四个零, yi jiu jiu, 妖酒酒, l99OOOO.

In: plain text in lower case. Out: edits of it that put the digits down. Invariants: pure; linear: every pattern begins at a
fixed character or word and looks at a bounded stretch.

Counted digits, digits in English or in pinyin, in characters that only sound like them, and in strokes and letters that look like
them are words of everyday: they are read where they make a mobile number, where nothing else stands between them, or inside an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions, openings
from features.writing import numerals

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    Edit = tuple[int, int, str]

_DIGITS: Final = numerals.HAN_DIGITS
COUNT_OF: Final = dict(zip("一二两俩三仨四五六七八九123456789", "12223345678" + "9123456789", strict=True))  # fmt: skip
_SPOKEN: Final = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ling": "0", "dong": "0", "yi": "1", "yao": "1", "er": "2", "liang": "2", "san": "3",
    "si": "4", "wu": "5", "liu": "6", "qi": "7", "guai": "7", "ba": "8", "jiu": "9", "gou": "9",
}  # fmt: skip
_WORD = f"(?<![a-z])(?:{'|'.join(_SPOKEN)})(?![a-z])"
_COUNTED: Final = rf"[一二两俩三仨四五六七八九1-9]个[零〇○0-9{_DIGITS}](?!个)"
#: What people say between the pieces of a number that they dictate.
_SAID: Final = (
    r"(?:前[一二三四]位|中间[一二三四]?位?|后[一二三四]位|尾号|后面|最后|末尾|结尾|然后|接着|紧接着|再接|再来|再加|接上|跟着|再|接|跟|加|是|和|又|个|\(?(?:再|又)?(?:停顿|停|换气)(?:一下)?\)?"
    r"|(?:double|triple)(?= )|[\s,、+\-.·…~\"“”])"
)
_PIECE: Final = rf"(?:{_COUNTED}|[0-9{_DIGITS}幺洞拐]|{_WORD})"
_DICTATED = expressions.compiled(rf"{_PIECE}(?:{_SAID}{{0,6}}+{_PIECE}){{3,}}+")
_PIECES = expressions.compiled(
    rf"(?P<counted>{_COUNTED})|(?P<digit>[0-9{_DIGITS}幺洞拐])|(?P<word>{_WORD})"
)
DICTATES: Final = (
    rf"{_COUNTED}|{_WORD}[ ,\-]+{_WORD}|停顿|再接|换气|中间[三四]位|后[三四]位"
)
#: Digits as words alone, as many as the shortest number has.
_IN_WORDS = expressions.compiled(r"[a-z]+(?:[ ,\-]+[a-z]+){4,10}")
_BREAK: Final = frozenset("\n,。;")
STUCK_COUNT = expressions.compiled(
    rf"(?=[一二两俩三仨四五六七八九1-9])(?<=[a-z0-9_\-+ ]){_COUNTED}"
)

#: Characters that sound like a digit, for numbers in nothing else: eleven of them in a row that make a mobile number.
_HEARD: Final = {
    character: digit
    for digit, sounding in {
        "0": "零〇铃灵玲凌领另林临淋洞",
        "1": "一壹幺妖腰要药摇邀衣医依伊亿以易",
        "2": "二贰两儿而耳尔饿爱俩",
        "3": "三叁伞散山伤",
        "4": "四肆思司斯死丝私寺是",
        "5": "五伍无舞午武物屋吴我雾",
        "6": "六陆溜刘流留柳路",
        "7": "七柒起气妻漆期骑奇拐其",
        "8": "八捌吧爸巴霸发罢把芭疤叭笆",
        "9": "九玖久酒就旧救舅",
    }.items()
    for character in sounding
}  # fmt: skip
_HEARD_RUN = expressions.compiled(
    rf"[妖腰要药摇幺邀衣医依伊一壹][,、 ]?[{''.join(_HEARD)}](?:[,、 ]?[{''.join(_HEARD)}]){{9}}(?![{''.join(_HEARD)}])"
)
_MOBILE = expressions.compiled(r"1[3-9][0-9]{9}")
_STROKES = expressions.compiled(
    openings.guarded(
        r"(?<![0-9a-z丨])(?=[^0-9]*[0-9][^0-9]*[0-9][^0-9]*[0-9])[0-9oil丨]{7,11}(?![0-9a-z丨])"
    )
)
LETTER_FOR_ONE: Final = r"(?<![0-9a-z])[il][3-9][0-9oil]{9}(?![0-9a-z])"
_STROKE: Final = str.maketrans("oil丨", "0111")


def dictated(folded: str) -> Iterator[Edit]:
    """Digits that are dictated, where they make a mobile number or are nothing but words: 199后面四个零再接2088, yi jiu jiu …."""
    for match in _DICTATED.finditer(folded):
        digits = "".join(map(_piece, _PIECES.finditer(match[0])))
        if _MOBILE.fullmatch(digits) or _IN_WORDS.fullmatch(match[0]):
            yield match.start(), match.end(), digits
        elif _MOBILE.fullmatch(digits[:11]):
            yield from _ended(match)


def _ended(dictated: re.Match[str]) -> Iterator[Edit]:
    """A mobile number that is dictated and ends with its line or clause: … jiu si, and in the next line 7、."""
    digits, end = "", dictated.start()
    for match in _PIECES.finditer(dictated.string, *dictated.span()):
        if len(digits) == 11 and not _BREAK.isdisjoint(dictated.string[end : match.start()]):  # fmt: skip
            yield dictated.start(), end, digits
        if len(digits) >= 11:
            return
        digits, end = digits + _piece(match), match.end()


def _piece(match: re.Match[str]) -> str:
    if match["counted"]:
        return digit(match[0][2]) * int(COUNT_OF[match[0][0]])
    return _SPOKEN[match["word"]] if match["word"] else digit(match[0])


def digit(character: str) -> str:
    """The digit that a numeral means; another character as it is."""
    return numerals.DIGIT_OF.get(character, character)


def strokes(folded: str) -> Iterator[Edit]:
    """A stroke and letters for digits of a number: 丨92οοoO66I6, l99OOOO83Ol."""
    for match in _STROKES.finditer(folded):
        digits = match[0].translate(_STROKE)
        is_mobile = _MOBILE.fullmatch(digits) is not None
        if digits != match[0] and (
            is_mobile or ("丨" in match[0] and len(digits) < 11)
        ):
            yield *match.span(), digits


def counts(folded: str) -> Iterator[Edit]:
    """Counted digits behind a piece of an id: szr三个六."""
    for match in STUCK_COUNT.finditer(folded):
        before = folded[max(match.start() - 4, 0) : match.start()].rstrip(" +")[-1:]
        if before.isascii() and (before.isalnum() or before in "_-"):
            count = int(COUNT_OF[match[0][0]])
            yield match.start(), match.end(), digit(match[0][2]) * count


def heard(folded: str) -> Iterator[Edit]:
    """Numbers written in nothing but characters that sound like their digits: 妖酒酒,铃铃铃铃,气吧酒伞."""
    for match in _HEARD_RUN.finditer(folded):
        written = [one for one in match[0] if one in _HEARD]
        digits = "".join(_HEARD[one] for one in written)
        if folded[match.start() - 1 : match.start()] not in _HEARD and _MOBILE.fullmatch(digits):  # fmt: skip
            yield match.start(), match.end(), digits
