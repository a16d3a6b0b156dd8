r"""Contacts that are spelt out instead of written: signs by their names, digits by count or by sound, pieces to be joined.

In: ``Normalised``. Out: the same text with what is spelt out put down as it is meant, and its map back to the original: names
of signs between Latin pieces (小满点xm, ak短横zs), counted digits (后面四个零), digits in English words or in characters that
only sound like digits, single characters with one sign between all of them, pieces in quotation marks joined by plus signs,
what a note says to put in another's place (横杠换成下划线, “老师”就是laoshi), what it says to leave out at the front
(前两个字不要), and what follows only later (后面再接0417).

Invariants: pure; linear: every pattern begins at a fixed character and looks at a bounded stretch; a text without such
things is returned as it is. Only contacts are read in this spelling: a sum that is spelt so means something else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from features import normalise
from features.disguises import (
    broken,
    dictation,
    notes,
    pieces,
    registered,
    signs,
    spoken,
)
from features.engine import branches, expressions, openings
from features.identifiers import instructions
from features.writing import numerals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from features.normalise import Normalised

    Edit = tuple[int, int, str]

#: Signs that also stand between the digits of numbers, where they mean nothing (199杠0000) or a decimal (3点5).
_BETWEEN_DIGITS: Final = frozenset("-.")
_DIGITS: Final = numerals.HAN_DIGITS
_NAMES: Final = signs.longest_first(signs.SIGN_OF)
#: What may stand before the name of a sign: 加下划线, 有个横杠.
_HAS: Final = "(?:再|中间)?(?:加上?|带|接|有|来|打|跟)?(?:一?个|一)?"
_SIGN = expressions.compiled(
    rf"(?<=[a-z0-9_\-.]) ?[(\[]?{_HAS}(?P<name>{_NAMES})[)\]]? ?(?=[a-z0-9{_DIGITS}])"
)
_TOKEN_BEFORE = expressions.compiled(r"[a-z0-9_\-.@]+ ?\Z")

#: Single characters with the same sign between all of them; only digits may be a date or a list.
_SINGLES = expressions.compiled(
    r"(?=[a-z0-9])(?<![a-z0-9_])[a-z0-9](?P<sign>[ \n]|[^\w\n ])[a-z0-9_](?:(?P=sign)[a-z0-9_.\-]){3,30}(?![a-z0-9_])"
)
#: The same with wider gaps: h  a  o  8  8.
_WIDE = expressions.compiled(
    r"(?<![a-z0-9_])[a-z0-9](?: {2,3}[a-z0-9_\-.@]){4,}(?![a-z0-9_])"
)
_WIDE_GAP = expressions.compiled(" {2,3}")
#: Characters each in brackets of its own: (h)(a)(o)(8)(8).
_BRACKETED = expressions.compiled(
    rf"(?=[(\[【「])(?:[(\[【「][a-z0-9_\-.@{_DIGITS}][)\]】」] ?){{4,}}(?<! )"
)
_BRACKET = expressions.compiled(r"[()\[\]【】「」 ]+")
#: There is no zero among the digits that Unicode puts in brackets: ⑴⑼⑼(0)(0); but 86(0)571 is a prefix that is left out.
_ZEROS = expressions.compiled(r"(?<=[0-9])(?<!86)(?:\(0\))+")
_SPACED_DIGITS = expressions.compiled(
    r"(?=[0-9])(?<![0-9.])[0-9](?: [0-9]){2,}(?![0-9.])"
)
_QUOTED: Final = rf"[\"“”'‘’「『][ ]?[a-z0-9_\-{_DIGITS}幺]{{1,16}}[ ]?[\"“”'‘’」』]"
_JOINED = expressions.compiled(
    rf"{_QUOTED}(?:[ ]?(?:\+|加上?|和)[ ]?[一-鿿]{{0,6}}(?:[0-9]{{1,6}}|{_QUOTED})){{1,5}}"
)
_KEPT = expressions.compiled(rf"[a-z0-9_\-]+|(?<=[\"“”'‘’「『])[{_DIGITS}幺]+")
#: Characters as a browser decodes them.
_ENTITY = expressions.compiled(r"&#(?:([0-9]{2,3})|x([0-9a-f]{2}));")
#: 后面再接我的生日0417: what belongs to the end of the id before it.
_LATER = expressions.compiled(
    r"(?<=[a-z0-9_\-])[ \n,(]{0,3}(?:[^\n。0-9a-z]{0,10},)?(?:后面|末尾|最后|尾巴)[^\n。0-9a-z]{0,12}(?=[0-9]{2,6}(?![0-9零〇○]))"
    r"|(?<=[a-z0-9_\-])\+[一-鿿]{1,8}(?=[0-9]{2,6}(?![0-9]))"
)
_MAILED = expressions.compiled(
    rf"(?P<numerals>[{_DIGITS}幺]{{4,11}})(?=@)|(?<=[a-z0-9]) ?\(?[一-鿿]{{0,4}}(?:空格|不要|去掉|不用)[一-鿿]{{0,4}}\)? ?(?=@)"
)
#: Words that the word dot joins up to the ending of a host.
_ENDING: Final = "dot(?:com|cn|net|org|top|vip|xyz|cc|example|cn)(?![a-z0-9])"
_DOTTED = expressions.compiled(
    rf"(?<![a-z0-9@._\-])(?=[a-z0-9\-]{{1,60}}{_ENDING})(?:(?!dot)[a-z0-9\-]){{2,24}}+(?:dot(?:(?!dot)[a-z0-9\-]){{2,24}}+){{1,4}}+(?![a-z0-9\-@])"
)
_DOT = expressions.compiled("dot")
_OF_SITE = expressions.compiled("[网址站链]")
#: 前两个字不要.
_FRONT = expressions.compiled(
    r"前(?:面)?([一二两三四1-4])(?:个|位)?(?:汉字|字|位)?(?:都)?(?:不要|去掉|不算|删掉|删了|忽略|别打|不用打)"
)
#: Latin letters inside a word that leads to a contact: 抖er音, 扣er扣.
#: Such a word with its last character in pinyin.
_ENDINGS: Final = {"hao": "号", "yin": "音", "xin": "信", "shou": "手", "shu": "书", "hua": "话"}  # fmt: skip
_ENDED = expressions.compiled(
    openings.guarded(
        r"(?:(?<=公众)|(?<=视频)|(?<=抖音)|(?<=微信))hao(?![a-z])|(?<=抖)yin(?![a-z])|(?:(?<=微)|(?<=薇))xin(?![a-z])|(?<=快)shou(?![a-z])|(?<=小红)shu(?![a-z])|(?<=电)hua(?![a-z])"
    )
)
#: Characters that lead to a contact, name a sign or belong to a filing: no noise, whatever a note says.
_KEPT_HAN: Final = "艾群裙微薇威信扣电话机号备证圈点杠"
_BETWEEN = expressions.compiled(
    rf"(?<=[a-z0-9_.@\-])(?:(?P<han>(?:(?![{_DIGITS}{_KEPT_HAN}])[一-鿿]){{1,4}})|[★☆🌟⭐✨])(?=[a-z0-9_.@\-])|(?<=[a-z0-9])(?P<tail>[一-鿿])(?=[ ]?[(,][^()。]{{0,4}}(?:去|删|汉|中文|不要))"
)
_INSIDE = expressions.compiled(r"抖[a-z]{1,4}音|扣[a-z]{1,4}扣|企[a-z]{1,4}鹅|电[a-z]{1,4}话|快[a-z]{1,4}手")  # fmt: skip

_SIGNS_BETWEEN: Final = "[.\\-·•*~|/#&+❤,]"
#: What is spelt out has such a place. Its alternatives begin with characters that are rare in front of each other, because
#: ``hints`` looks for those in all texts at once.
_SPELT: Final = (
    f"{notes.TRIGGER}|{pieces.TRIGGER}|{broken.TRIGGER}|{dictation.TRIGGER}|{registered.TRIGGER}|"
    rf"(?<=[a-z0-9_\-. (\[]){_HAS}(?:{_NAMES})[)\]]? ?[a-z0-9{_DIGITS}]|(?<=[一二两俩三仨四五六七八九1-9])个[零〇○0-9{_DIGITS}](?!个)"
    r"|(?:zero|nine|ling|jiu|liu|san|ba|qi)[ ,\-]|停顿|中间[三四]位|再接|换气|汉字|国字|块字|只[要看留取读](?:英文|字母|数字|其中)|[间里]的字|[0-9]丨|丨[0-9]|[il][3-9][0-9oil]{9}|[a-z0-9][★☆🌟⭐✨]|的拼音|换成|改成|写成|读作"
    r"|[妖腰要药摇幺邀衣医依伊一壹][伞散酒久救思司斯舞午溜刘妻漆爸扒三四五六七八九玖][,、 ]?[铃灵玲凌领伞散酒久吧爸思司斯玖另林][另林玲灵铃凌领,、 零〇伞散酒久吧爸思司斯]"
    r"|(?<=[0-9])\(0\)|[a-z0-9] {2,3}[a-z0-9] {2,3}[a-z0-9] {2,3}|[(\[【「][a-z0-9_][)\]】」] ?[(\[【「][a-z0-9_\-.@][)\]】」]"
    rf"|[a-z0-9][ \n][a-z0-9][ \n][a-z0-9][ \n]|[a-z](?:{_SIGNS_BETWEEN}[a-z0-9]){{3}}{_SIGNS_BETWEEN}"
    r"|[”\"'’」] ?(?:\+|加上?|和)[ ]?[一-鿿]{0,6}[0-9\"“‘「『]|&#|(?<=[a-z0-9_\-])\+[一-鿿]|(?<=[一-鿿)])@|(?<=[一-鿿)] )@"
    r"|(?:后面|末尾|尾巴|最后)[^\n。0-9a-z]{0,12}[0-9]|前[一二两三四1-4][个位字]|(?<=就)是[“\"]?(?!ai)[a-z]"
    rf"|(?<=[a-z0-9]){_ENDING}|(?<=[众频])hao|(?<=微)xin|抖[a-z]|扣[a-z]{1, 4}扣|企[a-z]|电[a-z]{1, 4}话|快[a-z]{1, 4}手"
)
TRIGGER: Final = branches.Branches({"spelt": _SPELT})


def spelt(text: Normalised, places: Iterable[int] | None = None) -> Normalised:
    """A text with its contacts put down as they are meant; the text itself where nothing is spelt out.

    Args:
        text: Any.
        places: Where ``TRIGGER`` may match; None for anywhere.
    """
    folded = text.folded
    if places is None:
        places = [one.start() for one in TRIGGER.finditer(folded)]
    is_told = any(TRIGGER.match(folded, one) for one in places)
    if not is_told and not broken.SHAPED.search(folded):
        return text
    for sought, edits in _STEPS:
        if sought is not None and not sought.search(folded):
            continue
        found = list(edits(folded))
        if found:
            text = normalise.edited(text, found)
            folded = text.folded
    return text


def _entities(folded: str) -> Iterator[Edit]:
    """&#121;&#105; → yi."""
    for match in _ENTITY.finditer(folded):
        point = int(match[1]) if match[1] else int(match[2], 16)
        if chr(point).isascii() and chr(point).isprintable():
            yield match.start(), match.end(), chr(point).lower()


def _insides(folded: str) -> Iterator[Edit]:
    """抖er音 → 抖音."""
    for match in _INSIDE.finditer(folded):
        yield match.start() + 1, match.end() - 1, ""


def _endings(folded: str) -> Iterator[Edit]:
    """公众hao → 公众号."""
    for match in _ENDED.finditer(folded):
        yield *match.span(), _ENDINGS[match[0]]


def _signs(folded: str) -> Iterator[Edit]:
    """Names of signs between Latin pieces; between digits alone only those that nothing else is written with."""
    last = 0
    for match in _SIGN.finditer(folded):
        sign = signs.SIGN_OF[match["name"]]
        start, end = match.span()
        if sign in _BETWEEN_DIGITS:
            before = _TOKEN_BEFORE.search(folded, max(start - 24, last), start)
            is_named = before is not None and any(
                one.isalpha() or one == "@" for one in before[0]
            )
            if not is_named and not (folded[end].isalpha() and start == last and last):
                continue
        yield start, end, sign
        last = end


def _singles(folded: str) -> Iterator[Edit]:
    """Characters one by one with the same sign between them."""
    for match in _SINGLES.finditer(folded):
        whole, sign = match[0], match["sign"]
        if (sign in "./-&|,:" and len(whole) < 9) or not any(
            one.isalpha() for one in whole
        ):
            continue
        start = match.start()
        if (
            whole[0] == "v"
            and whole[2].isalpha()
            and len(whole) > 2 * 6
            and sign in " \n"
        ):
            # v s z 9 0 2 7 k: the first letter leads to the id.
            yield start + 1, start + 2, ":"
            start += 2
        for at in range(start + 1, match.end(), 2):
            yield at, at + 1, ""


def _wide(folded: str) -> Iterator[Edit]:
    """Wide gaps between single characters made one blank each."""
    for run in _WIDE.finditer(folded):
        for gap in _WIDE_GAP.finditer(folded, *run.span()):
            yield gap.start() + 1, gap.end(), ""


def _bracketed(folded: str) -> Iterator[Edit]:
    """Single characters without the brackets around each."""
    for run in _BRACKETED.finditer(folded):
        for sign in _BRACKET.finditer(folded, *run.span()):
            yield *sign.span(), ""


def _zeros(folded: str) -> Iterator[Edit]:
    """Zeros in brackets between digits."""
    for run in _ZEROS.finditer(folded):
        yield *run.span(), "0" * (len(run[0]) // 3)


def _spaced(folded: str) -> Iterator[Edit]:
    """Digits one by one with blanks, so that what stands between groups of them shows: 0 5 1 2 — 5 5 5 0."""
    for match in _SPACED_DIGITS.finditer(folded):
        for at in range(match.start() + 1, match.end(), 2):
            yield at, at + 1, ""


def _joined(folded: str) -> Iterator[Edit]:
    """Pieces in quotation marks with plus signs between them: “fs”+“2088”+“kk”."""
    for match in _JOINED.finditer(folded):
        yield (
            match.start(),
            match.end(),
            "".join(
                spoken.digit(one) for kept in _KEPT.findall(match[0]) for one in kept
            ),
        )


def _mailed(folded: str) -> Iterator[Edit]:
    """What stands before an at-sign: numerals of an address (八八一九@…), a note that is no part of it (空格不要 @…)."""
    for match in _MAILED.finditer(folded):
        yield *match.span(), "".join(map(spoken.digit, match["numerals"] or ""))


def _dots(folded: str) -> Iterator[Edit]:
    """The word dot inside an address without blanks: demodotexampledotorg."""
    for match in _DOTTED.finditer(folded):
        dots = [dot.span() for dot in _DOT.finditer(folded, *match.span())]
        # One alone is a word (polkadotcom), but for a site's.
        if len(dots) > 1 or _OF_SITE.search(folded, max(match.start() - 6, 0), match.start()):  # fmt: skip
            yield from ((*dot, ".") for dot in dots)


def _later(folded: str) -> Iterator[Edit]:
    """What a note puts at the end of an id."""
    for match in _LATER.finditer(folded):
        token = _TOKEN_BEFORE.search(folded, max(match.start() - 20, 0), match.start())
        if match[0][0] == "+" and not (token and any(map(str.isalpha, token[0]))):
            # 代理费19800+培训资料680: a sum goes on.
            continue
        yield match.start(), match.end(), ""


def _fronts(folded: str) -> Iterator[Edit]:
    """Characters before an id that a note says to leave out."""
    for match in _FRONT.finditer(folded):
        count = int(spoken.COUNT_OF[match[1]])
        low = max(0, match.start() - 60)
        for token in re.finditer(rf"(?<![一-鿿])[一-鿿]{{{count}}}(?=[a-z][a-z0-9_\-]{{4}})", folded[low : match.start()]):  # fmt: skip
            yield low + token.start(), low + token.end(), ""
            break


def _mixed(folded: str) -> Iterator[Edit]:
    """Chinese characters and stars between the pieces of an id, where the post says that they are no part of it."""
    dropped = instructions.dropped_signs(folded)
    for match in _BETWEEN.finditer(folded):
        if ("汉字" if match["han"] or match["tail"] else match[0]) in dropped:
            yield match.start(), match.end(), ""


def _sought(source: str, behind: str = "") -> re.Pattern[str]:
    return expressions.compiled(openings.sought(source, behind=behind))


#: In their order, each with what a text lacks in which it finds nothing, if that is sooner seen: most steps find nothing in most texts.
_STEPS: Final[tuple[tuple[re.Pattern[str] | None, Callable[[str], Iterator[Edit]]], ...]] = (
    (expressions.compiled("&#"), _entities),
    (_sought(_ENDED.pattern), _endings),
    (None, _insides),
    (None, registered.edits),
    (None, dictation.edits),
    (notes.SOUGHT, notes.edits),
    (_sought(_BETWEEN.pattern, behind=r"a-z0-9_.@\-"), _mixed),
    (expressions.compiled(r"\(0\)"), _zeros),
    (_sought(_BRACKETED.pattern), _bracketed),
    (expressions.compiled("  "), _wide),
    (None, _singles),
    (broken.SOUGHT, broken.edits),
    (_sought(_SPACED_DIGITS.pattern), _spaced),
    (None, spoken.heard),
    (_sought(spoken.DICTATES), spoken.dictated),
    (_sought(f"丨|{spoken.LETTER_FOR_ONE}"), spoken.strokes),
    (_sought(_SIGN.pattern), _signs),
    (None, pieces.edits),
    (None, _joined),
    (expressions.compiled("@"), _mailed),
    (_sought(_ENDING), _dots),
    (_sought(spoken.STUCK_COUNT.pattern), spoken.counts),
    (None, _fronts),
    (_sought(_LATER.pattern, behind=r"a-z0-9_\-"), _later),
)  # fmt: skip
