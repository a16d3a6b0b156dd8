"""The numbers of many texts that may be money: plain ones in one compiled pass, the others one by one.

In: folded plain texts and the places where sums may begin. Out: ``Tallies``: the quantities of all texts as columns. Invariants:
pure; linear; the answer is that of ``quantities.quantities`` (a test holds the two together): a place that ``figures`` does not
settle is read there, and the compiled pass goes on behind it.

Nine numbers of ten are digits with 元 or 块 behind, or with what they count (3天); reading these one by one was a tenth of
reading a post.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features.amounts import denominations, figures, quantities, sides, sums, written
from features.engine import glances, kept, native
from features.writing import numerals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers

#: How often the compiled pass takes up a text again; one with more odd places is read one by one from there on.
_TURNS: Final = 4
_FORMS: Final = {form: number for number, form in enumerate(figures.FORMS)}
_MONEY, _UNIT, _BARE = (_FORMS[form] for form in ("money", "unit", "bare"))
_CENT: Final = Decimal("0.01")
_UNIT_OF, _SECOND, _BRACKET, _WAN, _W = map(ord, "单位(万w")


class Tables(NamedTuple):
    """What compiled loops look up."""

    kinds: Integers
    letters: Integers
    width: int
    ahead: Integers
    behind: Integers


class Numerals(NamedTuple):
    """What ``written.read`` looks up."""

    kinds: Integers
    values: Integers


class Tallies(NamedTuple):
    """Numbers that may be money, a row each, by text and place; ``quantities.Quantity`` in columns.

    Attributes:
        texts: The index of the text.
        starts: Where it begins in that text, currency sign included.
        ends: Where it ends, currency word included.
        yuan: The amount, or its lower bound; for comparisons.
        cents: The same in whole cents, exact.
        most: Upper bound in cents where one is meant, else ``sums.OPEN_END``.
        is_approximate: The writer is vague.
        forms: A number of ``figures.FORMS``.
    """

    texts: Integers
    starts: Integers
    ends: Integers
    yuan: Integers
    cents: Integers
    most: Integers
    is_approximate: Integers
    forms: Integers

    def take(self, rows: Integers) -> Tallies:
        """Some of the rows."""
        return Tallies(*(column[rows] for column in self))

    def is_money(self) -> Integers:
        """Which have a currency."""
        found: Integers = self.forms == _MONEY
        return found

    def is_unit(self) -> Integers:
        """Which have a unit and no currency."""
        found: Integers = self.forms == _UNIT
        return found

    def is_bare(self) -> Integers:
        """Which are money only beside a word that says so."""
        found: Integers = self.forms == _BARE
        return found

    def quantities(self, rows: slice) -> list[quantities.Quantity]:
        """Rows as they are read one by one, to the cent."""
        return [
            quantities.Quantity(
                _yuan(cents),
                None if most == sums.OPEN_END else _yuan(most),
                is_approximate,
                start,
                end,
                figures.FORMS[form],
            )
            for _, start, end, _, cents, most, is_approximate, form in zip(
                *(column[rows].tolist() for column in self), strict=True
            )
        ]


@functools.cache
def tables() -> Tables:
    """What ``figures.read`` looks up; takes a second to make, so it is kept."""
    return kept.kept("tallies", "", _tables)


def _tables() -> Tables:
    kinds = np.zeros(figures.POINTS, dtype=np.uint16)
    for bit, characters in (
        (figures.DIGIT, "0123456789"),
        (figures.HAN, sides.HAN),
        (figures.OPENS_UNIT, sides.UNIT_OPENS),
        (figures.TAIL, sides.TAIL_DIGITS),
        (figures.RANGE, quantities.RANGE_DIGITS),
        (figures.VAGUE, "几多来余"),
        (figures.AFTER_HAN, quantities.AFTER_HAN - {""}),
        (figures.GLUE, "0123456789abcdefghijklmnopqrstuvwxyz_.-"),
        (figures.LATIN, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (figures.ONLY, quantities.ONLY),
        (figures.IN_WORD, quantities.IN_WORD),
        (figures.SCALED, quantities.SCALED),
        (figures.PLACES, quantities.PLACES_DIGITS),
        (figures.CENTS, denominations.CENTS_DIGITS),
        (figures.UNCERTAIN, denominations.NO_CURRENCY),
        (figures.NO_CENTS, denominations.NO_CENTS),
    ):
        kinds[[ord(one) for one in characters]] |= bit
    seen = glances.Glances(ahead=denominations.AHEAD, behind=denominations.BEHIND)
    return Tables(kinds, seen.letters, seen.width, seen.ahead, seen.behind)


@functools.cache
def numeral_tables() -> Numerals:
    """What ``written.read`` looks up."""
    kinds = np.zeros(figures.POINTS, dtype=np.uint8)
    for bit, characters in (
        (written.NUMERAL, sides.HAN),
        (written.ELLIPTIC, sides.TAIL_DIGITS.lstrip("123456789")),
        (written.LATIN_UNIT, "wk"),
        (written.ROUND, sides.NO_UNIT_OPENS),
    ):
        kinds[[ord(one) for one in characters]] |= bit
    values = np.full(figures.POINTS, -1, dtype=np.int8)
    for character in numerals.HAN_DIGITS:
        values[ord(character)] = int(numerals.DIGIT_OF[character])
    for characters, value in (
        ("十拾", written.TEN),
        ("百佰", written.HUNDRED),
        ("千仟", written.THOUSAND),
        ("万", written.TEN_THOUSAND),
        ("亿", written.HUNDRED_MILLION),
    ):
        values[[ord(one) for one in characters]] = value
    return Numerals(kinds, values)


def read(
    texts: Sequence[str], points: Integers, first: Integers, starts: Integers
) -> Tallies:
    """The quantities of texts.

    Args:
        texts: Folded plain texts.
        points: Their code points, a line break behind each.
        first: Where each text begins in ``points``, and where the last one ends.
        starts: Where sums may begin in ``points``, ascending (``beginnings.starts``).

    Returns:
        What ``quantities.quantities`` finds in each, to the cent.
    """
    bounds = np.searchsorted(starts, first)
    asked = np.flatnonzero(np.diff(bounds))
    in_ten_thousands = np.zeros(len(texts), dtype=bool)
    marked = np.searchsorted(first, _marks(points), side="right") - 1
    for text in np.unique(marked).tolist():
        in_ten_thousands[text] = quantities.is_in_ten_thousands(texts[text])
    spelt = written.read(points, starts, *numeral_tables())
    work = np.stack([asked, bounds[asked], first[asked], first[asked]], axis=1)
    rows = np.empty((len(starts), figures.COLUMNS), dtype=np.int64)
    plain: list[Integers] = []
    odd: list[quantities.Quantity] = []
    owners: list[int] = []
    for turn in range(_TURNS):
        rest = np.empty_like(work)
        count, left = figures.read(
            points, first, starts, spelt, in_ten_thousands, work, *tables(), rows, rest
        )
        plain.append(rows[:count].copy())
        if not left:
            break
        work = rest[:left].copy()
        for line, (text, key, position, last_end) in enumerate(work.tolist()):
            begin = int(first[text])
            if turn == _TURNS - 1:
                more = list(
                    quantities.quantities(
                        texts[text],
                        (starts[key : bounds[text + 1]] - begin).tolist(),
                        position=position - begin,
                        last_end=last_end - begin,
                    )
                )
                odd += more
                owners += [text] * len(more)
                continue
            one, onward = quantities.at(
                texts[text], int(starts[key]) - begin, last_end - begin
            )
            work[line, 1:3] = key + 1, onward + begin
            if one is not None:
                odd.append(one)
                owners.append(text)
                work[line, 3] = onward + begin
    found = _of_rows(np.concatenate(plain), first)
    if odd:
        both = zip(found, of(owners, odd), strict=True)
        found = Tallies(*(np.concatenate(each) for each in both))
        found = found.take(np.lexsort((found.starts, found.texts)))
    return found


@native.compiled
def _marks(points: Integers) -> Integers:
    """Where ``quantities.is_in_ten_thousands`` may find that sums are in 万: 单位, (万, (w."""
    found = np.empty(len(points), np.int64)
    count = 0
    for place in range(len(points) - 1):
        point = points[place]
        if point in (_UNIT_OF, _BRACKET):
            after = points[place + 1]
            is_told = after in (_WAN, _W)
            if after == _SECOND if point == _UNIT_OF else is_told:
                found[count] = place
                count += 1
    return found[:count].copy()


def of(texts: Sequence[int], found: Sequence[quantities.Quantity]) -> Tallies:
    """Quantities as columns; ``texts`` tells the text of each."""
    columns = list(zip(*found, strict=True)) or [()] * len(quantities.Quantity._fields)
    lows, highs, is_approximate, starts, ends, forms = columns
    return Tallies(
        np.array(texts, dtype=np.int64),
        np.array(starts, dtype=np.int64),
        np.array(ends, dtype=np.int64),
        np.array(lows, dtype=np.float64),
        np.array([_cents(one) for one in lows], dtype=np.int64),
        np.array([sums.OPEN_END if one is None else _cents(one) for one in highs], dtype=np.int64),
        np.array(is_approximate, dtype=bool),
        np.array([_FORMS[one] for one in forms], dtype=np.int64),
    )  # fmt: skip


@functools.lru_cache(maxsize=1 << 12)
def _yuan(cents: int) -> Decimal:
    """Posts name the same sums again and again."""
    return Decimal(cents).scaleb(-2)


def _cents(yuan: Decimal) -> int:
    return int(yuan.quantize(_CENT).scaleb(2))


def _of_rows(rows: Integers, first: Integers) -> Tallies:
    """What the compiled pass wrote, with places in their texts."""
    texts = np.searchsorted(first, rows[:, figures.START], side="right") - 1
    moved = first[texts]
    low, top = rows[:, figures.LOW], rows[:, figures.HIGH]
    power = 10 ** rows[:, figures.DECIMALS]
    whole, part = np.divmod(low, power)
    part, rest = np.divmod(part * sums.CENTS, power)
    # Half a cent goes to the even one, as decimals do.
    part += (2 * rest > power) | ((2 * rest == power) & (part % 2 == 1))
    return Tallies(
        texts,
        rows[:, figures.START] - moved,
        rows[:, figures.END] - moved,
        low / power,
        whole * sums.CENTS + part,
        np.where(top == figures.OPEN_END, sums.OPEN_END, top * sums.CENTS),
        rows[:, figures.IS_VAGUE] > 0,
        rows[:, figures.FORM],
    )
