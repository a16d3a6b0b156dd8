"""Whether a bare number is money: one without unit or currency (交了39800, 单条180, 扣1, 2026年版, 九千八一位).

In: the numbers of a text (``quantities.Quantity``), the text, and the table of bare numbers of a pack. Out: which of the bare
ones are sums. Invariants: pure; each number looks at most ``_BEFORE`` characters before itself and ``_BEHIND`` behind; without
a table none is money; the table is data, written by ``tests/harness/fit_bare.py``, and every line of it can be read.

A list of words that make a number money is never whole, and rules for its digits contradict each other, so the table weighs
all together: the characters beside the number, how many digits it has and how it ends (1980, 39800), and which other sums the
text names. Measured on writers that nothing was learned from, of 2,181 bare sums 46 are missed and 92 others are heard; rules
for words and digits missed 367 and heard 59.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features.amounts import beside, figures, sums
from features.engine import expressions, native
from features.writing import numerals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.amounts import quantities, tallies
    from features.engine.trie import Integers

#: Its rows are what is added to the log-odds of being money.
Table = beside.Table
#: Yuan; smaller bare numbers count or number something (of 848 in annotated posts 6 were money).
LEAST: Final = 10
#: Telephone numbers and ids, of which none in annotated posts was money: seven digits and more (275), a zero first, groups
#: behind (0571-9999 0217, 400-999-0118).
_DIALLED: Final = expressions.compiled(r"[0-9]{7}|0[0-9]")
_DIALLED_BEHIND: Final = expressions.compiled(
    r"-[0-9]| [0-9]{3,4} [0-9]{4}(?![0-9])| [0-9]{3} ?[0-9]{4}(?![0-9])"
)
#: What a number right behind it reaches: by telephone or by QQ.
_REACHED: Final = expressions.compiled(
    r"(?:电话|手机|号码|热线|座机|来电|致电|电联|拨打|同号|群号|扣扣|叩叩|(?<![a-z])(?:tel|call|qq?)|[☎📞📱])号?[^\w,，。、/;；!?]*+\Z"
)
_REACHED_BEFORE: Final = 10
#: With which letters it ends.
_REACHED_CLOSES: Final = frozenset("话机码线座电联打号扣叩lq")
#: The pieces of a mobile number with whatever marks between them (199♡0000♡1492, 19900 and 006454 on two lines): eleven digits.
_MOBILE: Final = expressions.compiled(
    r"1[3-9][0-9](?:[0-9]{2,3})?(?:[^\w,，、/;；]{1,2}[0-9]{1,6}){1,3}(?![0-9])"
)
_MOBILE_DIGITS: Final = 11
_LONGEST_MOBILE: Final = 17
#: Prices all end with 0 (15800 198000).
_PIECES: Final = expressions.compiled(r"[0-9]+")
_BEFORE, _BEHIND = 8, 6
#: Characters between two numbers up to which they are touching, close, near.
_GAPS: Final = ((2, "touching"), (8, "close"), (20, "near"))
_FAR, _NOTHING = "far", "nothing"
#: Other sums that are counted; more of them say no more.
_MOST: Final = 3
_UNITS: Final = frozenset(numerals.HAN_UNITS)
#: Sellers like them in prices, and ask for 666 in comments.
_LUCKY: Final = frozenset(3 * one for one in "123456789")
#: What writers of this decade mean by a year.
_YEARS: Final = frozenset(range(1990, 2040))
_YEARS_IN_CENTS: Final = np.array(sorted(_YEARS)) * sums.CENTS
_YEARS_AS_CENTS: Final = frozenset(_YEARS_IN_CENTS.tolist())
#: As ``_near`` names it: by gap, form of the one and form of the other; the last gap is that to no number.
_GAP_ENDS: Final = [most for most, _ in _GAPS]
_NEAR: Final = np.array(
    [
        *(
            [[f"{name} {one}, {other}" for other in figures.FORMS] for one in figures.FORMS]
            for name in (*(name for _, name in _GAPS), _FAR)
        ),
        [[_NOTHING] * len(figures.FORMS)] * len(figures.FORMS),
    ]
)  # fmt: skip
# What a glance tells of a number, and what characters are to it, a bit each.
_NO, _YES, _MAYBE = range(3)
_DIGIT, _IN_WORD = 1, 2
_ZERO: Final = ord("0")
_DIALLED_DIGITS: Final = 7
#: How far beside a number another piece of a mobile number begins or ends.
_PIECE_REACH: Final = 3


class Setting(NamedTuple):
    """What a bare number is, and which other numbers its text holds.

    Attributes:
        shape: How it is written and how many digits it has.
        ending: Its last two digits, or three that are alike (888); ``range`` or ``fraction`` of what is no whole number.
        is_approximate: The writer is vague.
        is_year: It may be a year.
        before: How near the number before it is, and of which form.
        behind: That behind it.
        unit_count: Other numbers of the text with a unit or currency, up to ``_MOST``.
        currency_count: Those with a currency.
    """

    shape: str
    ending: str
    is_approximate: bool
    is_year: bool
    before: str
    behind: str
    unit_count: int
    currency_count: int

    def keys(self) -> Iterator[str]:
        """As keys of ``Table.whole``."""
        yield "base"
        yield f"shape {self.shape}"
        yield f"ending {self.ending}"
        yield f"shape {self.shape}, ending {self.ending}"
        yield f"last {self.ending[-1]}"
        if self.is_approximate:
            yield "approximate"
        if self.is_year:
            yield "year"
        yield f"before {self.before}"
        yield f"behind {self.behind}"
        yield f"units {self.unit_count}"
        yield f"currencies {self.currency_count}"


class Number(NamedTuple):
    """A bare number as the table sees it: its setting, and the characters before and behind it."""

    setting: Setting
    before: str
    behind: str

    def keys(self) -> Iterator[str]:
        """All its keys, with the marks of ``beside.parse``."""
        yield from self.setting.keys()
        yield from beside.keys(self.before, self.behind)


def is_candidate(folded: str, one: quantities.Quantity) -> bool:
    """Whether a number is bare, of a size to be asked for, and neither dialled nor the rest of a longer one (万 of 播放100万)."""
    return (
        one.form == "bare"
        and one.low >= LEAST
        and not folded[one.start - 1 : one.start].isdecimal()
        and _DIALLED.match(folded, one.start) is None
        and _DIALLED_BEHIND.match(folded, one.end) is None
        and not _is_years(one)
        and not _is_reached(folded, one)
        and not _is_of_mobile(folded, one)
    )


def _is_years(one: quantities.Quantity) -> bool:
    """Whether a range is one of years: 2021到2026."""
    return one.high is not None and one.low in _YEARS and one.high in _YEARS


def _is_reached(folded: str, one: quantities.Quantity) -> bool:
    """Whether what stands right before a number says that it reaches somebody."""
    before = folded[one.start - 1 : one.start]
    if before.isalnum() and before not in _REACHED_CLOSES:
        return False
    low = max(0, one.start - _REACHED_BEFORE)
    return _REACHED.search(folded, low, one.start) is not None


def _is_of_mobile(folded: str, one: quantities.Quantity) -> bool:
    """Whether a number is a piece of a mobile number."""
    beside = (
        folded[max(0, one.start - _PIECE_REACH) : one.start],
        folded[one.end : one.end + _PIECE_REACH],
    )
    if not any(map(_PIECES.search, beside)):
        return False
    begin = max(0, one.start - _LONGEST_MOBILE)
    return any(
        found.start() < one.end
        and found.end() > one.start
        and sum(map(str.isdecimal, found[0])) == _MOBILE_DIGITS
        and not all(piece.endswith("0") for piece in _PIECES.findall(found[0]))
        for found in _MOBILE.finditer(folded, begin, one.end + _LONGEST_MOBILE)
    )


def numbers(
    folded: str, found: Sequence[quantities.Quantity]
) -> Iterator[tuple[int, Number]]:
    """The bare numbers of one text as the table sees them.

    Args:
        folded: Plain text in lower case.
        found: All its numbers, ascending.

    Yields:
        The index in ``found`` and what the table sees, of each candidate.
    """
    units = sum(one.form != "bare" for one in found)
    currencies = sum(one.form == "money" for one in found)
    for index, one in enumerate(found):
        if not is_candidate(folded, one):
            continue
        here = Setting(
            *_written(folded[one.start : one.end], int(one.low), is_range=one.high is not None, is_fraction=one.low % 1 > 0),
            one.is_approximate,
            one.high is None and one.low in _YEARS,
            _near(found[index - 1], one) if index else _NOTHING,
            _near(one, found[index + 1]) if index + 1 < len(found) else _NOTHING,
            min(units, _MOST),
            min(currencies, _MOST - 1),
        )  # fmt: skip
        before = folded[max(0, one.start - _BEFORE) : one.start]
        yield index, Number(here, before, folded[one.end : one.end + _BEHIND])


def _written(
    raw: str, whole: int, *, is_range: bool, is_fraction: bool
) -> tuple[str, str]:
    """Shape and ending of a number."""
    digits = str(whole)
    if raw.isascii():
        costume = "comma" if "," in raw else "plain"
    else:
        # 百万, 千万 are words as well, and what is left of a longer number.
        costume = "units" if set(raw) <= _UNITS else "han"
    if raw.endswith("位数"):
        return "places", "range"
    shape = f"{costume} {len(digits)}"
    if is_range:
        return shape, "range"
    is_lucky = digits[-3:] in _LUCKY
    return shape, "fraction" if is_fraction else digits[-3 if is_lucky else -2 :]


def _near(one: quantities.Quantity, other: quantities.Quantity) -> str:
    """How far the second of two numbers is from the first, and of which forms they are."""
    gap = other.start - one.end
    name = next((name for most, name in _GAPS if gap <= most), _FAR)
    return f"{name} {one.form}, {other.form}"


def are_money(told: Sequence[Number], table: Table) -> list[bool]:
    """Which bare numbers are money: those whose weights add up to more than nothing.

    Args:
        told: What the table sees of each.
        table: A pack's; by an empty one none is money.
    """
    if not table or not told:
        return [False] * len(told)
    sides = [(one.before, one.behind) for one in told]
    lines = beside.lines(sides, reach=(_BEFORE, _BEHIND))
    return _weighed([one.setting for one in told], lines, table).tolist()  # type: ignore[no-any-return]


def are_money_in(
    texts: Sequence[str],
    found: tallies.Tallies,
    points: Integers,
    first: Integers,
    table: Table,
) -> Integers:
    """Which of the numbers of many texts are bare and money, as ``numbers`` and ``are_money`` tell of each text.

    Args:
        texts: Plain texts in lower case.
        found: All their numbers.
        points: Code points of the texts, a line break behind each.
        first: Where each text begins in them, and where the last one ends.
        table: A pack's; by an empty one none is money.
    """
    rows = np.flatnonzero(found.is_bare() & (found.cents >= LEAST * sums.CENTS))
    if not table or not len(rows):
        return rows[:0]
    asked = found.take(rows)
    answers = _glances(
        points, first, asked.texts, asked.starts, asked.ends, _character_kinds()
    )
    rows, answers = rows[answers != _NO], answers[answers != _NO]
    lows, highs = found.cents[rows], found.most[rows]
    is_kept = ~(np.isin(lows, _YEARS_IN_CENTS) & np.isin(highs, _YEARS_IN_CENTS))
    for index in np.flatnonzero(is_kept & (answers == _MAYBE)).tolist():
        row = rows[index]
        (one,) = found.quantities(slice(row, row + 1))
        is_kept[index] = is_candidate(texts[found.texts[row]], one)
    rows = rows[is_kept]
    kept = found.take(rows)
    lines = beside.lines_of(
        points, first, kept.texts, kept.starts, kept.ends, reach=(_BEFORE, _BEHIND)
    )
    chosen: Integers = rows[_weighed(_settings(texts, found, rows), lines, table)]
    return chosen


def _settings(
    texts: Sequence[str], found: tallies.Tallies, rows: Integers
) -> list[Setting]:
    """What some bare numbers are, and which other numbers their texts hold."""
    of, starts, ends = found.texts, found.starts, found.ends
    units = np.bincount(of[~found.is_bare()], minlength=len(texts))[of[rows]]
    currencies = np.bincount(of[found.is_money()], minlength=len(texts))[of[rows]]
    last = len(of) - 1
    neighbours = []
    for one, other in ((rows - 1, rows), (rows, rows + 1)):
        # Beyond either end there is none; what it is compared with makes no difference.
        one, other = np.maximum(one, 0), np.minimum(other, last)  # noqa: PLW2901
        is_there = (one < other) & (of[one] == of[other])
        gaps = np.searchsorted(_GAP_ENDS, starts[other] - ends[one])
        neighbours.append(_NEAR[np.where(is_there, gaps, -1), found.forms[one], found.forms[other]])  # fmt: skip
    made = []
    for text, start, end, low, high, is_approximate, before, behind, unit, currency in zip(
        of[rows].tolist(), starts[rows].tolist(), ends[rows].tolist(), found.cents[rows].tolist(), found.most[rows].tolist(),
        found.is_approximate[rows].tolist(), *(one.tolist() for one in neighbours), units.tolist(), currencies.tolist(),
        strict=True,
    ):  # fmt: skip
        is_single = high == sums.OPEN_END
        made.append(
            Setting(
                *_written(texts[text][start:end], low // sums.CENTS, is_range=not is_single, is_fraction=low % sums.CENTS > 0),
                is_approximate,
                is_single and low in _YEARS_AS_CENTS,
                before,
                behind,
                min(unit, _MOST),
                min(currency, _MOST - 1),
            )
        )  # fmt: skip
    return made


def _weighed(settings: Sequence[Setting], lines: Integers, table: Table) -> Integers:
    """Which numbers the weights of their settings, and of what stands beside them, make money."""
    known: dict[Setting, beside.Row] = {}
    wholes: list[beside.Row] = []
    for one in settings:
        row = known.get(one)
        if row is None:
            rows = table.whole
            row = (sum(rows[key][0] for key in one.keys() if key in rows),)  # noqa: SIM118  not a mapping
            known[one] = row
        wholes.append(row)
    is_money: Integers = table.weights(wholes, lines, before=_BEFORE)[:, 0] > 0
    return is_money


@functools.cache
def _character_kinds() -> Integers:
    """What characters are to a bare number, a bit each."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    kinds[[ord(one) for one in "0123456789"]] |= _DIGIT
    # Of the characters that are surely part of a word the usual ones are enough; others are looked at one by one.
    words = [ord(one) for one in "abcdefghijklmnopqrstuvwxyz"]
    kinds[[*words, *range(0x4E00, 0x9F00)]] |= _IN_WORD
    kinds[[ord(one) for one in _REACHED_CLOSES]] &= ~_IN_WORD & 0xFF
    return kinds


@native.compiled
def _glances(  # noqa: PLR0917 (compiled functions take their arrays by place)
    points: Integers,
    first: Integers,
    texts: Integers,
    starts: Integers,
    ends: Integers,
    kinds: Integers,
) -> Integers:
    """Of bare numbers whether each is one to be asked for, years aside: ``_NO``, ``_YES``, or ``_MAYBE``."""
    answers = np.full(len(texts), _MAYBE, np.uint8)
    for number in range(len(texts)):
        low, high = first[texts[number]], first[texts[number] + 1] - 1
        start, end = low + starts[number], low + ends[number]
        digits = 0
        while digits < _DIALLED_DIGITS and kinds[points[start + digits]] & _DIGIT:
            digits += 1
        is_led = start > low and kinds[points[start - 1]] & _DIGIT
        is_zero_first = digits > 1 and points[start] == _ZERO
        if is_led or is_zero_first or digits == _DIALLED_DIGITS:
            answers[number] = _NO
            continue
        is_alone = start > low and kinds[points[start - 1]] & _IN_WORD
        for place in range(max(low, start - _PIECE_REACH), start):
            is_alone &= not kinds[points[place]] & _DIGIT
        for place in range(end, min(high, end + _PIECE_REACH)):
            is_alone &= not kinds[points[place]] & _DIGIT
        if is_alone:
            answers[number] = _YES
    return answers


def parse(text: str) -> Table:
    """Read a table of bare numbers: lines of ``beside.parse`` with one number."""
    return beside.parse(text, width=1)
