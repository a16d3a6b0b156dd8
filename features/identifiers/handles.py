"""Names that people give themselves on a service: WeChat ids, Telegram names, handles on other platforms.

In: plain text and the place where a lead-in says that a name begins. Out: the name as a reader would type it and its
span. Invariants: pure; looks at most 80 characters ahead.

A post may tell the reader to drop something (中间去掉点): ``dropped_signs`` finds what, and the names are read without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions, openings
from features.writing import numerals, pinyin
from features.writing.digits import Number

if TYPE_CHECKING:
    from collections.abc import Iterable

_REMOVE: Final = "去掉|抠掉|去除|删掉|删了|删除|删去|去|忽略|无视|不要|拿掉|除去|略过|跳过|减掉|拿走|省略|不算|没有|不含"
SIGN_NAMES: Final = {
    "小数点": ".",
    "句点": ".",
    "圆点": ".·•",
    "点": ".·•点",
    "空格": " ",
    "空": " 空",
    "下划线": "_",
    "下横线": "_",
    "底线": "_",
    "横线": "-",
    "横杠": "-",
    "中划线": "-",
    "短横": "-",
    "短杠": "-",
    "连字符": "-",
    "破折号": "-—",
    "杠": "-杠",
    "减号": "-减",
    "星号": "*",
    "星星": "*★☆🌟⭐✨",
    "星": "*",
    "井号": "#",
    "井": "#",
    "斜杠": "/",
    "斜线": "/",
    "竖线": "|",
    "逗号": ",",
    "加号": "+加",
    "括号": "()[]【】",
    "引号": "\"“”'‘’",
    "等号": "=",
    "波浪": "~",
    "艾特": "@",
}
_KIND_NAMES: Final = (
    "汉字",
    "中国字",
    "中文字",
    "方块字",
    "中文",
    "文字",
    "的字",
    "表情",
    "符号",
    "标点",
    "特殊字符",
    "多余",
)
_HAN_NAMES: Final = frozenset(
    {"字", *(one for one in _KIND_NAMES if one[-1] in "字文")}
)
_WHAT: Final = "|".join(
    [
        *sorted(SIGN_NAMES, key=lambda one: (-len(one), one)),
        *_KIND_NAMES,
        r"[^\w\s。!?；;]",
    ]
)
#: What stands behind the sign that it removes: 横线去掉, 空格和点都不要, 加号不用打.
_REMOVED: Final = "去掉|去除|删掉|删了|删除|删去|拿掉|略过|跳过|省略|忽略|无视|不要|不算|不用[打输填管]?|不必[打输填]|别[打要输填]|是(?:干扰|多余|迷惑|装饰|摆设)"
_NAMED: Final = "|".join(
    [*sorted(SIGN_NAMES, key=lambda one: (-len(one), one)), *_KIND_NAMES]
)
#: What tells that a name is written backwards.
_BACKWARDS: Final = "倒(?:着|过来|序|写|念|读)|反(?:着|过来)[写念读看打抄的]|反着(?=[,。)])|从后往前|从右往左|从右到左|翻过来|反转过来"
REVERSED: Final = "⇄"
#: Before what is asked rather than told: 是不是要去掉下划线?
_ASKED: Final = ("是不是", "是不是要", "要不要", "是否", "是否要")
_BREAKS: Final = frozenset(" \n")
#: What tells that pieces of a name belong together, and that characters were put between them.
_JOINED: Final = "连(?:起来|在一起|着|写)|拼(?:起来|在一起|一起|成一)|合(?:起来|在一起|成一)|无空格|没有?空格"
_MIXED: Final = "(?:夹|混|插|掺)(?:了|着|进|入|个|几个|一个)*(?:汉字|中国字|中文|文字)"
INSTRUCTION = expressions.compiled(
    openings.guarded(
        rf"(?:{_REMOVE})(?:中间|里面|其中|所有|全部|这个|那个|多余|的|掉|一下|[“\"'「【(])*+({_WHAT})"
        rf"|(?:把|将)(?:中间|里面|其中|所有|全部|的|[“\"'「【(])*+({_WHAT}|字)(?:[”\"'」】)]|号|都|全|全部)*+(?:{_REMOVE})"
        rf"|(?P<one>{_NAMED})(?:[和跟与、](?P<two>{_NAMED}))?(?:都|全部?|请|记得|自[己行]|一律|统统|要|是[^。!?\n]{{0,8}}?[,，])*+(?:{_REMOVED})"
        rf"|(?P<back>{_BACKWARDS})|(?P<join>{_JOINED})|(?P<mixed>{_MIXED})|(?P<only>只[要看留取读](?:其中)?(?:的)?(?:英文)?(?:字母|数字|英文))"
    )
)

_TOKEN = expressions.compiled(r"[A-Za-z0-9_\-]+")
_NUMERAL_TAIL = expressions.compiled(
    f"[{numerals.HAN_DIGITS}]{{2,}}+|[{numerals.HAN_DIGITS}](?=[A-Za-z0-9_])|(?<=[A-Za-z_\\-0-9])[{numerals.HAN_DIGITS}](?![一-鿿])| [{numerals.HAN_DIGITS}]{{3,}}+(?![一-鿿])"
)
_GAP = expressions.compiled(r"(?:[^\w。!?;、:￥¥\n]|[丶丨]){1,2}(?=[A-Za-z0-9_\-])")
#: A name written downwards: a line break, and only so much on the next line.
_LINE_GAP = expressions.compiled(r" ?\n ?(?=[A-Za-z0-9_\-]{1,4} ?(?:\n|\Z|[(]))")
_NUMERALS = expressions.compiled(f"[{numerals.HAN_DIGITS}]+(?![一-鿿])")
#: Where pieces are told to belong together: numerals may be one of them.
_BREAK = expressions.compiled(
    rf"[ \n]{{1,3}}(?=[A-Za-z0-9_\-{numerals.HAN_DIGITS}])|{_GAP.pattern}"
)
#: Behind a piece that is all of an id.
WHOLE: Final = (
    rf"(?![A-Za-z0-9_\-.]|{_GAP.pattern}|{_LINE_GAP.pattern}|{_NUMERAL_TAIL.pattern})"
)
_HAN_GAP = expressions.compiled(r"[^0-9A-Za-z_\n。!?;]{1,3}(?=[A-Za-z0-9_])")
#: A single dot between two parts of a name belongs to it: aning.cd0707, but not s.z.r.8 nor a sentence's end.
_DOTTED = expressions.compiled(
    r"[A-Za-z][A-Za-z0-9_\-]{1,15}\.[A-Za-z][A-Za-z0-9_\-]{1,15}(?![A-Za-z0-9_\-.@])"
)
#: No id of WeChat begins with a digit, but people announce such ones (0570szr); not 100w, 3d or 2026ai.
_DIGITS_FIRST = expressions.compiled(
    r"(?=[0-9]+_?[A-Za-z]{3})[0-9][A-Za-z0-9_\-]{5,19}(?![A-Za-z0-9_\-.@])"
)
_WECHAT = expressions.compiled(r"[A-Za-z][A-Za-z0-9_\-]{5,19}")
_TELEGRAM = expressions.compiled(r"[A-Za-z][A-Za-z0-9_]{4,31}")
_LIMIT: Final = 80
#: Words of other languages and products that follow the name of a messenger without being anybody's id.
_WORDS: Final = frozenset(
    {
        "android",
        "iphone",
        "windows",
        "harmonyos",
        "wechat",
        "weixin",
        "official",
        "download",
        "chatgpt",
        "deepseek",
    }
    | {
        "python",
        "github",
        "openai",
        "facebook",
        "youtube",
        "whatsapp",
        "telegram",
        "google",
        "tiktok",
        "douyin",
    }
    | {
        "kuaishou",
        "bilibili",
        "taobao",
        "alipay",
        "online",
        "service",
        "business",
        "software",
        "internet",
        "digital",
    }
    | {
        "avatar",
        "platform",
        "webapp",
        "miniprogram",
        "applet",
        "ubuntu",
        "server",
        "http",
        "https",
        "text",
        "time",
        "real",
        "open",
        "source",
        "face",
        "diffusion",
        "model",
        "proxy",
        "lip",
        "sync",
        "live",
        "client",
        "mail",
        "email",
        "mobile",
        "enterprise",
    }
)


def is_name(written: str) -> bool:
    """Whether parts joined by signs may be somebody's id: none of them is a word of technology."""
    return _WORDS.isdisjoint(written.replace("-", "_").split("_"))


def dropped_signs(folded: str, places: Iterable[int] | None = None) -> frozenset[str]:
    """What a post tells its reader to leave out of an id: signs, or ``汉字`` for Chinese characters, ``符号`` for all signs.

    Args:
        folded: Plain text in lower case.
        places: Where ``INSTRUCTION`` may match, ascending; None for anywhere.
    """
    dropped: set[str] = set()
    for match in openings.matches(INSTRUCTION, folded, places):
        if match["back"]:
            dropped.add(REVERSED)
            continue
        if folded[max(match.start() - 4, 0) : match.start()].endswith(_ASKED):
            continue
        if match["join"] or match["mixed"]:
            dropped.update(_BREAKS if match["join"] else {"汉字"})
            continue
        if match["only"]:
            dropped.update({"汉字", "符号"})
            continue
        for what in match[1] or match[2] or match["one"], match["two"]:
            if what is None:
                continue
            if what in SIGN_NAMES:
                dropped.update(SIGN_NAMES[what])
            elif what in _HAN_NAMES:
                dropped.add("汉字")
            elif what in _KIND_NAMES:
                dropped.add("符号")
            else:
                dropped.add(what)
    return frozenset(dropped)


def _pieces(
    text: str, position: int, dropped: frozenset[str]
) -> list[tuple[str, str, int]]:
    """Tokens of a possible id from ``position`` on: (gap before, token, end), as far as gaps stay short."""
    limit = min(len(text), position + _LIMIT)
    is_han = "汉字" in dropped or any("一" <= one <= "鿿" for one in dropped)
    gap_pattern = _HAN_GAP if is_han else _BREAK if "\n" in dropped else _GAP
    pieces: list[tuple[str, str, int]] = []
    at, gap = position, ""
    while at < limit:
        token = _TOKEN.match(text, at, limit)
        if token:
            pieces.append((gap, token[0], token.end()))
            at = token.end()
            tail = _NUMERAL_TAIL.match(text, at, limit)
            if tail:
                digits = "".join(numerals.DIGIT_OF[one] for one in tail[0].lstrip())
                pieces.append(("", digits, tail.end()))
                at = tail.end()
                gap = ""
                if _TOKEN.match(text, at, limit):
                    continue
        elif pieces and gap and "\n" in dropped:
            tail = _NUMERALS.match(text, at, limit)
            if tail:
                digits = "".join(numerals.DIGIT_OF[one] for one in tail[0])
                pieces.append((gap, digits, tail.end()))
                at, gap = tail.end(), ""
        between = gap_pattern.match(text, at, limit) or _LINE_GAP.match(text, at, limit)
        if not between or not pieces:
            break
        gap, at = between[0], between.end()
    return pieces


def led_handle(
    text: str,
    position: int,
    *,
    dropped: frozenset[str],
    is_explicit: bool,
    is_telegram: bool = False,
) -> Number | None:
    """The id that begins exactly here, after a lead-in.

    Args:
        text: Plain text, case kept.
        position: Where the id begins.
        dropped: What the post tells the reader to leave out (``dropped_signs``).
        is_explicit: A colon or the like announced it; then a plain word may be an id.
        is_telegram: Telegram's rules (5 to 32, no hyphen) instead of WeChat's (6 to 20).

    Returns:
        Value in lower case with its span, or None.
    """
    dotted = _DOTTED.match(text, position) if "." not in dropped else None
    if dotted and not is_telegram:
        return Number(dotted[0].lower(), position, dotted.end(), is_plain=True)
    shape = _TELEGRAM if is_telegram else _WECHAT
    longest = 32 if is_telegram else 20
    pieces = _pieces(text, position, dropped)
    is_reversed = REVERSED in dropped
    if not pieces or not (is_reversed or pieces[0][1][0].isalpha()):
        mixed = _DIGITS_FIRST.match(text, position) if is_explicit else None
        return mixed and Number(mixed[0].lower(), *mixed.span(), is_plain=True)
    value, end, used = _clean(pieces[0][1], dropped), pieces[0][2], 1
    is_short = shape.fullmatch(value) is None
    for index, (gap, token, token_end) in enumerate(pieces[1:], start=1):
        joined = value + _clean(token, dropped)
        if len(joined) > longest or not (
            gap == ""
            or _is_dropped(gap, dropped)
            or _belongs(text, pieces, index, is_short=is_short)
        ):
            break
        value, end, used = joined, token_end, index + 1
    value = value.rstrip("-")
    if is_reversed:
        value = value[::-1]
    if not shape.fullmatch(value):
        return None
    is_word = value.isalpha() and (
        value.lower() in _WORDS
        or not (is_explicit or _is_spoken(text, value.lower(), end))
    )
    if is_word:
        return None
    is_plain = used == 1 and text[position:end] == value
    return Number(value.lower(), position, end, is_plain)


#: Another Latin word: a sentence of another language, not an id.
_GOES_ON = expressions.compiled(r"[ '’]{1,2}[A-Za-z]")
_CONSONANTS = expressions.compiled("[bcdfghjklmnpqrstvwxyz]*")
_INITIALS: Final = 4


def _is_spoken(text: str, value: str, end: int) -> bool:
    """Whether letters are how Chinese is spelt, perhaps behind initials (szrdaili), and no word of another language."""
    if _GOES_ON.match(text, end):
        return False
    head = _CONSONANTS.match(value)
    most = min(head.end() if head else 0, _INITIALS)
    return any(pinyin.is_pinyin(value[start:]) for start in range(most + 1))


def _clean(token: str, dropped: frozenset[str]) -> str:
    for sign in ("_", "-"):
        if sign in dropped:
            token = token.replace(sign, "")
    return token


def _is_dropped(gap: str, dropped: frozenset[str]) -> bool:
    if "符号" in dropped:
        return not gap.isalnum()
    if "汉字" in dropped and not gap.isascii():
        return True
    return bool(dropped) and all(one in dropped for one in gap)


def _belongs(
    text: str, pieces: list[tuple[str, str, int]], index: int, *, is_short: bool
) -> bool:
    """Whether a token after an unexplained gap is still the id.

    The first token alone is too short to be an id, or all gaps are the same single sign and the tokens are short: then
    the id was broken up. A complete first token ends the id, except before digits behind a noise sign.
    """
    gap, token, end = pieces[index]
    if "#" in gap and " " in gap:
        # The tag behind an id.
        return False
    is_word = any("一" <= one <= "鿿" and one not in "丶丨" for one in gap)
    # s z r 8 8,yi ge di ji shi: the comma ends a name that blanks broke up.
    is_ended = "," in gap and index > 1 and "," not in pieces[1][0]
    if is_word or is_ended or (gap.strip() == "" and len(gap) > 1 and "\n" not in gap):
        return False
    if "\n" in gap:
        return is_short and (index == 1 or "\n" in pieces[1][0])
    gaps = {piece[0] for piece in pieces[1 : index + 1]}
    if is_short:
        return (
            len(gaps) == 1 or max(len(piece[1]) for piece in pieces[: index + 1]) <= 4
        )
    if any(one.isspace() for one in gap):
        return False
    follows_word = "一" <= text[end : end + 1] <= "鿿" and token.isalpha()
    return gap[0] not in ',/|(&+”"’」】)]…' and not follows_word and len(token) <= 6
