"""Amounts of money in a text, with what they are for.

In: ``Normalised`` and a ``Lexicon`` of role words (a pack's). Out: ``Amount`` records after ``CONTRACT.md`` §9: yuan, upper bound,
vagueness, role, period, and where it stands in the original. Invariants: pure; ``original[start:end] == raw``; sorted, not
overlapping; linear in the length of the text.

A number is money by its currency or unit, or bare beside a word of money; ``features.quantities`` reads it, ``features.roles``
says what it is for.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import (
    apiece,
    frames,
    openings,
    quantities,
    roles,
    rolewords,
    sums,
    tallies,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from features.normalise import Normalised
    from features.trie import Integers

#: Role words of a pack; see ``features.rolewords``.
Lexicon = rolewords.Lexicon
Role = roles.Role
Period = sums.Period


class Amount(NamedTuple):
    """One amount as it stands in a text.

    Attributes:
        yuan: The amount, or its lower bound.
        yuan_max: Upper bound where one is meant, else None.
        is_approximate: The writer is vague.
        role: What it is for.
        period: Per day, month or year; ``none`` otherwise.
        raw: What was written, ``original[start:end]``.
        start: Offset in the original.
        end: Offset after it.
    """

    yuan: Decimal
    yuan_max: Decimal | None
    is_approximate: bool
    role: Role
    period: Period
    raw: str
    start: int
    end: int


_PAYING: Final = "只要|仅需|仅要|只需|仅|收费|收了|收取|收|交了|缴了|付了|付|要价|原价|现价|现在|特价|优惠价|优惠|到手|转了|打款|打了|折后|合计|总共|共计|共|降到|涨到|恢复|恢复到|才|需要|需|要|是|为|约|[:：]|就|¥"
_BEFORE_BARE = re.compile(rf"(?:{_PAYING}| )*+\Z")
_PAID_BEFORE = re.compile(
    r"(?:只要|仅需|仅要|只需|收费|收了|收取|交了|缴了|付了|要价|原价|现价|特价|优惠价|到手价|折后|转了|打款|报价|恢复|降到|涨到|定价|尾款|全款|首付)[: 为是到至]*+\Z"
)
_AFTER_BARE = re.compile(
    r" ?(?:拿下|拿走|起步|起(?![来床飞点航名诉])|终身|永久|包年|包月|抱回家|带回家|/年|/月|/天|一年|一个?月|一套|代理费|加盟费|保证金|定金|押金|搞定|到手|入场|入局|上车|全包|学会|学费|块)"
)
_PERIOD_AFTER = re.compile(
    r"(?:左右|以上|起|\+|多|的)? ?(?:/|每|一|1)?(?:个)?(?:(?P<day>天|日)|(?P<month>月)|(?P<year>年))(?![前后内底初中头间份])"
)
#: What a period behind a sum may begin with.
_PERIOD_OPENS: Final = openings.first_characters(_PERIOD_AFTER) | {"包"}
_PERIOD_AFTER_MARK = re.compile(
    r"(?:左右|以上|起|\+|多|的)? ?[(]?(?:/|每|一|1|包|年|月)"
)
PERIOD_BEFORE: Final = re.compile(
    openings.guarded(
        r"(?:(?:每|一|平均每|单)(?:个)?(?P<p1>天|日|月|年)|(?P<p2>[日月年天])(?:入|赚|收入|收益|收|薪|租|费|供|均|净赚|纯利|利润|净利|佣金|流水|进账|营收|销售额|挣)|日(?=结)|包(?P<p3>[天月年]))"
        r"(?:轻松|稳定|到手|落袋|稳稳|可|能|就|有|拿|到|过|破|超|至少|最少|最低|稳|净赚|赚|挣|躺赚|收入|收益|利润|流水|工资|薪资|省|省下|保底|直接|突破|达到|达|高达|都|也|是|为|约|近|要|才|只要|仅|只|进账|纯|赚到|回|给|成本|实现|轻轻松松|不低于|提成|分红|花|交|付|[:： ])*+\Z"
    )
)
_NO_PERIOD, _DAY, _MONTH, _YEAR = range(len(sums.PERIODS))
_PERIOD_NAMES: Final = {"天": _DAY, "日": _DAY, "月": _MONTH, "年": _YEAR}
#: Yuan below which a number without unit and currency is no sum.
_LEAST_BARE: Final = 100


def find_amounts(text: Normalised, lexicon: Lexicon) -> list[Amount]:
    """Find the amounts of one text.

    Args:
        text: The text after ``normalise.normalise``.
        lexicon: Role words of the pack.

    Returns:
        Amounts, sorted by position; empty for a text without any. Bare numbers count only beside a word of money.
    """
    folded = text.folded
    numbers = list(quantities.quantities(folded))
    found = payable(tallies.of([0] * len(numbers), numbers))
    rows, told, periods = amounts_of(
        [folded],
        found,
        rolewords.found_in(folded, lexicon),
        [frames.ANYTHING] * len(found.texts),
        roles.Trades([folded]),
    )
    made: list[Amount] = []
    for one, role, period in zip(found.take(rows).quantities(slice(None)), told, periods, strict=True):  # fmt: skip
        first, last = text.span(one.start, one.end)
        made.append(
            Amount(
                one.low, one.high, one.is_approximate, sums.ROLES[role], sums.PERIODS[period],
                text.original[first:last], first, last,
            )
        )  # fmt: skip
    return made


def payable(found: tallies.Tallies) -> tallies.Tallies:
    """The numbers of texts in which one can be money at all."""
    may_pay = ~found.is_bare() | (found.yuan >= _LEAST_BARE)
    texts = found.texts[may_pay]
    return found.take(np.flatnonzero(np.isin(found.texts, texts)))


def amounts_of(
    texts: Sequence[str],
    found: tallies.Tallies,
    words: rolewords.Found,
    around: Sequence[frames.Around],
    trades: roles.Trades,
) -> tuple[Integers, list[int], list[int]]:
    """The amounts among the numbers of texts.

    Args:
        texts: Folded plain texts.
        found: Their numbers.
        words: Their role words.
        around: What may stand around each number.
        trades: What the texts sell.

    Returns:
        Which numbers are amounts, ascending, and of each its role and period, numbers of ``sums.ROLES`` and ``sums.PERIODS``.
    """
    is_sum = found.is_money()
    judged = found.texts[~is_sum]
    bounds = np.searchsorted(found.texts, [judged, judged + 1])
    for low, high in np.unique(bounds, axis=1).T.tolist():
        one = slice(low, high)
        text = int(found.texts[low])
        is_sum[one] = _are_money(
            texts[text],
            found.quantities(one),
            words.of(text),
            around[one],
            functools.partial(trades.of, text),
        )
    rows = np.flatnonzero(is_sum)
    kept = found.take(rows)
    grammar = [around[row] for row in rows.tolist()]
    told = roles.roles_of(texts, kept, words, grammar, trades)
    periods = [
        _period(texts[text], start, end, may_recur=may_recur)
        for text, start, end, (_, may_recur) in zip(
            kept.texts.tolist(),
            kept.starts.tolist(),
            kept.ends.tolist(),
            grammar,
            strict=True,
        )
    ]
    return rows, told, periods


def _are_money(
    folded: str,
    numbers: Sequence[quantities.Quantity],
    words: Sequence[rolewords.Word],
    grammar: Sequence[frames.Around],
    trade: Callable[[], roles.Trade],
) -> list[bool]:
    """Which numbers of one text are money."""
    is_sum = [
        _is_money(folded, one, words, around)
        for one, around in zip(numbers, grammar, strict=True)
    ]
    is_priced = [
        not is_money and _looks_priced(folded, one)
        for one, is_money in zip(numbers, is_sum, strict=True)
    ]
    if any(is_priced):
        _add_priced(folded, numbers, is_sum, is_priced, trade)
    return is_sum


def _add_priced(
    folded: str,
    found: Sequence[quantities.Quantity],
    is_sum: list[bool],
    is_priced: list[bool],
    trade: Callable[[], roles.Trade],
) -> None:
    """Note in ``is_sum`` which bare numbers that look like a price (19800, 3999) are one.

    They are where agencies are sold, behind a word of buying, or beside another sum of their list.
    """
    for index, one in enumerate(found):
        if not is_priced[index]:
            continue
        is_near = any(
            is_sum[other] and abs(found[other].start - one.end) <= _NEAR_SUM
            for other in (index - 1, index + 1)
            if 0 <= other < len(found)
        )
        if one.low < 1000:
            is_sum[index] = not _UNPRICED.search(
                folded, max(one.start - 4, 0), one.start
            ) and (
                bool(_SMALL_PRICED.search(folded, max(one.start - 3, 0), one.start))
                or (one.low >= 100 and is_near and trade() == "goods")
            )
            continue
        is_sum[index] = is_near or (
            not _UNPRICED.search(folded, max(one.start - 4, 0), one.start)
            and (
                _is_alone(folded, one)
                or bool(_PRICED.search(folded, max(one.start - 8, 0), one.start))
                or trade() == "agencies"
            )
        )


def _looks_priced(folded: str, one: quantities.Quantity) -> bool:
    """Whether a bare number has the digits of a price and nothing that it counts stands behind it."""
    if one.form != "bare" or not 10 <= one.low <= 3_000_000 or _is_year(one):
        return False
    written = folded[one.start : one.end]
    if written.endswith("位数"):
        return True
    if not written.isascii() or one.low < 1000:
        is_said = not written.isascii() and one.low >= 100
        is_beside = written.isascii() and "一" <= folded[one.start - 1 : one.start] <= "鿿"  # fmt: skip
        return (is_said or is_beside) and _ends_phrase(folded, one.end)
    if not written.isascii() or written.startswith("0") or one.low % 1:
        return False
    around = folded[max(one.start - 3, 0) : one.start], folded[one.end : one.end + 3]
    if _BROKEN.match(around[0][::-1]) or _BROKEN.match(around[1]):
        return False
    after = around[1][:1]
    is_priced = int(one.low) % 100 in _PRICE_ENDS or (
        _ends_phrase(folded, one.end)
        and _PRICED.search(folded, max(one.start - 4, 0), one.start) is not None
    )
    return is_priced and not (after.isascii() and after.isalpha())


def _is_alone(folded: str, one: quantities.Quantity) -> bool:
    """Whether a number of the size of an entry makes a clause of its own (签约,19800。)."""
    return (
        5000 <= one.low <= 300_000
        and folded[one.start - 1 : one.start] in _CLAUSE_SIGNS
        and folded[one.end : one.end + 1] in _CLAUSE_SIGNS
    )


def _ends_phrase(folded: str, end: int) -> bool:
    """Whether a number ends a phrase, so that it counts nothing that follows."""
    return folded[end : end + 1] in _PHRASE_ENDS


def _is_money(
    folded: str,
    one: quantities.Quantity,
    words: Sequence[rolewords.Word],
    around: frames.Around,
) -> bool:
    """Whether a number is money: by its form, or because a word of money stands right beside it."""
    if one.form == "money" or (one.form == "bare" and apiece.is_apiece(folded, one)):
        return True
    before = roles.nearest(words, one.start) - 1
    gap = folded[words[before].end : one.start] if before >= 0 else None
    is_announced = gap is not None and (
        (len(gap) <= 2 and gap.isalnum())
        or (len(gap) <= 12 and bool(_BEFORE_BARE.fullmatch(gap)))
    )
    if one.form == "unit":
        # 4k, 8k are screens unless a word of money touches them.
        is_screen = (
            folded[one.end - 1] == "k" and one.low in _SCREENS and one.high is None
        )
        return (
            not is_screen
            or (is_announced and folded[one.start - 1] != " ")
            or roles.is_framed(folded, one, around)
        )
    if folded[one.start] in "百千万亿" and not one.is_approximate:
        # 百万, 千万 are money right behind 月入, and words elsewhere (加盟千万别做).
        is_warning = folded[one.end : one.end + 1] in _WARNING
        is_earned = bool(_EARNED.search(folded, max(one.start - 4, 0), one.start))
        is_named = is_announced and one.low > 10_000 and not gap
        return is_earned or (is_named and not is_warning)
    if not _LEAST_BARE <= one.low <= 100_000_000 or _DIALLED.match(folded, one.end):
        return False
    is_elliptic = _ELLIPTIC.search(folded, one.start, one.end) is not None
    is_announced = (is_elliptic and _ends_phrase(folded, one.end)) or is_announced
    is_announced = is_announced or bool(
        _PAID_BEFORE.search(folded, max(one.start - 8, 0), one.start)
    )
    if is_announced and not (gap and _is_year(one)):
        return True
    return _is_bare_money(folded, one, words, around)


def _is_year(one: quantities.Quantity) -> bool:
    return 1990 <= one.low <= 2039 and one.high is None


def _is_bare_money(
    folded: str,
    one: quantities.Quantity,
    words: Sequence[rolewords.Word],
    around: frames.Around,
) -> bool:
    """Whether the grammar around a bare number, or what follows it, makes it money."""
    if roles.is_framed(folded, one, around):
        return True
    if _is_year(one):
        return False
    following = roles.nearest(words, one.end)
    is_named = following < len(words) and _names(words[following], one.end)
    return is_named or bool(_AFTER_BARE.match(folded, one.end))


def _names(word: rolewords.Word, end: int) -> bool:
    """Whether a word right behind a bare number says what it is: 28800代理费, 9980打了水漂."""
    is_sure = word.role in {"agency_fee", "loss"} and word.end - word.start >= 3
    return is_sure and word.start - end <= 1


_CLAUSE_SIGNS: Final = frozenset([*",。;!?\n:", ""])
_PHRASE_ENDS: Final = frozenset(
    [*',。;、 |)\n·!?"”/起了的给就拿出把整送抵啊呢吧哈', ""]
)
#: What is for sale or paid for right before a small bare number: 单条180, 月租880, 每单提六千.
_SMALL_PRICED = re.compile(
    r"[租条款套版身费价课卖买减抵加送急播钱返奖提给收扣罚退省还](?:了|你|我|他|她|各|再|现)?\Z"
)
#: A written-out thousand or hundred with a digit behind (三千九) is money unless it counts something.
_ELLIPTIC = re.compile(r"[一二两三四五六七八九][千百][一二三四五六七八九]\Z")
#: A sign and a digit beyond it: part of a longer number.
_BROKEN = re.compile(r"[^\w,、/]{1,2}\d")
#: Groups of digits behind, as of a telephone number: 400 000 6120, 400-990-0012.
_DIALLED = re.compile(
    r"-[0-9]| [0-9]{3,4} [0-9]{4}(?![0-9])| [0-9]{3} ?[0-9]{4}(?![0-9])"
)
_EARNED = re.compile(r"[日月年](?:入|收|赚|挣|薪|进账|收入|营收)(?:过|超|破|上)?\Z")
_NEAR_SUM: Final = 8
_PRICE_ENDS: Final = frozenset({0, 66, 68, 80, 88, 90, 98, 99})
_PRICED = re.compile(
    r"价|买|花|贵|卖|借|付|交|收|标准|高级|旗舰|基础|套餐|二手|工资|薪|签|定了|费|返|奖|提|补|掏|报|押|给|结|欠|免|减|抵|让|便宜|省"
)
_UNPRICED = re.compile(
    r"(?:电话|热线|手机|联系|客服|直拨|拨打|第|共|打|热线|编号|房|号|型|约|招|有|达|够|近|满|超|开|前|张|#|no\.?) ?\Z"
)
_WARNING: Final = frozenset("别不要勿记注小当留")
_SCREENS: Final = frozenset({2000, 4000, 8000})


def _period(folded: str, start: int, end: int, *, may_recur: bool) -> int:
    """Per day, month or year, by what stands right behind or before: a number of ``sums.PERIODS``."""
    if folded[end : end + 1] in _PERIOD_OPENS:
        after = _PERIOD_AFTER.match(folded, end)
        if after and _PERIOD_AFTER_MARK.match(folded, end):
            return _DAY if after["day"] else _MONTH if after["month"] else _YEAR
        if folded.startswith(("包年", "年费"), end):
            return _YEAR
        if folded.startswith(("包月", "月租"), end):
            return _MONTH
    if not may_recur:
        return _NO_PERIOD
    before = PERIOD_BEFORE.search(folded, max(start - 14, 0), start)
    if before:
        name = before["p1"] or before["p2"] or before["p3"]
        if name:
            return _PERIOD_NAMES[name]
    return _NO_PERIOD
