r"""What a post tells its reader to do with the characters of a contact: 蛇换成下划线, x不要, 里面的O都是零, 西瓜=8.

In: plain text in lower case. Out: edits of it: spans and what stands there when the notes are followed. A note names something (a sign by
its name or as it is, a picture by what it shows, a letter or digit, a word) and says to leave it out or to read something else.

Invariants: pure; linear: a note is found by its verb and looks at a bounded stretch before and behind; only what stands inside an
id is changed (Latin letters or digits beside it), never an address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from features.disguises import signs, turned
from features.engine import expressions, openings
from features.writing import numerals

if TYPE_CHECKING:
    from collections.abc import Iterator

    Edit = tuple[int, int, str]

_NAMES: Final = signs.longest_first(signs.SIGN_OF)
_OLD_NAMES: Final = signs.longest_first(signs.CHARACTERS_OF)
#: Whole families that are left out.
_FAMILIES: Final = {
    **dict.fromkeys(
        ("表情包", "表情", "emoji", "图案", "图标", "小图", "贴纸", "颜文字"),
        r"[^\w\s\x00-\x7f，。、！？；：…“”‘’（）【】《》]+",
    ),
    "字母": r"(?<=[0-9x])[a-z]+(?=[0-9])",
    "英文": r"(?<=[0-9])[a-z]+(?=[0-9])",
}
_FAMILY_NAMES: Final = "|".join(_FAMILIES)
_AFTER_OLD: Final = r"[”\"'’」』)]?(?:符号|号|键|字|们|也|都|全都?|请|自[己行]|记得|统统|一律|全部|要|得|给我?|用|,)*+"
_AFTER_SIGN: Final = (
    r"[”\"'’」』)]?(?:符号|号|键|也|都|全都?|请|自[己行]|记得|一律|全部|要|得)*+"
)
_QUOTES: Final = "[“\"'‘「『(]?"
_BY_NAME = expressions.compiled(rf"(?P<old>{_OLD_NAMES}|{_FAMILY_NAMES}){_AFTER_OLD}\Z")
_AS_IT_IS = expressions.compiled(
    rf"(?P<old>(?<![^\s一-鿿(,“\"'「『、;:])(?:字母|数字)?[“\"'‘「『]?(?P<letter>[a-z0-9])|(?:[^\w\s。,!?;:()（）“”\"'‘’「」『』【】=]|_){{1,3}}){_AFTER_SIGN}\Z"
)
_WORD = expressions.compiled(
    rf"(?P<quote>[“\"'‘「『])?(?P<old>[一-鿿]{{1,6}}){_AFTER_OLD}\Z"
)
_NEW = expressions.compiled(
    rf"(?:(?P<one>[一1](?:个|条|根|道|杠)|[一1](?![0-9]))|个|条)?(?:数字|字母|拼音|符号|小写|大写|英文|的|那个)*[“\"'‘「『]?"
    rf"(?P<new>{_NAMES}|[a-z]{{1,8}}|[0-9]|[{numerals.HAN_DIGITS}幺]|[_\-.@/])(?![a-z0-9])(?!个)"
)
_NOT_OLD = expressions.compiled(
    rf"[”\"'’」』]?,? ?(?:而)?(?:不是|非){_QUOTES}(?P<old>{_OLD_NAMES})"
)
#: What says to read something else; 是 only where a sign, a letter or a digit follows.
_REPLACE: Final = (
    r"换成|换为|换作|换(?=[一下横点杠数字a-z0-9_\-.])|改成|改为|写成|读作|读成|念成?(?=[零一0-9])|打成|当成|当作|当(?=[零一下杠横0-9])|替换成|替换为|变成|代表|等于|的?拼音是|就是|="
    rf"|是(?=(?:数字|字母|小写|大写|英文|[“\"'‘「『])*+(?:{_NAMES}|[a-z0-9_\-.]|[零〇一幺](?![一-鿿])))"
)
#: What says to leave something out, behind its name.
_REMOVED: Final = (
    r"去掉|去除|删掉|删了|删除|删去|拿掉|扔掉|扔了|丢掉|抠掉|抠了|抠去|剔掉|抹掉|剔除|跳过|略过|省略|忽略|无视|不要|不算|不计|不用[打输填管]|不必[打输填]|不[打输]|别[打输填要]|去了(?=就|再|才|[ ,。!)]|\Z)"
    r"|是(?:装饰|贴纸|干扰|摆设|多余|假的|凑数|障眼)|当空气|只是装饰"
)
#: And before it.
_REMOVE = expressions.compiled(
    rf"(?:去掉|去除|删掉|删除|删去|去(?=[{''.join(sorted({name[0] for name in signs.CHARACTERS_OF}))}])|删(?=[^\w\s一-鿿]|[星点横杠井括])|扔掉|抠掉|忽略|无视|不要|没有|不含|不带|跳过|拿掉|除去)(?:中间|里面|其中|所有|全部|这个|那个|那些|的|掉|一下|[“\"'「『【(])*+"
    rf"(?P<old>{_OLD_NAMES}|{_FAMILY_NAMES}|(?P<letter>(?:字母|数字)?[a-z0-9](?![a-z0-9]))|(?:[^\w\s。,!?;:()（）“”\"'‘’「」『』【】]|_){{1,2}}|(?<=[“\"'「『])(?P<word>[一-鿿]{{1,4}})[”\"'」』]|(?P<character>(?![汉文数国个两的])[一-鿿])字(?![一-鿿]))"
)
#: Behind such a word 字 means all that are written so (汉字, 文字, 的字).
_MANY: Final = frozenset("汉文国块的个数些")
#: What is left out, behind the word that says so.
_OBJECT = expressions.compiled(
    rf"(?:中间|里面|其中|所有|全部|这个|那个|多余|的|[“\"'「『【(])*+(?:{_OLD_NAMES}|{_FAMILY_NAMES}|汉字|中文|文字|[^\w\s。,!?;:()（）]|_)"
)
_VERB = expressions.compiled(
    openings.guarded(rf"(?P<replace>{_REPLACE})|(?P<removed>{_REMOVED})")
)
#: Which of letters that look like digits stands last, or in the middle: 最后是零, 最后一位是字母o.
_LAST = expressions.compiled(
    r"(?:最后|末尾|结尾|末位|尾巴)(?:那?一?[个位])?(?:的)?是(?:数字|字母|小写|大写|英文)*[“\"'「]?(?P<new>[零〇0o一1li])(?![a-z0-9一-鿿])"
)
_LOOKS_LIKE: Final = {"0": "0o", "o": "0o", "1": "1li", "l": "1li", "i": "1li"}
_TOKEN = expressions.compiled(r"[a-z0-9_\-.]{4,}")
_IN_BRACKETS = expressions.compiled(
    r"括号(?:里|内|中)(?:面)?(?:的)?(?:字|内容|东西)?(?:都|也)?(?:别|不要|不用|不算|去掉|删|忽略|跳过)"
)
#: What a text without a note lacks.
_TOLD: Final = (_VERB, _REMOVE, _LAST, turned.TOLD, _IN_BRACKETS)
SOUGHT: Final = expressions.compiled(openings.sought("|".join([one.pattern for one in _TOLD])))  # fmt: skip
_BRACKETED = expressions.compiled(
    r"(?<=[a-z0-9_\-])[ ]?[(\[【][^()\[\]【】\n]{1,10}[)\]】][ ]?(?=[a-z0-9_\-])"
)
#: What stands in addresses beside what is left out.
_BORDERS: Final = frozenset(".@")
#: Signs that addresses are made of: they are not told by a note about an id.
_IN_ADDRESSES: Final = frozenset("./:@-_?=&")
_BEFORE: Final = 60
_BEHIND: Final = 40
_LOOK: Final = 14
#: Expression of where a text may hold a note: what it says of something named, quoted, bracketed or spelt.
TRIGGER: Final = (
    r"(?<=[^\s一-鿿,。!?])(?:字|都|全都?|请|自己|也|号)?(?:(?:换成|换为|改成|改为|写成|读作|当成|代表)[“\"'「数字母下横短点杠减斜小大_a-z0-9.\-]|换[一下横点杠a-z_][^个]|(?:去掉|删掉?|扔掉?|抠掉?|跳过|略过|忽略|不算|无视|不要[打输填]?|不用?[打输]|别[打输要])(?=[再哦就]|\W|\Z)|去掉|当空气|是(?:多余|干扰|装饰|摆设|贴纸))"
    r"|(?<=[星点线杠号心蛇亮梨果瓜花火云猫狗兔猪鱼鸡蛋母圈情标案纸图字头角草文间])(?:都|全都?|请|自[己行]|也|用|要)?(?:(?:换成?|改成|改为|当成|代表)[“\"'「数字母下横短点杠减斜小大一_a-z0-9.\-]|去掉|拿掉|删掉|删了|扔掉|抠掉?|跳过|略过|忽略|不算|不计|无视|不要(?=[再哦就]|\W|\Z)|不用?[打输]|别[打输要]|去了(?=就|再|才|[ ,。!)]|\Z)|当空气|是(?:装饰|贴纸|干扰|摆设|多余|零|数字[0-9零]|下划线|字母))"
    r"|(?<=[一-鿿])=[a-z0-9_\-](?![a-z0-9]{5})"
    r"|(?<=[a-z0-9个的间都”\"’」])是(?:数字 ?[0-9a-z零〇一]|字母|小写|大写|下划线|下横线|横杠|横线|零(?![一-鿿])|[一幺](?![一-鿿])|[a-z0-9](?![a-z0-9]))"
    r"|(?:去掉|去除|删掉|删除|忽略|无视|扔掉|抠掉|拿掉)(?:中间|里面|其中|所有|全部|这个|那个|那些)?(?:的)?(?:多余的?)?[“\"'「『【(]?(?:[小中短横下减斜竖米波感引井加百等逗顿冒分问省句圆连破_]|[^\w\s一-鿿。,!?;:]|星|点|杠|表情|字母|括号|引号|[a-z](?![a-z0-9]))"
    r"|(?:去掉|删掉|删除|去除|忽略|无视|扔掉|抠掉)[一-鿿]字(?![一-鿿])|[删去][掉除]?[“\"'「『][一-鿿]{1,4}[”\"'」』]|去(?:[星点杠]|星号|括号|星星|点号|横杠|井号|加号|斜杠)(?![一-鿿])|(?:没有|不含|不带|删)[*#&+星](?:号|星)?(?![一-鿿])|倒(?:着|过来|序)|反(?:着|过来)(?![说夸帮坑告骂要怪问把])|倒[写念读]|反向(?!代理)|镜像(?![一-鿿])|镜像(?=[写念读看打抄过])|逆序|颠倒|从后[往向面]|从右[往向到]|翻过来|反转过来|(?<=最后)是|(?<=一位)是|(?<=末尾)是|(?<=一个)是字母|括号[里内中]"
)


class _Note(NamedTuple):
    """What a note names, what to read for it, and where the note stands."""

    old: re.Pattern[str]
    new: str
    start: int
    end: int
    #: A letter, digit or word: it changes in the one id that holds it.
    is_plain: bool = False


def edits(folded: str) -> Iterator[Edit]:
    """What the notes of a text change, in order, disjoint."""
    changes: dict[tuple[int, int], str] = {}
    for note in _notes(folded):
        for span in _occurrences(folded, note):
            changes.setdefault(span, note.new)
    for match in _LAST.finditer(folded):
        changes |= _last(folded, match)
    for told in turned.TOLD.finditer(folded):
        token = turned.token(folded, told)
        if token is not None:
            # The note goes too: what it says is done.
            changes[token] = folded[token[0] : token[1]][::-1]
            start, end = told.span()
            if folded[start - 1 : start] == "(" and folded[end : token[0]] == ")":
                changes[start - 1, end + 1] = ":"  # V(反过来念)0516omed.
            changes[start, end] = ""
    bracketed = _IN_BRACKETS.search(folded)
    if bracketed:
        low = max(bracketed.start() - _BEFORE, 0)
        for match in _BRACKETED.finditer(folded, low, bracketed.start()):
            changes[match.span()] = ""
    end = 0
    for span in sorted(changes):
        if span[0] >= end:
            yield *span, changes[span]
            end = span[1]


def _notes(folded: str) -> Iterator[_Note]:
    for verb in _VERB.finditer(folded):
        if folded[max(verb.start() - 4, 0) : verb.start()].endswith(signs.ASKED):
            continue
        is_named = folded.endswith("字", 0, verb.start())
        if verb["removed"] and not is_named and _OBJECT.match(folded, verb.end()):
            # 去掉点: what it names stands behind it.
            continue
        note = (_removed if verb["removed"] else _replaced)(folded, verb)
        if note is not None:
            yield note
    for match in _REMOVE.finditer(folded):
        if not folded[max(match.start() - 4, 0) : match.start()].endswith(signs.ASKED):
            word = match["word"] or match["character"]
            yield _Note(
                _pattern(word or match["old"], is_quoted=bool(word), is_left_out=True),
                "",
                *match.span(),
                is_plain=match["letter"] is not None,
            )


def _removed(folded: str, verb: re.Match[str]) -> _Note | None:
    old = _old(folded, verb.start())
    if old is None:
        return None
    match, is_plain = old
    is_word = match.re is _WORD
    name = (
        match["letter"] if match.re is _AS_IT_IS and match["letter"] else match["old"]
    )
    if is_word and not match["quote"]:
        # 把货字拿掉: one character, by itself.
        name = name.removesuffix("字")[-1:] if "字" in folded[match.start() : verb.start()] else ""  # fmt: skip
        if not name or name in _MANY:
            return None
    return _Note(
        _pattern(name, is_quoted=is_word, is_left_out=True),
        "",
        match.start(),
        verb.end(),
        is_plain,
    )


def _replaced(folded: str, verb: re.Match[str]) -> _Note | None:
    if folded[verb.start() - 1 : verb.start()] == "不":
        return None
    target = _NEW.match(folded, verb.end())
    if target is None:
        return None
    new = target["new"]
    new = signs.SIGN_OF.get(new) or numerals.DIGIT_OF.get(new, new)
    other = _NOT_OLD.match(folded, target.end())
    if other:
        # 是下划线不是点.
        return _Note(_pattern(other["old"], is_quoted=False), new, verb.start(), other.end())  # fmt: skip
    old = _old(folded, verb.start())
    if old is None or (old[0].re is _WORD and verb[0] == "是"):
        return None
    match, is_plain = old
    name = (
        match["letter"] if match.re is _AS_IT_IS and match["letter"] else match["old"]
    )
    if match.re is _WORD:
        name = _longest_inside(folded, match)
        if not name:
            return None
    pattern = _pattern(name, is_quoted=match.re is _WORD)
    if target["one"]:
        # 三颗星换一条下划线: all of a row for one.
        pattern = re.compile(f"(?:{pattern.pattern})+")
    return _Note(pattern, new, match.start(), target.end(), is_plain)


def _old(folded: str, end: int) -> tuple[re.Match[str], bool] | None:
    """What stands before a verb: a name, a sign or letter as it is, or a word."""
    low = max(end - _LOOK, 0)
    for pattern in (_BY_NAME, _AS_IT_IS, _WORD):
        match = pattern.search(folded, low, end)
        if match:
            return match, pattern is _WORD or (
                pattern is _AS_IT_IS and match["letter"] is not None
            )
    return None


def _longest_inside(folded: str, word: re.Match[str]) -> str:
    """The longest end of a word that stands inside an id before the note."""
    before = folded[max(word.start() - _BEFORE, 0) : word.start()]
    old = word["old"]
    for size in range(len(old), 0, -1):
        if old[-size:] in before:
            return old[-size:]
    return ""


def _pattern(
    name: str, *, is_quoted: bool, is_left_out: bool = False
) -> re.Pattern[str]:
    name = name if is_quoted else name.removeprefix("字母").removeprefix("数字") or name
    if not is_quoted and name in _FAMILIES:
        return re.compile(_FAMILIES[name])
    if name in signs.CHARACTERS_OF and name != "空格":
        characters = signs.CHARACTERS_OF[name]
        if is_left_out:
            # A ring may be read for a letter, but no letter is a ring to be left out.
            characters = "".join(
                one for one in characters if one == "丨" or not one.isalnum()
            )
        word = f"|{re.escape(name)}" if "一" <= name[0] <= "鿿" else ""
        return re.compile(f"[{re.escape(characters)}]{word}")
    return re.compile(r"[^\w\s]?".join(map(re.escape, name)))


def _occurrences(folded: str, note: _Note) -> list[tuple[int, int]]:
    """Where what a note names stands inside an id: before the note, else right behind it."""
    before = max(note.start - _BEFORE, 0), note.start
    behind = note.end, min(note.end + _BEHIND, len(folded))
    for low, high in (before, behind):
        found: list[tuple[int, int]] = []
        for match in note.old.finditer(folded, low, high):
            # 西瓜西瓜52: what follows another of its kind stands where that does.
            follows = bool(found) and found[-1][1] == match.start()
            span = _inside(folded, *match.span(), note, follows=follows)
            if span is not None:
                found.append(span)
        if found and not _OF_ALL.search(folded, note.start, note.end):
            found = _of_one_token(folded, found)
        if found:
            return found
    return []


def _inside(
    folded: str, start: int, end: int, note: _Note, *, follows: bool
) -> tuple[int, int] | None:
    """The span with the blanks around it, where Latin letters or digits stand on both sides, or on one and more of the same on the other."""
    low, high = start, end
    while low and folded[low - 1] == " " and start - low < 1:
        low -= 1
    while high < len(folded) and folded[high] == " " and high - end < 1:
        high += 1
    before, after = folded[low - 1 : low], folded[high : high + 1]
    is_led, is_followed = follows or signs.is_part(before), signs.is_part(after)
    if not note.new:
        is_led, is_followed = (
            is_led or before in _BORDERS,
            is_followed or after in _BORDERS,
        )
    if folded[start:end].isascii() and folded[start:end].isalnum():
        return (start, end) if is_led or is_followed else None
    if _is_address(folded, start) and (note.new or folded[start:end] in _IN_ADDRESSES):
        return None
    if is_led and is_followed:
        # s h e n g ★ 1 7: where characters stand one by one their blanks stay.
        is_spaced = folded[low - 2 : low - 1] == " " and low < start
        return (start, end) if is_spaced else (low, high)
    if is_led and note.old.match(folded, high):
        return low, high
    if is_followed and low and note.old.match(folded, low - 1):
        return low, high
    # At the end of an id: what is read for it belongs there, and what is left out hurts nobody.
    return (start, end) if is_led and note.new and start == low else None


def _is_address(folded: str, at: int) -> bool:
    """Whether a place lies in a web or mail address."""
    low, high = at, at
    while low and at - low < _BEHIND and folded[low - 1].isascii() and not folded[low - 1].isspace() and folded[low - 1] not in "(),":  # fmt: skip
        low -= 1
    while high < len(folded) and high - at < _BEHIND and folded[high].isascii() and not folded[high].isspace() and folded[high] not in "(),":  # fmt: skip
        high += 1
    written = folded[low:high]
    return "://" in written or re.search(r"[a-z0-9]@[a-z0-9]|\.(?:com|cn|net|org|example|top|vip|xyz|cc)(?![a-z0-9])", written) is not None  # fmt: skip


#: What parts two ids.
_APART = expressions.compiled(r"[,。;:!?\n]|[一-鿿]{2}|[a-z0-9_]{3} [a-z0-9_]{3}")
#: A note on several ids at once.
_OF_ALL = expressions.compiled("都|全|均|所有")


def _of_one_token(folded: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Only those in the id nearest to the note; the last one."""
    kept = [spans[-1]]
    for span in reversed(spans[:-1]):
        between = folded[span[1] : kept[-1][0]]
        if _APART.search(between):
            break
        kept.append(span)
    return kept[::-1]


def _last(folded: str, note: re.Match[str]) -> dict[tuple[int, int], str]:
    """The last character of the id before a note that says what it is."""
    token = None
    for one in _TOKEN.finditer(folded, max(note.start() - 30, 0), note.start()):
        token = one
    new = {"零": "0", "〇": "0", "一": "1"}.get(note["new"], note["new"])
    if token is None or token[0][-1] not in _LOOKS_LIKE[new]:
        return {}
    return {(token.end() - 1, token.end()): new}
