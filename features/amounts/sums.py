"""The amounts of a slice of documents as columns, from the readers of sums to the rows that are kept.

In: what ``money`` finds. Out: ``Sums``, passed on by all that looks at amounts: patterns, phrases, entries, payments, rows. Invariants:
pure; all columns have one length; ascending by document and by place, not overlapping; money is whole cents, so that arrays
hold it exactly.

Why columns: an object for each sum at each step took a tenth of reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from features.engine.trie import Integers
    from features.purposes import rolewords

Period = Literal["none", "day", "month", "year"]

ROLES: Final[tuple[rolewords.Role, ...]] = (
    "agency_fee", "price", "promised_income", "loss", "other",
)  # fmt: skip
FEE, PRICE, INCOME, LOSS, OTHER = range(len(ROLES))
PERIODS: Final[tuple[Period, ...]] = ("none", "day", "month", "year")
NO_PERIOD: Final = PERIODS.index("none")
#: Of one yuan.
CENTS: Final = 100
#: Without an upper bound.
OPEN_END: Final = -1


class Sums(NamedTuple):
    """Amounts, a row each.

    Attributes:
        texts: The index of the document.
        fields: Which of ``documents.FIELDS`` it stands in.
        starts: Where it begins in the joined text.
        ends: Exclusive.
        firsts: Where it begins in what was written in the field.
        lasts: Exclusive.
        cents: The amount, or its lower bound.
        most: Upper bound in cents where one is meant, else ``OPEN_END``.
        is_approximate: The writer is vague.
        roles: A number of ``ROLES``.
        periods: A number of ``PERIODS``.
    """

    texts: Integers
    fields: Integers
    starts: Integers
    ends: Integers
    firsts: Integers
    lasts: Integers
    cents: Integers
    most: Integers
    is_approximate: Integers
    roles: Integers
    periods: Integers

    def counted(self, wanted: Integers, size: int) -> Integers:
        """In each of ``size`` documents how many are wanted, told by a flag each."""
        return np.bincount(self.texts[wanted], minlength=size)

    def has(self, wanted: Integers, size: int) -> Integers:
        """Of each of ``size`` documents whether one is wanted, told by a flag each."""
        found = np.zeros(size, dtype=bool)
        found[self.texts[wanted]] = True
        return found
