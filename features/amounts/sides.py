"""One number as it is written, in digits or in Chinese numerals: 9万8, 12,800, 十几万, 98k; a range has two of them.

In: plain text in lower case and the place where a number begins. Out: ``Side``: bounds, vagueness, end, and the unit, to be lent
to the number before it (3-5万). Invariants: pure, exact (``Decimal``), linear: matched once, without backtracking.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from features.engine import expressions
from features.writing import numerals

if TYPE_CHECKING:
    import re

HAN: Final = f"{numerals.HAN_DIGITS}{numerals.HAN_UNITS}"
_ASCII: Final = r"[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]+)?+|[0-9]++(?:\.[0-9]++)?+"
_UNIT: Final = r"千万|百万|十万|万|亿|千|百|w(?![a-z])|k(?![a-z])"
_NUMBER = expressions.compiled(_ASCII)
#: Digits with blanks between, against filters: 3 5 0 0 0.
_SPREAD = expressions.compiled(r"(?<![0-9] )[1-9](?: [0-9]){3,6}+(?! ?[0-9])")
#: What the rest of a sum in digits may begin with.
UNIT_OPENS: Final = frozenset(" 几多来余个千百十万亿wk")
# One sum in digits: number, 多 or 几, unit, 多, a group behind the unit.
_DIGITAL = expressions.compiled(
    rf"(?P<number>{_ASCII})(?: (?=[wk]|[万亿](?![科达象物众事通豪圣])))?+(?P<more>几多?|多|来|余)?+(?:个(?=[wk万亿百千]))?+"
    rf"(?P<unit>{_UNIT})?+(?P<over>多|来|余)?+(?P<group>万|亿)?+"
)
_HAN_RUN = expressions.compiled(
    rf"(?:好?几|数|上|过|破)?[{HAN}]++(?:几多?|多|来|余|把(?=[块元]))?[{HAN}]*+"
)
#: 十几个w, 几w: what several are of stands behind them.
_SEVERAL = expressions.compiled(rf"(几|数|[{HAN}]{{0,4}}[十百]几)个?([wk])(?![a-z])")
#: 一口价三三三三三: one digit again and again is 33,333 right behind a word of money; elsewhere it is applause.
_REPEATED = expressions.compiled(
    rf"(?<=[价费款金收交付缴投])([一二三四五六七八九])\1{{3,5}}(?![{HAN}])"
)
_LAST_UNITS = expressions.compiled(
    r"(?<=[一二两三四五六七八九])[十百千万亿]+$|[万亿千百]$"
)
#: The decimal point as it is spoken.
POINT: Final = "点"
#: The fraction of a sum in Chinese numerals: 三点五万, 一点二八w.
FRACTION: Final = expressions.compiled(
    rf"{POINT}([零一二三四五六七八九]{{1,3}})(千万|百万|十万|万|亿|千|w(?![a-z])|k(?![a-z]))"
)
#: Two or four digits behind 万: 3万98 and 3万9800 are 39,800.
_LONG_TAIL = expressions.compiled(
    r"[1-9][0-9](?:[0-9]{2})?(?![0-9.%个折人家天月年店户台倍])"
)
#: 百万 or 千万 alone are words as well.
NO_UNIT_OPENS: Final = "百千万亿过破"
TAIL_DIGITS: Final = "123456789一二三四五六七八九两"
_TAIL = expressions.compiled(rf"([{TAIL_DIGITS}])(?:(千|k|百)|(?![0-9.%]))")
_TAIL_ENDS: Final = frozenset(
    "折个人天月年家台小倍次名位周万十亿套期成点号单条级款块城档"
)
#: What a price is for, behind 一: 六万一县, 八块一斤.
PER_ONE: Final = "斤包晚口县抽席街片镇股锅桌箱袋瓶盒嘎趟亩顿碗杯双根头卷桶扇餐区村"
#: A count with a fraction is one of 万: 1.3个,含客户; but 1.5个小时, 2.5个百分点.
_PIECES = expressions.compiled(
    r"个(?=[,，。!！?？;；、)）\n]|起|进|出|拿|给|左右|全|含|的[盘位区县])"
)
_AFTER_ONE: Final = frozenset("年个月天套对站次")
#: Behind 一 and 两 more begins something else: 九千8一台, 3万五两家.
_PIECE: Final = _AFTER_ONE | frozenset("块台家把份位股人口店城县市")
SCALE: Final = {
    "w": 10_000, "k": 1000, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000,
    "亿": 100_000_000,
}  # fmt: skip
_LONGEST: Final = 32
_LONGEST_DIGITS: Final = 16


class Side(NamedTuple):
    """One number as written: bounds, vagueness, end; ``scale`` is its unit (None without), to lend to a number before it."""

    low: Decimal
    high: Decimal | None
    end: int
    scale: Decimal | None
    is_vague: bool = False
    is_unit: bool = False


def side(folded: str, start: int) -> Side | None:
    """The number that begins at a place of a plain text in lower case; None where none does."""
    if "0" <= folded[start] <= "9":
        return _digital(folded, start)
    return _written(folded, start)


def _digital(folded: str, start: int) -> Side | None:
    """A number that begins with ASCII digits."""
    plain = _NUMBER.match(folded, start)
    if not plain or plain.end() - start > _LONGEST_DIGITS:
        return None
    opens = folded[plain.end() : plain.end() + 1]
    spread = _SPREAD.match(folded, start) if opens == " " else None
    if spread or opens not in UNIT_OPENS:
        whole = spread or plain
        number = Decimal(whole[0].replace(",", "").replace(" ", ""))
        return Side(number, None, whole.end(), None)
    match = _DIGITAL.match(folded, start)
    if not match:
        return None
    written, more, unit, over, group = match.groups()
    number = Decimal(written.replace(",", ""))
    if unit is None and group is None:
        end = start + len(written)
        is_whole = "." not in written or more or not _PIECES.match(folded, end)
        scale = 1 if is_whole else SCALE["万"]
        lent = None if is_whole else Decimal(scale)
        return Side(number * scale, None, end + (scale > 1), lent, is_unit=scale > 1)
    scale = SCALE.get(unit or "", 1) * (SCALE[group] if group else 1)
    end = match.end()
    if more and more[0] == "几":
        # 10几万: the 几 stands in the ones of the number.
        low, high = (number + 1) * scale, (number + 9) * scale
        return Side(low, high, end, None, is_vague=True, is_unit=True)
    low = number * scale
    if not over and scale >= 1000 and "." not in match["number"]:
        end, extra = _tail(folded, end, scale)
        low += extra
    is_vague = bool(more or over)
    return Side(low, None, end, Decimal(scale), is_vague, is_unit=True)


def _tail(folded: str, end: int, scale: int) -> tuple[int, Decimal]:
    """The elliptic digit behind a unit (9万8, 3万5千, 1万2千5): where it ends and what it adds."""
    extra = Decimal(0)
    more = _LONG_TAIL.match(folded, end) if scale == SCALE["万"] else None
    if more:
        return more.end(), Decimal(more[0].ljust(4, "0"))
    while scale >= 100:
        match = _TAIL.match(folded, end)
        if not match or _goes_on(folded, match):
            break
        step = SCALE[match[2]] if match[2] else scale // 10
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
    if after and match[1] == "一" and after in PER_ONE:
        return True
    if folded.startswith(("成为", "成了"), match.end()):
        return False
    if after and after in numerals.HAN_DIGITS:
        counted = folded[match.end() + 1 : match.end() + 2]
        return counted not in (_PIECE if after in "一两" else _AFTER_ONE)
    return bool(after) and (after in _TAIL_ENDS or after in numerals.HAN_UNITS)


def _written(folded: str, start: int) -> Side | None:
    """A number in Chinese numerals, or 几万, 数十万, 上百万, 十w."""
    match = _HAN_RUN.match(folded, start, start + _LONGEST)
    whole = _whole(folded, start)
    if whole is not None:
        return whole
    if not match:
        return None
    after = folded[match.end() : match.end() + 1]
    # 两 is never elliptic: 三万五千两家.
    is_next = match[0][-1] == "两" or (
        after in _TAIL_ENDS
        or (match[0][-1] == "一" and after != "" and after in PER_ONE)
    )
    cut = numerals.longest(match[0], is_next_word=is_next)
    if cut is None:
        return None
    written, (low, high, is_vague) = cut
    if folded[start] == "几" and folded[start - 1 : start] == "大":
        # 大几万 is the upper half of 几万.
        low = (high or low) * 5 / 9
    end = start + len(written)
    sign = folded[end : end + 1]
    fraction = FRACTION.match(folded, end) if sign == POINT else None
    if fraction and high is None and not is_vague:
        parts = "".join(numerals.DIGIT_OF[one] for one in fraction[1])
        scale = Decimal(SCALE[fraction[2]])
        low = (low + Decimal(f"0.{parts}")) * scale
        return Side(low, None, fraction.end(), scale, is_unit=True)
    # 三w, 一个w.
    at = end + (sign == "个")
    sign = folded[at : at + 1]
    after = folded[at + 1 : at + 2]
    if sign in {"w", "k"} and not (after.isascii() and after.isalpha()):
        scale = Decimal(SCALE[sign])
        top = None if high is None else high * scale
        return Side(low * scale, top, at + 1, scale, is_vague, is_unit=True)
    units = _LAST_UNITS.search(written)
    lent = numerals.value_of("一" + units[0]) if units else None
    # 百万 or 千万 alone are words as well (千万别信): only a digit before makes 万 a unit.
    is_unit = ("万" in written or "亿" in written) and written[0] not in NO_UNIT_OPENS
    return Side(low, high, end, lent, is_vague, is_unit)


def _whole(folded: str, start: int) -> Side | None:
    """A sum whose characters make no numeral: 十几个w, as 十几万; 三三三三三."""
    repeated = _REPEATED.match(folded, start)
    if repeated:
        digits = numerals.DIGIT_OF[repeated[1]] * len(repeated[0])
        return Side(Decimal(digits), None, repeated.end(), None, is_unit=True)
    several = _SEVERAL.match(folded, start)
    read = several and numerals.reading(several[1] + _GROUPS[several[2]])
    if not several or not read:
        return None
    low, high, is_vague = read
    return Side(low, high, several.end(), Decimal(SCALE[several[2]]), is_vague, is_unit=True)  # fmt: skip


_GROUPS: Final = {"w": "万", "k": "千"}
