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

from typing import TYPE_CHECKING, Final, NamedTuple

from features.amounts import beside
from features.engine import expressions
from features.writing import numerals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.amounts import quantities

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
#: Other sums that are counted; more of them say no more.
_MOST: Final = 3
_UNITS: Final = frozenset(numerals.HAN_UNITS)
#: Sellers like them in prices, and ask for 666 in comments.
_LUCKY: Final = frozenset(3 * one for one in "123456789")
#: What writers of this decade mean by a year.
_YEARS: Final = frozenset(range(1990, 2040))


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
    beside = folded[max(0, one.start - 3) : one.start], folded[one.end : one.end + 3]
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
            *_written(folded[one.start : one.end], one),
            one.is_approximate,
            one.high is None and one.low in _YEARS,
            _near(found[index - 1], one) if index else "nothing",
            _near(one, found[index + 1]) if index + 1 < len(found) else "nothing",
            min(units, _MOST),
            min(currencies, _MOST - 1),
        )
        before = folded[max(0, one.start - _BEFORE) : one.start]
        yield index, Number(here, before, folded[one.end : one.end + _BEHIND])


def _written(raw: str, one: quantities.Quantity) -> tuple[str, str]:
    """Shape and ending of a number."""
    digits = str(int(one.low))
    if raw.isascii():
        costume = "comma" if "," in raw else "plain"
    else:
        # 百万, 千万 are words as well, and what is left of a longer number.
        costume = "units" if set(raw) <= _UNITS else "han"
    if raw.endswith("位数"):
        return "places", "range"
    shape = f"{costume} {len(digits)}"
    if one.high is not None:
        return shape, "range"
    is_lucky = digits[-3:] in _LUCKY
    return shape, "fraction" if one.low % 1 else digits[-3:] if is_lucky else digits[
        -2:
    ]


def _near(one: quantities.Quantity, other: quantities.Quantity) -> str:
    """How far the second of two numbers is from the first, and of which forms they are."""
    gap = other.start - one.end
    name = next((name for most, name in _GAPS if gap <= most), "far")
    return f"{name} {one.form}, {other.form}"


def are_money(told: Sequence[Number], table: Table) -> list[bool]:
    """Which bare numbers are money: those whose weights add up to more than nothing.

    Args:
        told: What the table sees of each.
        table: A pack's; by an empty one none is money.
    """
    if not table or not told:
        return [False] * len(told)
    known: dict[Setting, beside.Row] = {}
    wholes: list[beside.Row] = []
    for one in told:
        row = known.get(one.setting)
        if row is None:
            rows = table.whole
            row = (sum(rows[key][0] for key in one.setting.keys() if key in rows),)  # noqa: SIM118  not a mapping
            known[one.setting] = row
        wholes.append(row)
    sides = [(one.before, one.behind) for one in told]
    lines = beside.lines(sides, reach=(_BEFORE, _BEHIND))
    weights = table.weights(wholes, lines, before=_BEFORE)
    answers: list[bool] = (weights[:, 0] > 0).tolist()
    return answers


def parse(text: str) -> Table:
    """Read a table of bare numbers: lines of ``beside.parse`` with one number."""
    return beside.parse(text, width=1)
