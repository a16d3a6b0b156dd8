r"""Ids that a post dictates letter by letter, by initials, in halves, in boxes or with digits in pinyin.

q、m、k再接6969; 小写d、小写m,后面跟三三六; 合伙人三个字的首字母加2343; “示例”的全拼加336; 后四位2831,前七位1990000; 336放后头 前头是demo;
【demo】【336】; demo er ba, of which a note says that its end is digits.

In: plain text in lower case. Out: edits of it: what is dictated becomes the id, and the words between the lead-in and it a colon.
Invariants: pure; linear: every pattern begins at a fixed word or a single letter and looks at a bounded stretch; edits are disjoint.

Words of an order (先…再…) and lists of letters are everywhere, so what is put together has letters and digits, or is a mobile number.
Whether it is a contact is decided where contacts are read; nothing else is read in this spelling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions, openings
from features.writing import numerals, readings

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    Edit = tuple[int, int, str]

#: 勾 is nine on the radio.
_VALUE_OF: Final = numerals.DIGIT_OF | {"勾": "9", "洞": "0", "拐": "7", "幺": "1"}
_HAN: Final = "".join(one for one in _VALUE_OF if "一" <= one <= "鿿" or one in "〇○")
_COUNT: Final = "[一二两三四五六七八九十1-9]"
#: What is said between the letters and the digits of an id. The longest run that still says nothing else.
_SAID: Final = r"(?:都|全部?|均|[二两三四五六]个|[大小]写|字母|英文|拼音|数字|连[写着]?|后[面头边]?|末尾|最后|再|接着?|跟着?|加上?|来|打|是|为|[ ,、:+.·\-])"
#: Digits, in one piece or one by one.
_DIGITS: Final = rf"(?P<digits>[0-9]{{2,8}}(?![0-9a-z.%元块万千百年个])|[0-9{_HAN}](?:[ ,、.\-]?[0-9{_HAN}]){{1,7}}(?![0-9{_HAN}个点万千百元块]))"
#: What stands between two letters that are told one by one.
_BETWEEN: Final = r"(?:[ 、,.·/+\-]|再|加|个|和|[大小]写|字母|[一-鿿]{1,2}的)"
#: A letter of which it is said that it is one, by its case or by a word that begins with it: 小写d, 字母D-M, Map的M.
_TOLD: Final = r"(?:[大小]写|字母|[a-z]{2,10}的|[一-鿿]{1,4}的)的?(?:[大小]写|字母)?[a-z](?![a-z])(?:[\-、 ,][a-z](?![a-z]))*+"
#: The letter that leads to letters is none of them: V 字母 d e m o.
_LETTERS = expressions.compiled(
    openings.guarded(
        rf"(?<![a-z0-9_@./])(?P<letters>(?![vwq] ?(?:字母|英文|拼音|[大小]写))[a-z](?:{_BETWEEN}{{1,6}}+[a-z](?![a-z])){{2,19}}|{_TOLD}(?:[ 、,+和再]{{0,3}}{_TOLD}){{0,12}})(?P<said>{_SAID}{{0,6}}+){_DIGITS}"
    )
)
_LEAST_LETTERS: Final = 2
_LETTER = expressions.compiled("(?<![a-z])[a-z](?![a-z])")
_ONE_BY_ONE = expressions.compiled(r"[ 、,.:+·\-]*+[0-9](?:[ ,、.\-][0-9])+")
#: Words between a lead-in and what is dictated, behind a word that leads to an id.
_PREAMBLE = expressions.compiled(
    r"(?<=[信薇微威卫徽维嶶❤vwxq话机号电星泡件鹅扣绿报音手书博])(?:(?![信薇微威徽维嶶号机话泡件鹅扣绿报音手书博])[一-鿿 ,:、()]){1,14}\Z"
)
#: What leads to an id; the number of a model, an order or a paper is none.
_LEAD_WITHIN = expressions.compiled(
    r"[信薇微威卫徽维嶶❤♥vxq鹅扣绿泡搜]|tg|电报|飞机|(?<![型编单批款货车本票证案])号|抖音|快手|红书"
)
_REACH: Final = 16
#: 王小明的拼音首字母, 合伙人三个字的首字母, “示例”两个字的全拼.
_READ = expressions.compiled(
    openings.guarded(
        rf"(?P<how>首字母|全拼|拼音)(?P<said>[(](?:小写|大写|拼音)[)]|{_SAID}{{0,6}}+)?{_DIGITS}"
    )
)
_NAME_BEFORE = expressions.compiled(
    r"(?:\A|[^一-鿿]|[是为叫])[“\"「]?(?P<name>[一-鿿]{2,4}?)[”\"」]?(?:这?(?P<count>[二两三四])个?字)?的?(?:姓名|名字|全拼|拼音)?的?\Z"
)
_SIZES: Final = {"二": 2, "两": 2, "三": 3, "四": 4}
_KIND: Final = r"(?:数字|字母|拼音|英文|号码)?[是为:： ]{0,2}[“\"「【]?"
_PIECE: Final = (
    rf"(?:[a-z0-9_\-]{{2,12}}(?![a-z0-9_\-])|[{_HAN}]{{2,8}}(?![一-鿿0-9]))[”\"」】]?"
)
_COUNTED: Final = rf"{_COUNT}(?:位|个数字?|位数字?)"
_FRONT: Final = rf"(?:(?:前|头|开头){_COUNTED}|前半[截段]?|前一半|前[头面边]|头前|开头|头(?=是)|第一[截段]|上半[截段])"
_BACK: Final = rf"(?:(?:后|末|尾|最后|剩下){_COUNTED}|后半[截段]?|后一半|后[头面边]|末尾|结尾|尾巴|尾(?=是)|第二[截段]|下半[截段]|紧跟着?|紧接着)"
_APART: Final = r"[ ,、;。]{0,3}(?:然后|再)?"
#: Where a half belongs is told behind it: 510放后面, demoti(前半段), 510是后半截.
_PLACED: Final = r"(?:[放写排摆是在跟]在?|\()"
_HALVES = expressions.compiled(
    openings.guarded(
        rf"(?P<back_first>{_BACK}{_KIND}(?P<b1>{_PIECE}){_APART}{_FRONT}{_KIND}(?P<a1>{_PIECE}))"
        rf"|{_FRONT}{_KIND}(?P<a2>{_PIECE}){_APART}{_BACK}{_KIND}(?P<b2>{_PIECE})"
        rf"|先[打输写搜发]? ?[“\"「]?(?P<a3>{_PIECE})[ ,、]{{0,2}}(?:(?:然后)?再[打输写加接发]?|紧跟着?|紧接着) ?[“\"「]?(?P<b3>{_PIECE})"
        rf"|(?<![a-z0-9_\-@./])(?P<s1>{_PIECE}) ?[是放在排]在?(?:(?P<behind>{_BACK}|[后尾](?=[ ,、;]))|{_FRONT}|前(?=[ ,、;])){_APART}在?(?:{_FRONT}|{_BACK}|[前后](?=[的是]))的?{_KIND}(?P<s2>{_PIECE})"
        rf"|(?<![a-z0-9_\-@./])(?P<p1>{_PIECE}) ?{_PLACED}(?:(?P<last>{_BACK}|[后尾])|{_FRONT}|前)(?:部分)?\)?[ ,、;+]{{0,3}}(?:数字|字母|拼音|加上?)?(?P<p2>{_PIECE}) ?{_PLACED}(?:{_BACK}|{_FRONT}|[前后尾])"
    )
)
_MARKS: Final = '”"」】“「【'
_MOBILE = expressions.compiled(r"1[3-9][0-9]{9}")
#: Digits that make a telephone number only where they are called one.
_NUMBER = expressions.compiled(r"0?[1-9][0-9]{5,10}")
_CALLED = expressions.compiled(r"电话|手机|号码|座机|打给|拨|qq|扣|企鹅|☎|📞|📱|☏|tel")
#: Boxes side by side, with letters and digits in them.
_BOXES = expressions.compiled(
    r"(?=[【「\[《(])(?:【[a-z0-9_\-]{1,14}】 ?){2,20}+|(?:「[a-z0-9_\-]{1,14}」 ?){2,20}+|(?:\[[a-z0-9_\-]{1,14}\] ?){2,20}+|(?:《[a-z0-9_\-]{1,14}》 ?){2,20}+"
)
_BOX = expressions.compiled(r"[a-z0-9_\-]+")
_ID_SIZES: Final = range(5, 21)
#: A word in quotation marks with digits that are said to follow: “demo”拼音小写 后面接384.
_QUOTED = expressions.compiled(
    rf"(?=[“\"「'])[“\"「'](?P<head>[a-z][a-z0-9_\-]{{1,15}})[”\"」'](?P<said>{_SAID}{{1,8}}+)[“\"「']?(?P<tail>[0-9][a-z0-9]{{1,8}}(?![a-z0-9]))[”\"」']?"
)
_FOLLOWS: Final = ("后", "接", "加", "再", "跟", "连")
_WORDS: Final = {
    "ling": "0", "dong": "0", "yi": "1", "yao": "1", "er": "2", "liang": "2", "san": "3", "si": "4", "wu": "5",
    "liu": "6", "qi": "7", "guai": "7", "ba": "8", "jiu": "9", "gou": "9",
}  # fmt: skip
_WORD: Final = f"(?:{'|'.join(_WORDS)})"
#: A name and digits in pinyin behind it: demo er ba.
_SPOKEN = expressions.compiled(
    rf"(?<![a-z0-9_@.\-])(?!{_WORD} )(?P<head>[a-z][a-z_\-]{{2,15}})(?P<tail>(?:[ \-]{_WORD}(?![a-z])){{2,8}})(?![ ]?[a-z0-9])"
)
_AS_DIGITS = expressions.compiled(
    r"拼音[一-鿿, ]{0,6}数字|数字[一-鿿]{0,4}拼音|拼音[一-鿿]{0,3}(?:换|改|写)成?(?:数字|阿拉伯)"
)
TRIGGER: Final = (
    r"[a-z][ 、,][a-z][ 、,][a-z](?![a-z])|[大小]写[a-z][大小、,]|(?<=的)[a-z][、,][一-鿿a-z]|首字母|全拼|字母[a-z][\-、 ][a-z](?![a-z])"
    rf"|(?:[前头后末尾]|开头|最后|剩下){_COUNT}(?:位|个数字)[数字是为: ]{{0,3}}[a-z0-9]|(?:[前后][头面边]|头前)[是为: 字母数字]{{0,3}}[a-z0-9]|[上下]半[截段]|先[打输写搜发]? ?[“\"「]?[a-z]|[a-z0-9][放写排摆跟][前后]|尾巴?是[a-z0-9]|[a-z0-9][是在排]在?(?:[前后](?:[头半面边 ,]|是)|尾巴|开头|末尾)"
    r"|[a-z0-9][】」\]》] ?[【「\[《][a-z0-9]|[a-z0-9_][”\"」'][拼小大英后再接加连全]|拼音[一-鿿, ]{0,6}数字"
)


def edits(folded: str) -> Iterator[Edit]:
    """What is dictated, written down; left to right, disjoint."""
    found = [
        *_letters(folded), *_read(folded), *_halves(folded), *_boxes(folded), *_quoted(folded), *_spoken(folded)
    ]  # fmt: skip
    end = 0
    for edit in sorted(found):
        if edit[0] >= end:
            yield edit
            end = edit[1]


def _written(folded: str, start: int, end: int, value: str) -> Edit:
    """An edit that puts an id in the place of what dictates it, and a colon in that of the words that lead there."""
    preamble = _PREAMBLE.search(folded, max(start - _REACH, 0), start)
    before = folded[start - 1 : start]
    if before.isascii() and before.isalnum():
        # 薇x前半截demo: the letter before is no part of the id.
        return start, end, ":" + value
    if preamble is None or preamble[0].isspace() or preamble[0] == ":":
        return start, end, value
    return preamble.start(), end, ":" + value


def _is_led(folded: str, start: int) -> bool:
    """Whether something that leads to an id stands a little before a place."""
    return _LEAD_WITHIN.search(folded, max(start - _REACH, 0), start) is not None


def _digits(written: str) -> str:
    return "".join(_VALUE_OF.get(one, one) for one in written if one in _VALUE_OF or one.isdigit())  # fmt: skip


def _letters(folded: str) -> Iterator[Edit]:
    for match in _LETTERS.finditer(folded):
        if _ONE_BY_ONE.fullmatch(match["said"] + match["digits"]):
            # t a n g 8 8: signs between all characters, and what follows, are looked at together (``spelling``).
            continue
        if _is_led(folded, match.start()):
            letters = "".join(_LETTER.findall(match["letters"]))
            if len(letters) < _LEAST_LETTERS:
                continue
            yield _written(folded, *match.span(), letters + _digits(match["digits"]))


def _read(folded: str) -> Iterator[Edit]:
    for match in _READ.finditer(folded):
        name = _NAME_BEFORE.search(folded, max(match.start() - 14, 0), match.start())
        if name is None or _SIZES.get(name["count"], len(name["name"])) != len(name["name"]):  # fmt: skip
            continue
        is_first = match["how"] == "首字母"
        if not is_first and not _is_led(folded, name.start("name")):
            continue
        read = readings.initial if is_first else readings.reading
        letters = [read(one) for one in name["name"]]
        if all(letters):
            yield _written(folded, name.start("name"), match.end(), "".join(letters) + _digits(match["digits"]))  # fmt: skip


def _halves(folded: str) -> Iterator[Edit]:
    for match in _HALVES.finditer(folded):
        first, last = _in_order(match)
        value = _piece(first) + _piece(last)
        if _may_be_one(folded, match, value):
            yield _written(folded, *match.span(), value)


def _in_order(match: re.Match[str]) -> tuple[str, str]:
    """The halves, first and last."""
    if match["s1"]:
        both = match["s1"], match["s2"]
        return (both[1], both[0]) if match["behind"] else both
    if match["p1"]:
        both = match["p1"], match["p2"]
        return (both[1], both[0]) if match["last"] else both
    return (
        match["a1"] or match["a2"] or match["a3"],
        match["b1"] or match["b2"] or match["b3"],
    )


def _piece(written: str) -> str:
    """A half as a reader would type it."""
    return "".join(_VALUE_OF.get(one, one) for one in written.strip(_MARKS))


def _may_be_one(folded: str, match: re.Match[str], value: str) -> bool:
    if value.isdigit():
        before = folded[max(match.start() - _REACH, 0) : match.start()]
        return _MOBILE.fullmatch(value) is not None or (
            _NUMBER.fullmatch(value) is not None and _CALLED.search(before) is not None
        )
    is_mixed = any(map(str.isdigit, value)) and len(value) in _ID_SIZES
    return is_mixed and value[0].isalpha() and (match["a3"] is None or _is_led(folded, match.start()))  # fmt: skip


def _boxes(folded: str) -> Iterator[Edit]:
    is_boxed = "】" in folded or "」" in folded or "]" in folded or "》" in folded
    for match in _BOXES.finditer(folded) if is_boxed else ():
        value = "".join(_BOX.findall(match[0]))
        if (
            len(value) in _ID_SIZES
            and value[0].isalpha()
            and any(map(str.isdigit, value))
            and _is_led(folded, match.start())
        ):
            yield _written(folded, match.start(), match.end(), value)


def _quoted(folded: str) -> Iterator[Edit]:
    for match in _QUOTED.finditer(folded):
        if any(one in match["said"] for one in _FOLLOWS):
            yield match.start(), match.end(), match["head"] + match["tail"]


def _spoken(folded: str) -> Iterator[Edit]:
    note = _AS_DIGITS.search(folded)
    if note is None:
        return
    low = max(note.start() - 60, 0)
    for match in _SPOKEN.finditer(folded, low, note.start()):
        words = match["tail"].replace("-", " ").split()
        yield *match.span(), match["head"] + "".join(_WORDS[one] for one in words)
