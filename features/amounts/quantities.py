"""Sums as they are written: 9万8, 十几万, 2-5w, 98k, 六位数, ¥12,800.

In: plain text in lower case (``Normalised.folded``). Out: ``Quantity``: lower and upper bound, vagueness, span, and how sure its
form alone makes it a sum of money. Invariants: pure, exact (``Decimal``), linear: a candidate is matched once, without
backtracking, and read from at most 24 characters around it.

What follows a number tells what it counts: percentages, people, shops, hours, places in a queue are not quantities here.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from features.amounts import denominations, sides
from features.engine import expressions, openings
from features.writing import numerals, pinyin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: ``money``: a currency stands beside it. ``unit``: 万, w, k: money unless something is counted. ``bare``: digits or written-out
#: numerals alone; money only beside a word that says so.
Form = Literal["money", "unit", "bare"]

#: With what the second number of a range begins.
RANGE_DIGITS: Final = "0123456789一二两三四五六七八九十百"
_TO = expressions.compiled(
    rf" ?(?:元|块)?(?:-{{1,2}}|~|到|至) ?(?:¥ ?)?(?=[{RANGE_DIGITS}])"
)
#: What a sum in Chinese numerals begins with.
BEGINS_HAN: Final = f"几数上过破{sides.HAN}"
_START = expressions.compiled(rf"[0-9{BEGINS_HAN}]")
#: Two digits with 、 between are a range: 5、6万, 三、五万元; no list (1、2、3万) and no item of one (at the start of a line).
_EITHER = expressions.compiled(
    r"([1-9一二两三四五六七八九])、([1-9一二两三四五六七八九])(?=个?(?:[十百千]?万|[千百]|[wk](?![a-z])))"
)
_WHOLE_BEFORE = expressions.compiled(rf"[{sides.HAN}]{{1,4}}{sides.POINT}\Z")
_LONGEST_WHOLE: Final = 5
# What follows a Chinese numeral that may be a sum: everything else ends there (数字, 一个, 上线).
AFTER_HAN: Final = frozenset([*sides.HAN, *"几多来余把位元块圆毛wk到至~- 个", ""])
PLACES_DIGITS: Final = "456789四五六七八九"
_PLACES = expressions.compiled(
    rf"(?<![十0-9])([{PLACES_DIGITS}]) ?位数(?!的?(?:密码|数字|验证码|编号|学号|账号|邮编))"
)
_IN_TEN_THOUSANDS = expressions.compiled(
    r"单位[:：]?(?:都|均)?[是为]?[:：]?[万w]|[(][万w][)]"
)
_TOLD_BEFORE = expressions.compiled(r"(?:单位[:：]?(?:都|均)?[是为]?[:：]?|[(])\Z")
_LONGEST_TOLD: Final = 6
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
    is_listed = folded[start + 1 : start + 2] == "、"
    either = _either(folded, start) if is_listed else None
    if (
        either is None
        and not "0" <= sign <= "9"
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
        led = _led(folded, start)
        return led, led.end if led else _skip(folded, start)
    found = _places(folded, start) if sign in _PLACES_OPENS else None
    found = found or either or _sum(folded, start)
    if before == sides.POINT and sign in numerals.HAN_DIGITS:
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
_GLUED = expressions.compiled(r"[0-9a-z_.\-]*+")


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


#: What a sum may follow without a gap: Chinese in Latin letters (首批kuan2.5万), and what agencies call their packages.
_LED = expressions.compiled(
    r"(?:(?<![a-z0-9])(?:q|oem|logo)|(?<=[^\x00-\x7f])[a-z]{3,})\Z"
)
_PACKAGES: Final = frozenset({"q", "oem", "logo"})
_LONGEST_LED: Final = 8


def _led(folded: str, start: int) -> Quantity | None:
    """The sum right behind Latin letters that spell Chinese; a currency or 万 has to say that it is one, because ids end with digits too."""
    before = _LED.search(folded, max(start - _LONGEST_LED, 0), start)
    if not before or not (before[0] in _PACKAGES or pinyin.is_pinyin(before[0])):
        return None
    found = _sum(folded, start)
    if found is None or found.form == "bare" or folded[found.end - 1] in "wk":
        return None
    return found


def _either(folded: str, start: int) -> Quantity | None:
    """One of two numbers: 5、6万 is from 50,000 to 60,000; None where the digits are no such pair."""
    pair = _EITHER.match(folded, start)
    before = folded[start - 1 : start]
    if not pair or not before or before in "\n、.第0123456789":
        return None
    first, other = (int(numerals.DIGIT_OF.get(one, "2")) for one in pair.groups())
    last = sides.side(folded, pair.start(2))
    if (
        not first < other <= first + _FURTHEST
        or last is None
        or last.scale is None
        or last.high is not None
    ):
        return None
    low = last.low * first / other
    if low != first * last.scale:
        return None
    return _finish(folded, start, last._replace(low=low, high=last.low, is_vague=True))


#: How far apart two such digits are at most (三、五万).
_FURTHEST: Final = 2


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
    if whole is None or sides.FRACTION.match(folded, start - 1) is None:
        return None
    return _sum(folded, whole.start())


def _sum(folded: str, start: int) -> Quantity | None:
    """A sum or a range of two."""
    side = sides.side(folded, start)
    if side is None:
        return None
    if folded[side.end : side.end + 1] in _TO_OPENS:
        to = _TO.match(folded, side.end)
        other = sides.side(folded, to.end()) if to else None
        if other is not None and not (other.high or side.high):
            return _range(folded, start, side, other)
    return _finish(folded, start, side)


def _range(
    folded: str, start: int, side: sides.Side, other: sides.Side
) -> Quantity | None:
    """Two numbers with a sign of a range between: one sum, or only the first of them."""
    low = side.low
    if side.scale is None and other.scale is not None and low * other.scale < other.low:
        low *= other.scale
    is_unit = side.is_unit or other.is_unit
    if low < other.low and (is_unit or low >= 100):
        whole = sides.Side(
            low, other.low, other.end, None, is_vague=True, is_unit=is_unit
        )
        return _finish(folded, start, whole)
    if folded[side.end] == "-" and not side.is_unit:
        return None
    return _finish(folded, start, side)


def is_in_ten_thousands(folded: str) -> bool:
    """Whether a text says that its sums are in 万 (单位:万元, 县3.5市8.8(w))."""
    is_told = "单位" in folded or "(万" in folded or "(w" in folded
    return is_told and _IN_TEN_THOUSANDS.search(folded) is not None


#: Every number of a text asks, so the answer is kept.
_is_in_ten_thousands = functools.lru_cache(maxsize=1)(is_in_ten_thousands)


def _finish(folded: str, start: int, side: sides.Side) -> Quantity | None:
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
            denominations.RANKED.search(folded, max(start - 4, 0), start)
            or (low % 1 and _is_in_ten_thousands(folded))
        )
    ):
        return Quantity(low * 10_000, None, is_approximate=False, start=start, end=end, form="unit")  # fmt: skip
    before, after = folded[max(start - 12, 0) : start], folded[end : end + 1]
    last = before[-1:]
    signed = (
        denominations.SIGNED.search(before)
        if last in denominations.SIGNED_CLOSES
        else None
    )
    currency = (
        denominations.CURRENCY.match(folded, end)
        if after in denominations.CURRENCY_OPENS
        else None
    )
    if not currency and not signed:
        # What decides most often comes first.
        metres = denominations.METRES.match(folded, end) if side.is_unit else None
        if metres:
            end = metres.end()
        elif (
            after in denominations.COUNTED_OPENS
            and denominations.COUNTED.match(folded, end)
            and not denominations.PERIOD_AFTER.match(folded, end)
        ):
            return None
        if last in denominations.COUNTED_CLOSES and denominations.COUNTED_BEFORE.search(
            before
        ):
            return None
    if (
        (high or low) > _HIGHEST
        or not low
        or (
            currency
            and folded[start:end] == "一"
            and denominations.TOGETHER.match(folded, end)
        )
        or (
            after in denominations.FOREIGN_OPENS
            and denominations.FOREIGN.match(folded, side.end)
        )
        or last == "$"
    ):
        return None
    is_vague = (
        side.is_vague
        or (
            after in denominations.ABOUT_OPENS
            and bool(denominations.ABOUT_AFTER.match(folded, side.end))
        )
        or (
            last in denominations.ABOUT_CLOSES
            and bool(
                denominations.ABOUT_BEFORE.search(
                    before, max(len(before) - denominations.LONGEST_ABOUT, 0)
                )
            )
        )
    )
    if currency:
        end = currency.end()
        word = currency[0].strip()
        cents = (
            denominations.CENTS.match(folded, end)
            if word in "块毛" and low < 1000
            else None
        )
        if cents:
            tenths = "".join(numerals.DIGIT_OF[one] for one in cents.groups() if one)
            low, end = low + Decimal(f"0.{tenths}"), cents.end()
        if word[0] == "毛":
            low, high = low / 10, None if high is None else high / 10
    form: Form = "money" if signed or currency else "unit" if side.is_unit else "bare"
    start -= len(signed[0]) if signed else 0
    return Quantity(low, high, is_vague, start, end, form)


SCALED: Final = frozenset("元块折%个人天月年倍亿平米公")
#: With which characters these begin; looking at one character is cheaper than trying.
_PLACES_OPENS: Final = openings.first_characters(_PLACES)
_TO_OPENS: Final = openings.first_characters(_TO)
