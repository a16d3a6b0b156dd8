"""Sums as they are written: 9万8, 十几万, 2-5w, 98k, 六位数, ¥12,800.

In: plain text in lower case (``Normalised.folded``). Out: ``Quantity``: lower and upper bound, vagueness, span, and how sure its
form alone makes it a sum of money. Invariants: pure, exact (``Decimal``), linear: a candidate is matched once, without
backtracking, and read from at most 24 characters around it.

What follows a number tells what it counts: percentages, people, shops, hours, places in a queue are not quantities here.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from features import numerals, openings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: ``money``: a currency stands beside it. ``unit``: 万, w, k: money unless something is counted. ``bare``: digits or written-out
#: numerals alone; money only beside a word that says so.
Form = Literal["money", "unit", "bare"]

HAN: Final = f"{numerals.HAN_DIGITS}{numerals.HAN_UNITS}"
_ASCII: Final = r"[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]+)?+|[0-9]++(?:\.[0-9]++)?+"
_UNIT: Final = r"千万|百万|十万|万|亿|千|百|w(?![a-z])|k(?![a-z])"
_NUMBER = re.compile(_ASCII)
#: Digits with blanks between, against filters: 3 5 0 0 0.
_SPREAD = re.compile(r"(?<![0-9] )[1-9](?: [0-9]){3,6}+(?! ?[0-9])")
#: What the rest of a sum in digits may begin with.
UNIT_OPENS: Final = frozenset(" 几多来余个千百十万亿wk")
# One sum in digits: number, 多 or 几, unit, 多, a group behind the unit.
_DIGITAL = re.compile(
    rf"(?P<number>{_ASCII})(?: (?=[wk]|[万亿](?![科达象物众事通豪圣])))?+(?P<more>几多?|多|来|余)?+(?:个(?=[wk万亿百千]))?+"
    rf"(?P<unit>{_UNIT})?+(?P<over>多|来|余)?+(?P<group>万|亿)?+"
)
#: With what the second number of a range begins.
RANGE_DIGITS: Final = "0123456789一二两三四五六七八九十百"
_TO = re.compile(rf" ?(?:元|块)?(?:-{{1,2}}|~|到|至) ?(?:¥ ?)?(?=[{RANGE_DIGITS}])")
_HAN_RUN = re.compile(
    rf"(?:好?几|数|上|过|破)?[{HAN}]++(?:几多?|多|来|余|把(?=[块元]))?[{HAN}]*+"
)
_LAST_UNITS = re.compile(r"(?<=[一二两三四五六七八九])[十百千万亿]+$|[万亿千百]$")
#: What a sum in Chinese numerals begins with.
BEGINS_HAN: Final = f"几数上过破{HAN}"
_START = re.compile(rf"[0-9{BEGINS_HAN}]")
#: The decimal point as it is spoken.
POINT: Final = "点"
#: The fraction of a sum in Chinese numerals: 三点五万, 一点二八w.
_FRACTION = re.compile(
    rf"{POINT}([零一二三四五六七八九]{{1,3}})(千万|百万|十万|万|亿|千|w(?![a-z])|k(?![a-z]))"
)
_WHOLE_BEFORE = re.compile(rf"[{HAN}]{{1,4}}{POINT}\Z")
_LONGEST_WHOLE: Final = 5
# What follows a Chinese numeral that may be a sum: everything else ends there (数字, 一个, 上线).
AFTER_HAN: Final = frozenset([*HAN, *"几多来余把位元块圆毛wk到至~- 个", ""])
PLACES_DIGITS: Final = "456789四五六七八九"
_PLACES = re.compile(
    rf"(?<![十0-9])([{PLACES_DIGITS}]) ?位数(?!的?(?:密码|数字|验证码|编号|学号|账号|邮编))"
)
#: Two or four digits behind 万: 3万98 and 3万9800 are 39,800.
_LONG_TAIL = re.compile(r"[1-9][0-9](?:[0-9]{2})?(?![0-9.%个折人家天月年店户台倍])")
TAIL_DIGITS: Final = "123456789一二三四五六七八九两"
_TAIL = re.compile(rf"([{TAIL_DIGITS}])(?:(千|k|百)|(?![0-9.%]))")
_TAIL_ENDS: Final = frozenset(
    "折个人天月年家台小倍次名位周万十亿套期成点号单条级款块城档"
)
#: What a price is for, behind 一: 六万一县, 八块一斤.
_PER_ONE: Final = "斤包晚口县抽席街片镇股锅桌箱袋瓶盒嘎趟亩顿碗杯双根头卷桶扇餐区村"
#: A count with a fraction is one of 万: 1.3个,含客户; but 1.5个小时, 2.5个百分点.
_PIECES = re.compile(
    r"个(?=[,，。!！?？;；、)）\n]|起|进|出|拿|给|左右|全|含|的[盘位区县])"
)
_AFTER_ONE: Final = frozenset("年个月天套对站次")
#: Behind a currency word they make another word of it: 块件, 元素.
NO_CURRENCY: Final = "素旦件宇老"
_CURRENCY = re.compile(
    r" ?(?:元|块(?![大小竖横立液]?[屏板牌砖表地田肉布碑匾]|招牌|蛋糕)(?:钱)?|圆|毛(?![衣巾病线利孩豆笔肚绒坯驴重皮血尖织遂主泽])(?:钱)?|rmb|人民币|大洋|¥(?! ?[0-9一二两三四五六七八九十百千几])|软妹币|cny)"
    rf"(?![{NO_CURRENCY}])"
)
#: 一块 that is no money: 一块儿, 连一块就是.
_TOGETHER = re.compile(r"块(?![钱零多0-9一二三四五六七八九]|的|/|一[条个张次]|起|钱)")
CENTS_DIGITS: Final = "123456789一二三四五六七八九"
#: 9块9一个月, and no 9块9个人.
_CENTS = re.compile(
    rf"(?<=[块毛])(?!一[{_PER_ONE}])([{CENTS_DIGITS}])(?:毛([{CENTS_DIGITS}])?|(?![0-9点.个人天日月年周位台家条份张件号折成%级层块万千百十亿wk元次本集秒分小场套只首篇期]))"
)
#: Places and ranks with a price in 万 that is not said: 县3.9, 市6.9.
_RANKED = re.compile(r"(?:[省市县区镇乡]级?代?[:：]?|标价|心理价|进场|出手价|涨到) ?\Z")
_IN_TEN_THOUSANDS = re.compile(r"单位[:：]?(?:都|均)?[是为]?[:：]?[万w]|[(][万w][)]")
_TOLD_BEFORE = re.compile(r"(?:单位[:：]?(?:都|均)?[是为]?[:：]?|[(])\Z")
_LONGEST_TOLD: Final = 6
_METRES = re.compile(r" ?米(?![高长宽深远跑短])")
_SIGNED = re.compile(r"(?:¥|rmb|人民币|cny) ?\Z")
_FOREIGN = re.compile(
    r" ?(?:美元|美金|刀|usdt?|u(?![a-z])|欧元|港币|港元|日元|韩元|英镑|泰铢|卢布|台币|积分|金币|钻|豆|币)"
)
#: What makes a number right before it a count of something that is no money.
COUNTED: Final = re.compile(
    r"(?:\+|多|余|来|几)?(?:[%‰折倍人名位台家单粉条次套款场亩平吨斤克度岁号楼层期届级版页张件份篇章集字种项户站店]|个(?![wk万亿])|只(?![换要需剩有能是够收限拿买为做赚给用交付会来])|代(?!理)|城(?!市)|[省市县区](?![代级县域])"
    r"|点(?!点)|小时|分钟|分(?![红期成润钱])|秒|年(?![费薪租付])|月(?![租费付供])|日|天(?!价)|周|用户|客户|会员(?!费)|商家|商户|播放|观看|阅读|浏览|曝光|点赞|访问|关注|公里|像素|毫米|厘米|毫秒"
    r"|(?<=千万)(?:别|不|莫|记|小心|注意|当心|慎)|[gmk]b|kg|[kcm]m|hz|fps|mah|ml|[a-z_/]?[0-9]|[a-z]|画|高清|超清|蓝光|快充|功率|分辨率)"
)
_COUNTED_BEFORE = re.compile(
    r"(?<![0-9万亿wk+])(?:[路次人张台套条件户单字页]数|数量|投诉|纠纷|案件|播放量?|粉丝数?|用户数?|销量|观看量?|阅读量?|浏览量?|点赞量?|曝光量?|下载量?|人数|会员数?|注册量|商家数?|字数|面积|并发|日活|月活|订单数?|单量|流量|人次|参数|播放|第|分之[一二三四五六七八九十]{0,2}|编号|型号|房号|票号|证号|版本|房间|密码|邮编|工号|尾号|门牌|楼|no\.?)"
    r"(?:已经|已|超过|突破|达到|达|超|过|近|约|破|有|为|是|高达|[: ])*+\Z"
)
_ABOUT_BEFORE = re.compile(
    r"(?:近|约|大约|大概|差不多|将近|超过?|逾|高达|至少|不低于|起码|突破|过|破|左右)\Z"
)
_LONGEST_ABOUT: Final = 3
_ABOUT_AFTER = re.compile(
    r"(?:元|块钱?|米)? ?(?:左右|上下|以上|起(?!步)|\+|开外|出头|不等|朝上|多(?!少))"
)
_SCALE: Final = {
    "w": 10_000, "k": 1000, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000,
    "亿": 100_000_000,
}  # fmt: skip
_LONGEST: Final = 32
_LONGEST_DIGITS: Final = 16
_HIGHEST: Final = Decimal(10) ** 13


class Quantity(NamedTuple):
    """A number that may be money.

    Attributes:
        low: The amount, or its lower bound.
        high: Upper bound where one is meant, else None.
        is_approximate: The writer is vague.
        start: Where it begins in the plain text, currency sign included.
        end: Where it ends, currency word included.
        form: How sure the form makes it money.
    """

    low: Decimal
    high: Decimal | None
    is_approximate: bool
    start: int
    end: int
    form: Form


def quantities(
    folded: str,
    starts: Iterable[int] | None = None,
    *,
    position: int = 0,
    last_end: int = 0,
) -> Iterator[Quantity]:
    """All numbers of a text that may be money, left to right, not overlapping.

    Args:
        folded: Plain text in lower case.
        starts: Where to look, ascending, as ``beginnings.starts`` gives for many texts; None for everywhere.
        position: Nothing begins before it.
        last_end: Where the number before ends, if one was found in the text so far.
    """
    for start in _everywhere(folded) if starts is None else starts:
        if start < position:
            continue
        found, position = at(folded, start, last_end)
        if found is not None:
            last_end = position
            yield found


def at(folded: str, start: int, last_end: int) -> tuple[Quantity | None, int]:
    """The number that begins at a place, and before which place no other begins.

    Args:
        folded: Plain text in lower case.
        start: The place; some number may begin there.
        last_end: Where the number before ends, 0 without one.
    """
    sign = folded[start]
    if (
        not "0" <= sign <= "9"
        and (
            folded[start + 1 : start + 2] not in AFTER_HAN
            # 不过十多万: the word ends before the number.
            or (sign == "过" and folded[start - 1 : start] in ONLY)
        )
    ):
        return None, start
    if sign == "万" and _TOLD_BEFORE.search(folded, max(start - _LONGEST_TOLD, 0), start):  # fmt: skip
        return None, start + 1
    before = folded[start - 1 : start]
    if (sign == "一" or before.isascii()) and _is_glued(folded, start):
        return None, _skip(folded, start)
    found = _places(folded, start) if sign in _PLACES_OPENS else None
    found = found or _sum(folded, start)
    if before == POINT and sign in numerals.HAN_DIGITS:
        found = _from_whole(folded, start) or found
    if found is None:
        return None, _skip(folded, start)
    if found.start < last_end:
        # 10万人民币5万: the currency word belongs to the sum before.
        found = found._replace(start=last_end)
    return found, max(found.end, start + 1)


def _everywhere(folded: str) -> Iterator[int]:
    return (match.start() for match in _START.finditer(folded))


#: Before 过 they make a word of their own: 不过, 超过, 经过.
ONLY: Final = frozenset("不超经通交做试用去来看听买")
#: Before 一 they make a word with it: 统一, 唯一, 万一.
IN_WORD: Final = "统唯之第单万"
_GLUED = re.compile(r"[0-9a-z_.\-]*+")


def _is_glued(folded: str, start: int) -> bool:
    """Whether the digits belong to a word or a longer number that began before; 一 in 统一 and the like is no numeral."""
    before = folded[start - 1 : start]
    if not "0" <= folded[start] <= "9":
        return folded[start] == "一" and bool(before) and before in IN_WORD
    if not before.isascii():
        return False
    if folded[max(start - 3, 0) : start] in {"rmb", "cny", "gmv", "gdp"}:
        return False
    if before.isascii() and before.isalpha():
        return True
    return before == "_" or (
        before in {".", "@", "#"} and folded[start - 2 : start - 1].isalnum()
    )


def _skip(folded: str, start: int) -> int:
    """Where to look on: behind the whole Latin word or number."""
    if "0" <= folded[start] <= "9":
        match = _GLUED.match(folded, start)
        return match.end() if match and match.end() > start else start + 1
    return start + 1


def _places(folded: str, start: int) -> Quantity | None:
    """六位数: from 100,000 to 999,999."""
    match = _PLACES.match(folded, start)
    if not match:
        return None
    low = Decimal(10) ** (int(numerals.DIGIT_OF[match[1]]) - 1)
    return Quantity(
        low,
        low * 10 - 1,
        is_approximate=True,
        start=start,
        end=match.end(),
        form="bare",
    )


def _from_whole(folded: str, start: int) -> Quantity | None:
    """The sum whose fraction begins at a place: 八点八万 at the second 八; None where there is none."""
    whole = _WHOLE_BEFORE.search(folded, max(start - _LONGEST_WHOLE, 0), start)
    if whole is None or _FRACTION.match(folded, start - 1) is None:
        return None
    return _sum(folded, whole.start())


class _Side(NamedTuple):
    """One number as written: bounds, vagueness, end; ``scale`` is its unit (None without), to lend to a number before it."""

    low: Decimal
    high: Decimal | None
    end: int
    scale: Decimal | None
    is_vague: bool = False
    is_unit: bool = False


def _sum(folded: str, start: int) -> Quantity | None:
    """A sum or a range of two."""
    side = _side(folded, start)
    if side is None:
        return None
    if folded[side.end : side.end + 1] in _TO_OPENS:
        to = _TO.match(folded, side.end)
        other = _side(folded, to.end()) if to else None
        if other is not None and not (other.high or side.high):
            return _range(folded, start, side, other)
    return _finish(folded, start, side)


def _range(folded: str, start: int, side: _Side, other: _Side) -> Quantity | None:
    """Two numbers with a sign of a range between: one sum, or only the first of them."""
    low = side.low
    if side.scale is None and other.scale is not None and low * other.scale < other.low:
        low *= other.scale
    is_unit = side.is_unit or other.is_unit
    if low < other.low and (is_unit or low >= 100):
        whole = _Side(low, other.low, other.end, None, is_vague=True, is_unit=is_unit)
        return _finish(folded, start, whole)
    if folded[side.end] == "-" and not side.is_unit:
        return None
    return _finish(folded, start, side)


def _side(folded: str, start: int) -> _Side | None:
    if "0" <= folded[start] <= "9":
        return _digital(folded, start)
    return _written(folded, start)


def _digital(folded: str, start: int) -> _Side | None:
    """A number that begins with ASCII digits."""
    plain = _NUMBER.match(folded, start)
    if not plain or plain.end() - start > _LONGEST_DIGITS:
        return None
    opens = folded[plain.end() : plain.end() + 1]
    spread = _SPREAD.match(folded, start) if opens == " " else None
    if spread or opens not in UNIT_OPENS:
        whole = spread or plain
        number = Decimal(whole[0].replace(",", "").replace(" ", ""))
        return _Side(number, None, whole.end(), None)
    match = _DIGITAL.match(folded, start)
    if not match:
        return None
    written, more, unit, over, group = match.groups()
    number = Decimal(written.replace(",", ""))
    if unit is None and group is None:
        end = start + len(written)
        is_whole = "." not in written or more or not _PIECES.match(folded, end)
        scale = 1 if is_whole else _SCALE["万"]
        lent = None if is_whole else Decimal(scale)
        return _Side(number * scale, None, end + (scale > 1), lent, is_unit=scale > 1)
    scale = _SCALE.get(unit or "", 1) * (_SCALE[group] if group else 1)
    end = match.end()
    if more and more[0] == "几":
        # 10几万: the 几 stands in the ones of the number.
        low, high = (number + 1) * scale, (number + 9) * scale
        return _Side(low, high, end, None, is_vague=True, is_unit=True)
    low = number * scale
    if not over and scale >= 1000 and "." not in match["number"]:
        end, extra = _tail(folded, end, scale)
        low += extra
    is_vague = bool(more or over)
    return _Side(low, None, end, Decimal(scale), is_vague, is_unit=True)


def _tail(folded: str, end: int, scale: int) -> tuple[int, Decimal]:
    """The elliptic digit behind a unit (9万8, 3万5千, 1万2千5): where it ends and what it adds."""
    extra = Decimal(0)
    more = _LONG_TAIL.match(folded, end) if scale == _SCALE["万"] else None
    if more:
        return more.end(), Decimal(more[0].ljust(4, "0"))
    while scale >= 100:
        match = _TAIL.match(folded, end)
        if not match or _goes_on(folded, match):
            break
        step = _SCALE[match[2]] if match[2] else scale // 10
        if step >= scale:
            break
        extra += int(numerals.DIGIT_OF[match[1]]) * step
        end = match.end()
        if not match[2]:
            break
        scale = step
    return end, extra


def _goes_on(folded: str, match: re.Match[str]) -> bool:
    """Whether the digit behind a unit begins something else: a count (9万8折), a numeral (3万一百)."""
    if match[2]:
        return False
    after = folded[match.end() : match.end() + 1]
    if after and match[1] == "一" and after in _PER_ONE:
        return True
    if folded.startswith(("成为", "成了"), match.end()):
        return False
    if after and after in numerals.HAN_DIGITS:
        return folded[match.end() + 1 : match.end() + 2] not in _AFTER_ONE
    return bool(after) and (after in _TAIL_ENDS or after in numerals.HAN_UNITS)


def _written(folded: str, start: int) -> _Side | None:
    """A number in Chinese numerals, or 几万, 数十万, 上百万, 十w."""
    match = _HAN_RUN.match(folded, start, start + _LONGEST)
    if not match:
        return None
    after = folded[match.end() : match.end() + 1]
    is_next = after in _TAIL_ENDS or (match[0][-1] == "一" and after in _PER_ONE)
    cut = numerals.longest(match[0], is_next_word=is_next)
    if cut is None:
        return None
    written, (low, high, is_vague) = cut
    if folded[start] == "几" and folded[start - 1 : start] == "大":
        # 大几万 is the upper half of 几万.
        low = (high or low) * 5 / 9
    end = start + len(written)
    sign = folded[end : end + 1]
    fraction = _FRACTION.match(folded, end) if sign == POINT else None
    if fraction and high is None and not is_vague:
        parts = "".join(numerals.DIGIT_OF[one] for one in fraction[1])
        scale = Decimal(_SCALE[fraction[2]])
        low = (low + Decimal(f"0.{parts}")) * scale
        return _Side(low, None, fraction.end(), scale, is_unit=True)
    # 三w, 一个w.
    at = end + (sign == "个")
    sign = folded[at : at + 1]
    after = folded[at + 1 : at + 2]
    if sign in {"w", "k"} and not (after.isascii() and after.isalpha()):
        scale = Decimal(_SCALE[sign])
        top = None if high is None else high * scale
        return _Side(low * scale, top, at + 1, scale, is_vague, is_unit=True)
    units = _LAST_UNITS.search(written)
    lent = numerals.value_of("一" + units[0]) if units else None
    # 百万 or 千万 alone are words as well (千万别信): only a digit before makes 万 a unit.
    is_unit = ("万" in written or "亿" in written) and written[0] not in "百千万亿过破"
    return _Side(low, high, end, lent, is_vague, is_unit)


def is_in_ten_thousands(folded: str) -> bool:
    """Whether a text says that its sums are in 万 (单位:万元, 县3.5市8.8(w))."""
    is_told = "单位" in folded or "(万" in folded or "(w" in folded
    return is_told and _IN_TEN_THOUSANDS.search(folded) is not None


#: Every number of a text asks, so the answer is kept.
_is_in_ten_thousands = functools.lru_cache(maxsize=1)(is_in_ten_thousands)


def _finish(folded: str, start: int, side: _Side) -> Quantity | None:
    """Read currency and what is counted around a number; None where it is no sum."""
    low, high, end = side.low, side.high, side.end
    if (
        side.scale is None
        and high is None
        and low < 1000
        and folded[start] <= "9"
        and (low % 1 or _is_in_ten_thousands(folded))
        and folded[end : end + 1] not in SCALED
        and (
            _RANKED.search(folded, max(start - 4, 0), start)
            or (low % 1 and _is_in_ten_thousands(folded))
        )
    ):
        return Quantity(low * 10_000, None, is_approximate=False, start=start, end=end, form="unit")  # fmt: skip
    before, after = folded[max(start - 12, 0) : start], folded[end : end + 1]
    last = before[-1:]
    signed = _SIGNED.search(before) if last in _SIGNED_CLOSES else None
    currency = _CURRENCY.match(folded, end) if after in _CURRENCY_OPENS else None
    if not currency and not signed:
        # What decides most often comes first.
        metres = _METRES.match(folded, end) if side.is_unit else None
        if metres:
            end = metres.end()
        elif (
            after in _COUNTED_OPENS
            and COUNTED.match(folded, end)
            and not _PERIOD_AFTER.match(folded, end)
        ):
            return None
        if last in _COUNTED_CLOSES and _COUNTED_BEFORE.search(before):
            return None
    if (
        (high or low) > _HIGHEST
        or not low
        or (currency and folded[start:end] == "一" and _TOGETHER.match(folded, end))
        or (after in _FOREIGN_OPENS and _FOREIGN.match(folded, side.end))
        or last == "$"
    ):
        return None
    is_vague = (
        side.is_vague
        or (after in _ABOUT_OPENS and bool(_ABOUT_AFTER.match(folded, side.end)))
        or (
            last in _ABOUT_CLOSES
            and bool(_ABOUT_BEFORE.search(before, max(len(before) - _LONGEST_ABOUT, 0)))
        )
    )
    if currency:
        end = currency.end()
        word = currency[0].strip()
        cents = _CENTS.match(folded, end) if word in "块毛" and low < 1000 else None
        if cents:
            tenths = "".join(numerals.DIGIT_OF[one] for one in cents.groups() if one)
            low, end = low + Decimal(f"0.{tenths}"), cents.end()
        if word[0] == "毛":
            low, high = low / 10, None if high is None else high / 10
    form: Form = "money" if signed or currency else "unit" if side.is_unit else "bare"
    start -= len(signed[0]) if signed else 0
    return Quantity(low, high, is_vague, start, end, form)


SCALED: Final = frozenset("元块折%个人天月年倍亿平米公")
_PERIOD_AFTER = re.compile(r" ?(?:/|每|一)(?:个)?(?:年|月|天|日)|年费|月费|年租|月租|/")
#: With which characters these begin; looking at one character is cheaper than trying.
_PLACES_OPENS: Final = openings.first_characters(_PLACES)
_TO_OPENS: Final = openings.first_characters(_TO)
_CURRENCY_OPENS: Final = openings.first_characters(_CURRENCY)
_COUNTED_OPENS: Final = openings.first_characters(COUNTED)
_FOREIGN_OPENS: Final = openings.first_characters(_FOREIGN)
_ABOUT_OPENS: Final = openings.first_characters(_ABOUT_AFTER)
#: With which those before a sum end.
_SIGNED_CLOSES: Final = openings.last_characters(_SIGNED)
_COUNTED_CLOSES: Final = openings.last_characters(_COUNTED_BEFORE)
_ABOUT_CLOSES: Final = openings.last_characters(_ABOUT_BEFORE)
#: What decides on a number from the two characters behind it or before it in most cases; for ``figures``, in its order.
AHEAD: Final = (COUNTED, _PERIOD_AFTER, _FOREIGN, _ABOUT_AFTER, _CURRENCY, _METRES)
BEHIND: Final = (_COUNTED_BEFORE, _ABOUT_BEFORE, _RANKED, _SIGNED)
