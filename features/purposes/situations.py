"""How each sum stands in its document: small whole numbers, a column for each question.

In: amounts of a slice with their roles by grammar, and what their documents do. Out: ``Situations``: for each question of
``QUESTIONS`` the number of an answer for every sum. Invariants: pure; a sum's answers depend on its own document alone; no
sum costs Python anything of its own, because all are asked at once.

The grammar beside a sum does not see that it is the largest of five, or the sum before it ten times over: 区域费28000，车油6400
has one fee, 省级30万，市级10万，县级3万 has three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import stance
from features.amounts import sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers

#: Sizes in yuan that mean something in the trade: small change, a course, a device, the usual fee, turnover.
COARSE: Final = (100, 1_000, 3_000, 8_000, 20_000, 100_000, 300_000, 1_000_000, 5_000_000)  # fmt: skip
FINE: Final = (
    50, 200, 500, 1_000, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000, 50_000, 80_000, 100_000, 200_000, 300_000,
    500_000, 1_000_000, 3_000_000, 10_000_000, 100_000_000,
)  # fmt: skip
#: What a sum is written with at its end.
_UNITS: Final = ("万", "千", "w", "百", "k", "q", "元", "块", "figure", "other")
_UNIT_OF: Final = np.full(0x110000, _UNITS.index("other"), dtype=np.uint8)
_UNIT_OF[[ord(one) for one in "0123456789"]] = _UNITS.index("figure")
_UNIT_OF[[ord(one) for one in _UNITS[:-2]]] = range(len(_UNITS) - 2)
#: Characters between two sums up to which they touch, are near, are in reach.
_GAPS: Final = (3, 10, 30)
#: Sums of a document that are counted, and places by size that are told apart.
_MOST, _RANKS, _DIGITS = 5, 4, 9
#: A neighbour this many times as large is another kind of sum.
_TIMES: Final = 10
_NO: Final = ("no", "yes")
_NONE: Final = "none"
_NEAR: Final = ("touching", "near", "within reach", "far", _NONE)
_RATIO: Final = ("far less", "less", "equal", "more", "far more", _NONE)


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


#: What is asked of each sum, and the answers. A neighbour that is missing answers ``none``.
QUESTIONS: Final[dict[str, tuple[str, ...]]] = {
    "role": sums.ROLES,
    "size": _numbers(len(COARSE) + 1),
    "fine": _numbers(len(FINE) + 1),
    "large": _NO,
    "period": sums.PERIODS,
    "stance": stance.STANCES,
    "job": _NO,
    "fee elsewhere": _NO,
    "range": _NO,
    "vague": _NO,
    "title": _NO,
    "unit": _UNITS,
    "digits": _numbers(_DIGITS + 1),
    "zeros": _numbers(_DIGITS + 1),
    "count": _numbers(_MOST + 1),
    "place": ("only", "first", "middle", "last"),
    "rank": _numbers(_RANKS),
    "repeated": _NO,
    **{
        f"{side} {what}": answers
        for side in ("before", "behind")
        for what, answers in (
            ("role", (*sums.ROLES, _NONE)),
            ("gap", _NEAR),
            ("ratio", _RATIO),
        )
    },
}


class Situations(NamedTuple):
    """Answers, a row for each sum and a column for each of ``QUESTIONS``."""

    answers: Integers

    def of(self, *questions: str) -> Integers:
        """The answers to some questions taken together: one number for each sum, as in a product of their answers."""
        together: Integers = np.zeros(len(self.answers), dtype=np.int64)
        for name in questions:
            together = together * len(QUESTIONS[name]) + self.answers[:, PLACES[name]]
        return together


#: The column of each question.
PLACES: Final = {name: place for place, name in enumerate(QUESTIONS)}


def situations(
    amounts: sums.Sums,
    points: Integers,
    first: Integers,
    stances: Sequence[str],
    *,
    is_job: Integers,
) -> Situations:
    """How sums stand in documents that do this.

    Args:
        amounts: Amounts of the documents, with their roles by grammar.
        points: Code points of the joined texts, a line break behind each.
        first: Where each text begins in them, and where the last one ends.
        stances: What each document does.
        is_job: For each document whether it speaks of a position.

    Returns:
        A row for each amount. Empty in, empty out.
    """
    of, roles, cents = amounts.texts, amounts.roles, amounts.cents
    is_fee = roles == sums.FEE
    doing = np.array([_STANCES[one] for one in stances], dtype=np.int64)
    count = amounts.counted(np.ones(len(of), dtype=bool), len(stances))[of]
    before = np.append(-1, of[:-1]) == of
    behind = np.append(of[1:], -1) == of
    digits, zeros = _written(cents // sums.CENTS)
    rank, is_repeated = _ranks(of, cents)
    large = np.searchsorted(_limits(COARSE), cents, side="right")
    columns: dict[str, Integers] = {
        "role": roles,
        "size": large,
        "fine": np.searchsorted(_limits(FINE), cents, side="right"),
        "large": large > _LARGE,
        "period": amounts.periods,
        "stance": doing[of],
        "job": is_job[of],
        "fee elsewhere": amounts.counted(is_fee, len(stances))[of] > is_fee,
        "range": amounts.most != sums.OPEN_END,
        "vague": amounts.is_approximate,
        "title": amounts.fields == 0,
        "unit": _UNIT_OF[points[first[of] + amounts.ends - 1]],
        "digits": digits,
        "zeros": zeros,
        "count": np.minimum(count, _MOST),
        "place": np.where(before, np.where(behind, 2, 3), behind),
        "rank": np.minimum(rank, _RANKS - 1),
        "repeated": is_repeated,
    }
    for side, has, step in (("before", before, -1), ("behind", behind, 1)):
        other = np.arange(len(of)) + step * has
        gap = np.abs(amounts.starts - amounts.ends[other])
        if step > 0:
            gap = np.abs(amounts.starts[other] - amounts.ends)
        columns[f"{side} role"] = np.where(has, roles[other], len(sums.ROLES))
        columns[f"{side} gap"] = np.where(has, np.searchsorted(_GAPS, gap), len(_GAPS) + 1)  # fmt: skip
        columns[f"{side} ratio"] = np.where(has, _ratios(cents, cents[other]), len(_RATIO) - 1)  # fmt: skip
    return Situations(np.stack([columns[name] for name in QUESTIONS], axis=1).astype(np.int64))  # fmt: skip


_STANCES: Final = {name: number for number, name in enumerate(stance.STANCES)}
#: The first of the sizes of ``COARSE`` that no product of the trade has.
_LARGE: Final = 3


def _limits(yuan: Sequence[int]) -> list[int]:
    return [one * sums.CENTS for one in yuan]


def _written(yuan: Integers) -> tuple[Integers, Integers]:
    """How many digits numbers have, and how many zeros at the end."""
    powers = 10 ** np.arange(1, _DIGITS + 1)
    digits: Integers = 1 + (yuan[:, None] >= powers[:-1]).sum(axis=1)
    zeros: Integers = ((yuan[:, None] % powers == 0) & (yuan[:, None] > 0)).sum(axis=1)
    return digits, zeros


def _ranks(of: Integers, cents: Integers) -> tuple[Integers, Integers]:
    """How many sums of its document are larger than each, and whether another is equal."""
    order = np.lexsort((-cents, of))
    texts, sizes = of[order], cents[order]
    opens = np.append(True, texts[1:] != texts[:-1])[: len(of)]
    changes = opens | np.append(True, sizes[1:] != sizes[:-1])[: len(of)]
    here = np.arange(len(of))
    since_text, since_size = (
        np.maximum.accumulate(np.where(one, here, 0)) for one in (opens, changes)
    )
    rank, repeated = np.empty_like(here), np.empty(len(of), dtype=bool)
    rank[order] = since_size - since_text
    repeated[order] = ~(changes & np.append(changes[1:], True)[: len(of)])
    return rank, repeated


def _ratios(cents: Integers, others: Integers) -> Integers:
    """How sums compare with others: a number of ``_RATIO``."""
    ratio: Integers = np.where(cents > others, 3, np.where(cents == others, 2, 1))
    ratio = np.where(cents > _TIMES * others, 4, ratio)
    return np.where(cents * _TIMES < others, 0, ratio)
