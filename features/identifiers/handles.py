"""Names that people give themselves on a service: WeChat ids, Telegram names, handles on other platforms.

In: plain text and the place where a lead-in says that a name begins. Out: the name as a reader would type it and its
span. Invariants: pure; looks at most 80 characters ahead.

A post may tell the reader to drop something (中间去掉点): ``instructions.dropped_signs`` finds what, and the names are read without it.
"""

from __future__ import annotations

from typing import Final

from features.engine import expressions
from features.identifiers import instructions
from features.writing import numerals, pinyin
from features.writing.digits import Number

_TOKEN = expressions.compiled(r"[A-Za-z0-9_\-]+")
_NUMERAL_TAIL = expressions.compiled(
    f"[{numerals.HAN_DIGITS}]{{2,}}+|[{numerals.HAN_DIGITS}](?=[A-Za-z0-9_])|(?<=[A-Za-z_\\-0-9])[{numerals.HAN_DIGITS}](?![一-鿿])| [{numerals.HAN_DIGITS}]{{3,}}+(?![一-鿿])"
)
_GAP = expressions.compiled(r"(?:[^\w。!?;、:￥¥\n]|[丶丨]){1,2}(?=[A-Za-z0-9_\-])")
#: A name written downwards: a line break, and only so much on the next line.
_LINE_GAP = expressions.compiled(
    r" ?\n ?(?=[A-Za-z0-9_\-]{1,4} ?(?:\n|\Z|[(。,!?;~…#]))"
)
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
        dropped: What the post tells the reader to leave out (``instructions.dropped_signs``).
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
    is_reversed = instructions.REVERSED in dropped
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
        return not any(map(str.isalnum, gap))
    if "汉字" in dropped and not gap.isascii():
        return True
    return bool(dropped) and all(one in dropped for one in gap)


#: Latin lead-ins.
_LEADING: Final = frozenset({"vx", "wx", "qq", "tg", "v", "q", "tel", "phone"})
#: Behind digits that end an id: the end of its clause.
_CLOSES = expressions.compiled(r"[。,!?;~】)」]|[ ]?(?:#|\n|\Z)")
_DIGITS_ONLY = expressions.compiled("[0-9]{2,5}")
_LAST_BOX = expressions.compiled(r"[\]】](?![A-Za-z0-9_\-])")


def _is_split_off(text: str, pieces: list[tuple[str, str, int]], index: int) -> bool:
    """Whether digits behind a blank are the end of an id: nobody's id ends with an underline or is letters alone (demoti_ 510)."""
    _, token, end = pieces[index]
    before = pieces[index - 1][1]
    return (
        index == 1
        and _DIGITS_ONLY.fullmatch(token) is not None
        and (before[-1] in "_-" or before.isalpha())
        and _CLOSES.match(text, end) is not None
    )


def _belongs(
    text: str, pieces: list[tuple[str, str, int]], index: int, *, is_short: bool
) -> bool:
    """Whether a token after an unexplained gap is still the id.

    The first token alone is too short to be an id, or all gaps are the same single sign and the tokens are short: then
    the id was broken up. A complete first token ends the id, except before digits behind a noise sign.
    """
    gap, token, end = pieces[index]
    is_word = any("一" <= one <= "鿿" and one not in "丶丨" for one in gap)
    # s z r 8 8,yi ge di ji shi: the comma ends a name that blanks broke up.
    is_ended = "," in gap and index > 1 and "," not in pieces[1][0]
    # The tag behind an id; demo_336⭐VX: another contact follows.
    is_other = ("#" in gap and len(gap) > 1) or (not is_short and token.lower() in _LEADING)  # fmt: skip
    # [doge], [666] behind an id: a picture by its name, as platforms write them.
    is_picture = not is_short and gap[-1] in "[【" and _LAST_BOX.match(text, end)
    if is_word or is_ended or is_other or is_picture:
        return False
    if "\n" in gap:
        return is_short and (index == 1 or "\n" in pieces[1][0])
    if gap.strip() == "" and (len(gap) > 1 or not is_short):
        return gap == " " and _is_split_off(text, pieces, index)
    if is_short:
        gaps = {piece[0] for piece in pieces[1 : index + 1]}
        return (
            len(gaps) == 1 or max(len(piece[1]) for piece in pieces[: index + 1]) <= 4
        )
    follows_word = "一" <= text[end : end + 1] <= "鿿" and token.isalpha()
    is_noise = (
        not any(one.isspace() for one in gap) and gap[0] not in ',/|(&+”"’」】)]…'
    )
    return is_noise and not follows_word and len(token) <= 6
