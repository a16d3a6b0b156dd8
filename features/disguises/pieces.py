r"""Ids that a post gives in pieces, with words that join them: 前半tiger后半0516, 三个字母szr加四个数字0826, 1990然后000然后6328.

In: plain text in lower case. Out: edits of it that take the joining words away. Invariants: pure; linear: every pattern begins at a
fixed word and looks at a bounded stretch.

What is joined is a contact only where something else says so; a sum among such words is read in the text as it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions, openings
from features.writing import numerals

if TYPE_CHECKING:
    from collections.abc import Iterator

    Edit = tuple[int, int, str]

_DIGITS: Final = numerals.HAN_DIGITS
_COUNT: Final = "[一二两三四五六七八九1-9]"
#: What stands behind digits that count or are a sum.
_COUNTS: Final = "元块万千百十亿钱点多几来个位人名家台年月天号押定尾保费"
#: What says of which characters the next piece is.
_KIND: Final = rf"(?:{_COUNT}(?:个|位))?(?:小写|大写|英文|阿拉伯)?(?:字母|数字|拼音|英文)(?:是|为|[: ]){{0,2}}"
_PLACE: Final = rf"(?:后面|后边|末尾|最后|结尾|中间)(?:{_COUNT}[个位])?"
#: What joins two pieces.
_LINK: Final = (
    rf"(?:{_PLACE}|后(?:面)?接|后半[段截]?|后[一]?半[段截]?|第二[段截]|接着|然后|紧接着|紧跟着?|再|[加连]上|接上|跟上)"
    r"(?:再)?(?:跟上?|接上?|加上?|连上?|来|打|输|是|为|[: ]){0,3}"
)
#: A piece is short: a whole telephone number is none.
_PIECE: Final = rf"(?=[a-z0-9_\-]{{1,9}}(?![a-z0-9_\-])|{_COUNT}个[0-9{_DIGITS}](?!个)|[{_DIGITS}]{{2,6}}(?![{_DIGITS}]))"
_JOINS_TO: Final = rf"a-z0-9_\-{_DIGITS}"
_LINKED = expressions.compiled(
    openings.guarded(
        rf"(?<=[{_JOINS_TO}])[ ,、]{{0,2}}(?:(?:{_LINK})(?:{_KIND})?|加?{_KIND}){_PIECE}"
    )
)
_IS_LINKED = expressions.compiled(openings.sought(_LINKED.pattern, behind=_JOINS_TO))
#: What stands before the first piece.
_FIRST = expressions.compiled(
    openings.guarded(
        rf"(?:前半[段截]?|前[一]?半[段截]?|第一[段截]|前面|前边|开头)(?:{_COUNT}[个位])?(?:是|为|[: ]){{0,2}}(?:{_KIND})?(?:是|为|[: ]){{0,2}}(?=[a-z0-9])|(?<![一-鿿]){_KIND}(?=[a-z][a-z0-9_\-]*)|(?<=[信薇微号是vx:]){_KIND}(?=[a-z])"
    )
)
#: That pieces belong together though a plus sign stands between them.
_TOGETHER = expressions.compiled(
    openings.sought(
        "拼(?:起来|在一起|一起|成|接)|(?:拼音|字母|英文|名字)(?:再|后面?)?[接加][上]?数字|连(?:起来|在一起|着)|合(?:起来|在一起|成)"
    )
)
_PLUS = expressions.compiled(r"(?<=[a-z0-9_]) ?[+加] ?(?=[a-z0-9_])")
#: What joins letters and digits and no sum: xiaofang加1407, not app加1407元.
_ADDED = expressions.compiled(
    rf"加(?<=[a-z]{{4}}加)(?=[0-9]{{2,6}}(?![0-9a-z.%{_COUNTS}])|[{_DIGITS}]{{2,6}}(?![{_DIGITS}{_COUNTS}])|[0-9](?: [0-9]){{2,5}}(?![0-9 ]*[{_COUNTS}]))"
)
_LETTER = expressions.compiled("[a-z]")
_MOBILE = expressions.compiled(r"1[3-9][0-9]{9}")
#: An id with numerals in it, and the numerals: jiweng_五二零零, szr6七7一.
#: 勾 is nine on the radio.
_VALUE_OF: Final = numerals.DIGIT_OF | {"勾": "9"}
_NUMERALS: Final = f"{_DIGITS}幺洞拐勾"
_WITH_NUMERALS = expressions.compiled(
    rf"(?=[a-z])(?<![a-z0-9_\-.])(?<![a-z0-9_\-]@)[a-z][a-z0-9_\-]*+[{_NUMERALS}][a-z0-9_\-{_NUMERALS}]++"
)
_HAS_NUMERALS = expressions.compiled(openings.sought(_WITH_NUMERALS.pattern))
_NUMERAL = expressions.compiled(f"[{_NUMERALS}]")
#: Pictures of digits behind the characters of an id.
_PICTURED = expressions.compiled("[🥚⭕🎱](?<=[a-z0-9_][a-z0-9_][a-z0-9_].)[🥚⭕🎱]*")
_DIGIT_OF: Final = {"🥚": "0", "⭕": "0", "🎱": "8"}
#: 前半 in brackets, between the halves.
_HALF = expressions.compiled(
    r"(?=[ (])(?<=[a-z0-9_\-])[ ]?\((?:前|后|上|下|第)[一二]?[半段截]?(?:[段截]|部分)?\)[ ,+]?(?=[a-z0-9_\-])"
)
TRIGGER: Final = (
    r"(?<=[a-z0-9_\-])[ ]?\([前后上第][半段截一二]|"
    rf"(?<=[a-z0-9_\-{_DIGITS}])[ ,、]{{0,2}}(?:(?:后面|后边|末尾|最后|结尾|中间)(?:[再接加跟连来打输是: ]|[一二三四][个位])|后接|后半|后一半|第二[段截]|接着|然后|紧接着|紧跟|再[跟接加来]|[加连]上|接上|跟上|(?:加)?(?:{_COUNT}[个位])?(?:小写|大写|英文|阿拉伯)?(?:字母|数字|拼音)[是: ]{{0,2}}[a-z0-9{_DIGITS}])"
    r"|前半|前一半|第一[段截]|(?:字母|数字)[:是 ]{0,2}[a-z][a-z0-9_]|(?<=[a-z0-9_\-])[零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖幺洞拐勾][a-z0-9_\-零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖幺洞拐勾]|(?<=[a-z0-9_])[🥚⭕🎱]|加(?<=[a-z][a-z]加)(?=[0-9一二两三四五六七八九零〇幺])|(?:拼音|字母|英文|名字)[再后接加]"
    r"|拼(?:起来|在一起|一起|成|接)|连(?:起来|在一起)|合(?:起来|在一起)"
)


def edits(folded: str) -> Iterator[Edit]:
    """What joins the pieces of ids, taken away; left to right, disjoint."""
    found = [(*match.span(), "") for match in _FIRST.finditer(folded)]
    is_joined = is_told(folded)
    links = (
        [match.span() for match in _LINKED.finditer(folded)]
        if _IS_LINKED.search(folded)
        else []
    )
    links += [match.span() for match in _ADDED.finditer(folded)]
    if is_joined:
        links += [match.span() for match in _PLUS.finditer(folded)]
    ends = dict(links)
    found += [
        (*span, "") for span in links if _joins(folded, ends, span, is_told=is_joined)
    ]
    if _HAS_NUMERALS.search(folded):
        found += _numerals(folded)
    if "(" in folded:
        found += [(*match.span(), "") for match in _HALF.finditer(folded)]
    for match in _PICTURED.finditer(folded):
        found.append((*match.span(), "".join(_DIGIT_OF[one] for one in match[0])))
    end = 0
    for edit in sorted(found):
        if edit[0] >= end:
            yield edit
            end = edit[1]


def _numerals(folded: str) -> Iterator[Edit]:
    """Numerals of ids as digits; not one at the end that belongs to the next word (szr88一对一)."""
    for match in _WITH_NUMERALS.finditer(folded):
        end = match.end()
        if (
            folded[end : end + 1] == "个"
            and match[0][:-2].isalpha()
            and match[0][:-2].isascii()
        ):
            # zhao两三个人: two or three people.
            continue
        is_stuck = "一" <= folded[end : end + 1] <= "鿿" and not _NUMERAL.match(folded, end - 2)  # fmt: skip
        for one in _NUMERAL.finditer(folded, match.start(), end - is_stuck):
            yield *one.span(), _VALUE_OF[one[0]]


#: Words that join digits, whatever the digits are.
_SAYS = expressions.compiled(
    r"[ ,、]{0,2}(?:再加上|接着(?:再)?是|后面(?:再)?是|后[一]?半[段截]?|第二[段截]|后面再?[接加跟]|再接上?|接上)"
)
_HEAD = expressions.compiled(rf"[a-z0-9_\-{_DIGITS}]{{1,20}}\Z")
_TAIL = expressions.compiled(
    rf"[a-z0-9_\-]{{1,9}}|{_COUNT}个[0-9{_DIGITS}]|[{_DIGITS}]{{2,6}}"
)


def _joins(
    folded: str, ends: dict[int, int], span: tuple[int, int], *, is_told: bool
) -> bool:
    """Whether words join an id: a letter is in it, or its digits make a telephone number or are told to belong together."""
    head = _HEAD.search(folded, max(span[0] - 20, 0), span[0])
    tail = _TAIL.match(folded, span[1])
    if head is None or tail is None:
        return False
    if _LETTER.search(head[0]) or _LETTER.search(tail[0]):
        return not _MOBILE.fullmatch(head[0])
    return (
        is_told
        or _SAYS.match(folded, span[0]) is not None
        or _is_mobile(folded, ends, span)
    )


def is_told(folded: str) -> bool:
    """Whether a post tells to put pieces together."""
    return _TOGETHER.search(folded) is not None


def _is_mobile(folded: str, ends: dict[int, int], span: tuple[int, int]) -> bool:
    """Whether the pieces around a link, and around those next to it, are a mobile number together."""
    for begin in range(max(span[0] - 40, 0), span[0]):
        before = folded[begin - 1 : begin]
        if folded[begin] != "1" or (before.isascii() and before.isalnum()):
            continue
        digits, at = "", begin
        while at < len(folded) and len(digits) < 12:
            if at in ends:
                at = ends[at]
            elif folded[at] in numerals.DIGIT_OF:
                digits += numerals.DIGIT_OF[folded[at]]
                at += 1
            else:
                break
        if at > span[1] and _MOBILE.fullmatch(digits):
            return True
    return False
