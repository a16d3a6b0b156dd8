"""The numbers of many texts that may be money: plain ones in one compiled pass, the others one by one.

In: folded plain texts and the places where sums may begin. Out: the quantities of each text. Invariants: pure; linear; the answer
is that of ``quantities.quantities`` (a test holds the two together): at the first place of a text that ``figures`` does not
settle, the rest of that text is read there.

Nine numbers of ten are digits with 元 or 块 behind, or with what they count (3天); reading these one by one was a tenth of
reading a post.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from features import figures, glances, numerals, quantities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from features.trie import Integers


class Tables(NamedTuple):
    """What compiled loops look up."""

    kinds: Integers
    values: Integers
    letters: Integers
    width: int
    ahead: Integers
    behind: Integers


@functools.cache
def tables() -> Tables:
    """What ``figures.read`` looks up."""
    kinds = np.zeros(figures.POINTS, dtype=np.uint16)
    for bit, characters in (
        (figures.DIGIT, "0123456789"),
        (figures.HAN, quantities.HAN),
        (figures.OPENS_UNIT, quantities.UNIT_OPENS),
        (figures.TAIL, quantities.TAIL_DIGITS),
        (figures.RANGE, quantities.RANGE_DIGITS),
        (figures.VAGUE, "几多来余"),
        (figures.AFTER_HAN, quantities.AFTER_HAN - {""}),
        (figures.GLUE, "0123456789abcdefghijklmnopqrstuvwxyz_.-"),
        (figures.LATIN, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (figures.ONLY, quantities.ONLY),
        (figures.IN_WORD, quantities.IN_WORD),
        (figures.SCALED, quantities.SCALED),
        (figures.PLACES, quantities.PLACES_DIGITS),
        (figures.CENTS, quantities.CENTS_DIGITS),
        (figures.UNCERTAIN, quantities.NO_CURRENCY),
    ):
        kinds[[ord(one) for one in characters]] |= bit
    values = np.full(figures.POINTS, -1, dtype=np.int8)
    for character in quantities.HAN:
        if character in numerals.DIGIT_OF:
            values[ord(character)] = int(numerals.DIGIT_OF[character])
    seen = glances.Glances(ahead=quantities.AHEAD, behind=quantities.BEHIND)
    return Tables(kinds, values, seen.letters, seen.width, seen.ahead, seen.behind)


def read(
    texts: Sequence[str],
    points: Integers,
    first: Integers,
    starts: Integers,
    *,
    may_pay: Callable[[Iterable[quantities.Quantity]], bool],
) -> dict[int, list[quantities.Quantity]]:
    """The quantities of texts.

    Args:
        texts: Folded plain texts.
        points: Their code points, a line break behind each.
        first: Where each text begins in ``points``, and where the last one ends.
        starts: Where sums may begin in ``points``, ascending (``beginnings.starts``).
        may_pay: Whether any of some quantities may be money; other texts are left out.

    Returns:
        By the index of its text what ``quantities.quantities`` finds in it, ascending.
    """
    in_ten_thousands = np.array(
        [quantities.IN_TEN_THOUSANDS in text for text in texts], dtype=bool
    )
    rows = np.empty((len(starts), figures.COLUMNS), dtype=np.int64)
    rest = np.empty((len(texts), 4), dtype=np.int64)
    count, odd = figures.read(
        points, first, starts, in_ten_thousands, *tables(), rows, rest
    )
    found: dict[int, list[quantities.Quantity]] = {}
    rows = rows[:count]
    of = np.searchsorted(first, rows[:, figures.START], side="right") - 1
    offsets = first[of]
    made = map(
        _quantity,
        rows[:, figures.LOW].tolist(),
        rows[:, figures.HIGH].tolist(),
        rows[:, figures.DECIMALS].tolist(),
        rows[:, figures.IS_VAGUE].astype(bool).tolist(),
        (rows[:, figures.START] - offsets).tolist(),
        (rows[:, figures.END] - offsets).tolist(),
        rows[:, figures.FORM].tolist(),
    )
    for text, one in zip(of.tolist(), made, strict=True):
        found.setdefault(text, []).append(one)
    for text, key, position, last_end in rest[:odd].tolist():
        begin = int(first[text])
        last = int(np.searchsorted(starts, first[text + 1]))
        more = quantities.quantities(
            texts[text],
            (starts[key:last] - begin).tolist(),
            position=position - begin,
            last_end=last_end - begin,
        )
        found.setdefault(text, []).extend(more)
    return {
        text: each for text, each in sorted(found.items()) if each and may_pay(each)
    }


def _quantity(  # noqa: PLR0917 (columns of a table)
    low: int,
    high: int,
    decimals: int,
    is_vague: bool,  # noqa: FBT001 (columns of a table)
    start: int,
    end: int,
    form: int,
) -> quantities.Quantity:
    return quantities.Quantity(
        Decimal(low).scaleb(-decimals) if decimals else Decimal(low),
        None if high == figures.OPEN_END else Decimal(high),
        is_vague,
        start,
        end,
        figures.FORMS[form],
    )
