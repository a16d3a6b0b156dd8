"""Contacts behind a lead-in: the number, name or handle that 加V, 扣扣, TG or 抖音号 announce.

In: lead-ins of a text (``features.identifiers.leadins``) and what was found there so far. Out: contacts added to ``finds.Finds``.
Invariants: looks at most 80 characters behind a lead-in; a stretch that something else took is left alone.
"""

from __future__ import annotations

import functools
import re
import string
from typing import TYPE_CHECKING, Final

from features.engine import expressions
from features.identifiers import finds as finds_module
from features.identifiers import handles, leadins, qq, services
from features.identifiers import named as named_module
from features.writing import digits, numerals, pinyin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.identifiers.finds import Finds

#: What a number or name behind a lead-in may begin with.
_OPENS_VALUE: Final = frozenset(
    f"{string.ascii_letters}{string.digits}_-{digits.NUMERALS}{''.join(numerals.SOUNDS_OF)}"
)
_MENTION = expressions.compiled(r"@([a-z][a-z0-9_]{4,31})")
_ACCOUNT_NAME = expressions.compiled(r"[一-鿿A-Za-z0-9_\-.·]{2,24}")
#: A Latin id that the next word is stuck to: 订阅号:yfx168订阅号….
_LATIN_NAME = expressions.compiled(
    r"(?=[a-z_\-]*[0-9])[A-Za-z0-9_\-]{5,}(?=[一-鿿])", re.IGNORECASE
)
_ACCOUNT_ID = expressions.compiled(r"[A-Za-z0-9][A-Za-z0-9_.\-]{3,29}")
LISTED: Final = expressions.compiled(
    r"\s?(?:[/、,]|或者?|和|以及|还有|直至|到|至|[”\"’」]\s?[、和及]?\s?[“\"‘「])\s?@?(?=[A-Za-z][A-Za-z_\-]*[0-9_])"
)
LISTED_NUMBER: Final = expressions.compiled(
    r" ?(?:[/、,]|或者?|和|以及|还有) ?(?=[1-9][0-9]{4})"
)
#: Signs behind 联系, 合作 that say that a name follows.
_NAMES_VALUE: Final = expressions.compiled("[:+➕]")
_NAMING = expressions.compiled(r"[:=【「“\"《\[@搜]")
#: Where a name in quotation marks is somebody's on any platform: 抖音搜“…”, 快手叫“…”.
_CALLED = expressions.compiled(
    r" ?(?:[搜找叫名号是为:]|同名|搜索|账号|昵称|ID|id| )*+[“\"「『【《]?@?"
)
QUOTING: Final = frozenset('“"「『【《@')
_CALLS: Final = frozenset("搜找叫名号:@")
# An id behind an unnamed "contact me": letters with digits or an underline, not a label before a number (T 4000001153).
_NAMED_ID = expressions.compiled(r"(?![a-z]{1,3}[0-9]{7,}\Z)[a-z][a-z_\-]*[0-9_].*")
_WECHAT_ID = expressions.compiled(r"[A-Za-z][A-Za-z0-9_\-]{5,19}")
#: Platforms where accounts have names of any characters.
NAMED_PLATFORMS: Final = frozenset({"wechat_mp", "wechat_channels"})
#: Words before 公众号 and a blank after which its name stands, and what ends the name there.
_SEEKS = expressions.compiled(r"(?:认准|关注|搜|搜索|去|来|看|找|我的?|移步|请到)\Z")
_NAME_ENDS = expressions.compiled(r"[ ,。!?);、\n]|\Z")
#: What is read there, not how it is called: 公众号文章节选:….
_NOT_NAMING = expressions.compiled(
    "文章|节选|内容|推文|推送|写道|显示|截图|原文|消息|回复|发布|通告|声明"
)
_ANSWERS = expressions.compiled(r" ?(?:后台|回复|私信|菜单|留言)")
#: Digits with a unit or a year behind them are nobody's handle: 抖音:2024年.
_NOT_HANDLE = expressions.compiled(r"[0-9]{1,4}\Z")


def promising(folded: str, places: Iterable[int] | None) -> list[leadins.Lead]:
    """Lead-ins behind which a number or name may stand."""
    return list(leadins.leads(folded, places, opens=_OPENS_VALUE))


def add_led(finds: Finds, led: list[leadins.Lead], dropped: frozenset[str]) -> None:
    """Contacts behind a lead-in; ``dropped`` is what the post tells to leave out of names (``handles.dropped_signs``)."""
    for lead in led:
        if lead.value < 0:
            _add_before(finds, lead)
            continue
        if not finds.is_free(lead.start, lead.value + 1):
            continue
        if "account" in lead.kinds:
            _add_account(finds, lead)
        elif not _add_number(finds, lead):
            _add_handles(finds, lead, dropped)


#: As far behind a number 同上 may still mean it.
_NEAR: Final = 24
_DIGIT = expressions.compiled(digits.ANY)
#: An id that may stand behind LINE and the like with no more than a blank.
_MIXED_ID = expressions.compiled(r"(?=[a-z_.]*[0-9_])[a-z][a-z0-9_.\-]{5,19}")
ABROAD: Final = frozenset({"line", "instagram", "facebook"})


def _is_abroad(finds: Finds, lead: leadins.Lead) -> bool:
    """Whether an id follows the name of a messenger that nobody here writes of otherwise."""
    return (
        lead.platform in ABROAD
        and _MIXED_ID.match(finds.folded, lead.value) is not None
    )


#: Digits with no more than one sign between them: not 合作5000,尾款3000.
_IN_ONE = expressions.compiled(rf"[{digits.EACH}](?:[ .\-·*_]?[{digits.EACH}])*")
#: Between a lead-in and a number: the telephone's is the same (微信同号, v同电, 微电).
_SAME_NUMBER: Final = frozenset("同电")
#: What parts a lead-in from an id that begins like another one.
_SEPARATES: Final = frozenset(":=→")
_FIRST_LETTERS = expressions.compiled("[a-z]+")
#: A lead-in of its own and its number, where another name of a list might stand (… 或 tel199…).
_NEXT_LEAD = expressions.compiled(r"(?:tel|phone|call|qq?|vx|wx|tg)[0-9]{5,}")
#: A flight, not an id (飞机 CA1234).
_FLIGHT = expressions.compiled(r"[a-z]{2}[0-9]{3,4}")
_BEFORE = expressions.compiled(
    rf"(?<![a-z0-9_\-.@/¥$])(?:(?P<name>(?:[a-z] )?[a-z][a-z0-9_\-]{{5,19}})|(?P<number>[{digits.EACH}](?:[ .\-·]?[{digits.EACH}]){{5,11}}))[ ,(]{{0,2}}\Z"
)


def _add_before(finds: Finds, lead: leadins.Lead) -> None:
    """The number or name that a lead-in names only afterwards: 990077341 扣, szr_demo(绿的); 薇 同上."""
    kinds = [one for one in lead.kinds if one not in {"contact", "email", "account"}]
    if leadins.refers_back(finds.folded, lead.end):
        _add_again(finds, lead, kinds)
        return
    match = _BEFORE.search(finds.folded, max(lead.start - 40, 0), lead.start)
    if match is None or not kinds:
        return
    if match["name"]:
        kind = next((one for one in kinds if one in {"wechat", "telegram"}), "")
        value = match["name"].replace(" ", "")
        if not kind or value.isalpha() or not handles.is_name(value):
            return
    else:
        # A telephone number stands for itself, with what the words behind it add.
        kind, value = "qq", digits.value_of(match["number"])
        if kind not in kinds or not qq.is_qq(value):
            return
    span = match.span("name" if match["name"] else "number")
    if finds.is_free(*span):
        finds.add(kind, value, span, 0.75)
        noted = (*kinds, *leadins.same_as(finds.folded, span[1]))
        if kind == "qq" and "wechat" in noted:
            finds.add("wechat", value, span, 0.75)


def _add_again(finds: Finds, lead: leadins.Lead, kinds: list[str]) -> None:
    """The telephone number right before, under further kinds."""
    if finds.phone is None:
        return
    value, span = finds.phone
    if lead.start - span[1] > _NEAR or _DIGIT.search(finds.folded, span[1], lead.start):
        return
    for kind in kinds:
        finds.add(kind, value, span, 0.85, lead=lead.start)


def _add_account(finds: Finds, lead: leadins.Lead) -> None:
    """A handle on another platform: an id, or for 公众号 and 视频号 a name."""
    between = finds.text.text[lead.end : lead.value]
    named = named_module.span(finds.text.text, finds.folded, lead)
    if named and finds.is_free(*named):
        value = f"{lead.platform}:{finds.folded[named[0] : named[1]]}"
        finds.add("account", value, named, 0.85, lead=lead.start)
        return
    is_named = lead.platform in NAMED_PLATFORMS
    is_called = (
        not is_named
        and (between[-1:] in QUOTING or between.endswith("同名:"))
        and _CALLED.fullmatch(between) is not None
        and not _CALLS.isdisjoint(
            finds.folded[lead.value - len(between) - 1 : lead.value]
        )
    )
    is_called = is_called or between.startswith("同名 ")
    is_sought = (
        is_named
        and between == " "
        and (
            _SEEKS.search(finds.folded, max(lead.start - 4, 0), lead.start) is not None
            or _is_answered(finds, lead.value)
        )
    )
    if is_named and _NOT_NAMING.search(between):
        return
    if (
        not (
            lead.is_explicit
            or is_called
            or is_sought
            or "同" in finds.text.text[lead.start : lead.value]
            or _is_abroad(finds, lead)
        )
        or "\n" in between
        or (is_named and not (is_sought or is_called) and not _NAMING.search(between))
    ):
        return
    pattern = _ACCOUNT_NAME if is_named or is_called else _ACCOUNT_ID
    match = pattern.match(finds.text.text, lead.value)
    if not match or not finds.is_free(*match.span()):
        return
    if is_sought and not _NAME_ENDS.match(finds.text.text, match.end()):
        return
    latin = _LATIN_NAME.match(match[0])
    value = (latin[0] if latin else match[0]).rstrip(".-·")
    if not value or _NOT_HANDLE.match(value):
        return
    span = (match.start(), match.start() + len(value))
    finds.add(
        "account", f"{lead.platform}:{value.lower()}", span, 0.85, lead=lead.start
    )
    kinds = {*lead.kinds, *leadins.same_as(finds.folded, span[1])}
    if "wechat" in kinds and _WECHAT_ID.fullmatch(value):
        finds.add("wechat", value.lower(), span, 0.85, lead=lead.start)


def _is_answered(finds: Finds, start: int) -> bool:
    """Whether a name is followed by what to do there: 公众号 某某手记 后台回复“资料”."""
    name = _ACCOUNT_NAME.match(finds.text.text, start)
    return name is not None and _ANSWERS.match(finds.folded, name.end()) is not None


def _add_number(finds: Finds, lead: leadins.Lead) -> bool:
    """A number behind a lead-in, under every kind that is announced; whether there was one."""
    folded = finds.folded
    kinds = _reached(lead.kinds)
    phone = digits.led_number(folded, lead.value)
    if (
        phone
        and "qq_group" not in kinds
        and (phone.value[0] == "1" or "phone" in kinds or not kinds)
        and finds.is_free(phone.start, phone.end)
    ):
        if finds_module.ID_BEFORE.search(folded, max(lead.value - 10, 0), lead.value):
            return True
        is_mobile = len(phone.value) == 11 and phone.value[0] == "1"
        is_wechat = leadins.is_renamed(folded, phone.end) or (is_mobile and leadins.is_added(folded, lead.last))  # fmt: skip
        named = _dialled(kinds, is_mobile=is_mobile) or (
            ("wechat",) if is_wechat else ("phone",)
        )
        if (
            is_mobile
            and (
                not _SAME_NUMBER.isdisjoint(folded[lead.last : lead.value])
                or folded[lead.start - 1 : lead.start] == "同"
            )
            and "phone" not in named
        ):
            named = (*named, "phone")
        finds.add_kinds(named, phone, lead.start)
        return True
    if "whats" in folded[lead.start : lead.end]:
        # Numbers of any country, with its code or without.
        number = qq.led_id(folded, lead.value, low=8, high=13)
        if number and finds.is_free(number.start, number.end):
            finds.add_kinds(["phone"], number, lead.start)
        return number is not None
    if not kinds and "contact" in lead.kinds:
        return _add_unnamed(finds, lead)
    for kind, low, high in (("qq_group", 6, 10), ("qq", 5, 11), ("wechat", 6, 10)):
        if kind not in kinds or (kind == "wechat" and not lead.is_explicit):
            continue
        number = qq.led_id(folded, lead.value, low=low, high=high)
        if number and finds.is_free(number.start, number.end):
            if folded[lead.start : lead.end] == "扣" and not qq.is_qq(number.value):
                # 扣 300000 保证金.
                continue
            named = tuple(
                one
                for one in kinds
                if one == kind or (kind == "qq" and one == "wechat")
            )
            finds.add_kinds(named, number, lead.start)
            _add_listed(finds, lead, named, number)
            return True
    return False


@functools.cache
def _reached(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some kinds that are reached by a number or name."""
    return tuple(kind for kind in kinds if kind not in {"contact", "email"})


@functools.cache
def _dialled(kinds: tuple[str, ...], *, is_mobile: bool) -> tuple[str, ...]:
    """Those of some kinds that a telephone number may have."""
    return tuple(
        kind for kind in kinds if kind != "telegram" and (is_mobile or kind == "phone")
    )


def _add_unnamed(finds: Finds, lead: leadins.Lead) -> bool:
    """An id of digits alone, of no named service: WeChat ids begin with a letter, so QQ."""
    number = qq.led_id(finds.folded, lead.value, low=8, high=10)
    if (
        number is None
        or not finds.is_free(number.start, number.end)
        or not _IN_ONE.fullmatch(finds.folded, number.start, number.end)
    ):
        return False
    finds.add("qq", number.value, (number.start, number.end), 0.6, lead=lead.start)
    return True


def _add_listed(
    finds: Finds, lead: leadins.Lead, kinds: tuple[str, ...], number: digits.Number
) -> None:
    """Further numbers of a list: QQ三个:9001990、9001991、9001992."""
    for _ in range(8):
        listed = LISTED_NUMBER.match(finds.folded, number.end)
        if not listed:
            return
        more = qq.led_id(finds.folded, listed.end(), low=len(number.value), high=len(number.value))  # fmt: skip
        if more is None or not finds.is_free(more.start, more.end):
            return
        finds.add_kinds(kinds, more, lead.start)
        number = more


def _add_handles(finds: Finds, lead: leadins.Lead, dropped: frozenset[str]) -> None:
    """Names behind a lead-in; several when they are listed."""
    kind = next((one for one in lead.kinds if one in {"wechat", "telegram"}), None)
    plain = finds.text.text
    if kind is None and not _may_name(finds, lead):
        return
    position = lead.value
    if kind == "wechat" and _is_part_of_name(plain, lead):
        announced = plain[lead.last : lead.end]
        position = lead.last + len(announced.rstrip(string.ascii_letters))
    first = position
    for _ in range(4):
        handle = handles.led_handle(
            plain,
            position,
            dropped=dropped,
            is_explicit=lead.is_explicit,
            is_telegram=kind == "telegram",
        )
        if handle is None or not finds.is_free(handle.start, handle.end):
            return
        if kind is None and not _NAMED_ID.fullmatch(handle.value):
            return
        if kind == "telegram" and _FLIGHT.fullmatch(handle.value):
            return
        if position != first and _NEXT_LEAD.match(handle.value):
            return
        confidence = 0.6 if kind is None else (0.95 if handle.is_plain else 0.85)
        span = (handle.start, handle.end)
        of, value = kind, handle.value
        if of is None:
            of, value = services.service(finds.folded, value, span)
        finds.add(of, value, span, confidence, lead=lead.start)
        listed = LISTED.match(plain, handle.end)
        if not listed:
            return
        position = listed.end()


def _may_name(finds: Finds, lead: leadins.Lead) -> bool:
    """Whether a lead-in of no service may have a name behind it; one with an at-sign is Telegram's and added at once."""
    if lead.kinds != ("contact",):
        return False
    mention = _MENTION.match(finds.folded, lead.value - 1) if lead.value else None
    if mention:
        finds.add("telegram", mention[1], mention.span(1), 0.6, lead=lead.start)
        return False
    plain = finds.text.text
    return (
        _NAMES_VALUE.search(plain, lead.end, lead.value) is not None
        or "号" in plain[lead.start : lead.end]
    )


def _is_part_of_name(plain: str, lead: leadins.Lead) -> bool:
    """Whether wx or vx is the beginning of the id itself (微信 wx8116demo): digits follow it directly."""
    if plain[lead.last - 1 : lead.last] == "#":
        # #vx_szr88: a tag holds no colon.
        return False
    after = plain[lead.end : lead.end + 1]
    if lead.value == lead.end and plain[lead.end - 1] in "wW" and after.isalpha():
        # 加我 weiquan_88: with its w it is pinyin, without it nothing.
        rest = _FIRST_LETTERS.match(plain[lead.end : lead.end + 20].lower())
        if rest and pinyin.is_pinyin("w" + rest[0]) and not pinyin.is_pinyin(rest[0]):
            return True
    if (
        lead.last > lead.start
        and lead.value == lead.end
        and plain[lead.last - 2 : lead.last].rstrip(" ")[-1:] in _SEPARATES
        and after.isalnum()
        and plain[lead.last : lead.end].isascii()
    ):
        # WeChat: wxdemo88.
        return True
    is_stuck = after == "_" or (lead.value == lead.end and after.isdigit())
    return (
        is_stuck
        and plain[lead.last : lead.end].lstrip("+ ").isascii()
        and plain[lead.end - 1].isalpha()
    )
