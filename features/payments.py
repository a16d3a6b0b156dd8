"""What sums are for, once it is known what their whole document does: the learned second look at ``features.roles``.

In: amounts with the role that their surroundings gave them, the documents, and the table of payments of a pack. Out: the
same amounts, some with another role. Invariants: pure; each sum looks at most ``REACH`` characters before itself and
behind; without a table nothing changes; the table is data, written by ``tests/harness/fit_payments.py``, and
every line of it can be read.

The grammar around a sum (``frames``) and the words near it (``roles``) do not know whether a seller, an employer, a court or
a victim speaks, and the same 起步3万 is a fee with the one and a price with the other. The table weighs them together: role
by grammar, stance, size, period, and the characters right before and behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import beside, entries, sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features import rolewords
    from features.trie import Integers

#: Its rows are what is added to the log-odds of ``ROLES``, in their order.
Table = beside.Table

ROLES: Final = sums.ROLES
#: Sizes in yuan that mean something in the trade: small change, a course, a device, the usual fee, turnover.
_SIZES: Final = (100, 1_000, 3_000, 8_000, 20_000, 100_000, 300_000, 1_000_000, 5_000_000)  # fmt: skip
#: Characters before and behind a sum that are looked at.
REACH: Final = (12, 9)
#: Hundredths of log-odds by which the role by grammar is ahead, beyond what the table learned of it: fees of writers that nothing
#: was learned from have F1 0.853 with 0, 0.852 with 50, 0.835 with 150, and held-out sentences 0.932, 0.942 and 0.950.
_AHEAD: Final = 50


class Setting(NamedTuple):
    """What a sum and its document are.

    Attributes:
        role: The sum's by grammar.
        size: Its place among ``_SIZES``.
        period: Its period.
        stance: What the document does.
        is_job: Whether it speaks of a position.
        has_fee: Whether another sum of it is an entry fee by grammar.
    """

    role: rolewords.Role
    size: int
    period: sums.Period
    stance: str
    is_job: bool
    has_fee: bool

    def keys(self) -> Iterator[str]:
        """As keys of ``Table.whole``."""
        role, size, period, stance = self.role, self.size, self.period, self.stance
        yield "base"
        yield f"role {role}"
        yield f"size {size}"
        yield f"period {period}"
        yield f"stance {stance}"
        yield f"{role} in {stance}"
        yield f"{role} in {stance}, size {size > 3}"
        yield f"{stance}, size {size}"
        yield f"{role} per {period}"
        if self.is_job:
            yield "job"
        if self.has_fee:
            yield "fee elsewhere"


def settings(
    amounts: sums.Sums, stances: Sequence[str], *, is_job: Integers
) -> list[Setting]:
    """The settings of sums in documents that do this.

    Args:
        amounts: Amounts of the documents, with their roles by grammar.
        stances: What each document does.
        is_job: For each document whether it speaks of a position.
    """
    of, roles = amounts.texts, amounts.roles
    fees = amounts.counted(roles == sums.FEE, len(stances))[of]
    limits = [one * sums.CENTS for one in _SIZES]
    return [
        Setting(ROLES[role], size, sums.PERIODS[period], stances[text], job, has_fee)
        for role, size, period, text, job, has_fee in zip(
            roles.tolist(),
            np.searchsorted(limits, amounts.cents, side="right").tolist(),
            amounts.periods.tolist(),
            of.tolist(),
            is_job[of].tolist(),
            (fees > (roles == sums.FEE)).tolist(),
            strict=True,
        )
    ]


def settled(
    amounts: sums.Sums,
    points: Integers,
    first: Integers,
    texts: Sequence[str],
    stances: Sequence[str],
    *,
    table: Table,
    is_job: Integers,
    is_wanted: Integers,
) -> sums.Sums:
    """Amounts with the role that the table gives them.

    Args:
        amounts: Amounts of the documents.
        points: Code points of the joined texts, a line break behind each.
        first: Where each text begins in them, and where the last one ends.
        texts: The joined texts.
        stances: What each document does.
        table: The pack's; an empty one changes nothing.
        is_job: For each document whether it speaks of a position.
        is_wanted: Documents to look at; the others stay as they are.

    Returns:
        As ``amounts``.
    """
    if not table:
        return amounts
    is_wage = is_job & np.array([one == "other" for one in stances], dtype=bool)
    roles = amounts.roles.copy()
    # What an employer names are wages.
    roles[(is_wanted & is_wage)[amounts.texts]] = sums.OTHER
    rows = np.flatnonzero((is_wanted & ~is_wage)[amounts.texts])
    asked = sums.Sums(*(column[rows] for column in amounts))
    known: dict[Setting, beside.Row] = {}
    wholes: list[beside.Row] = []
    for here in settings(asked, stances, is_job=is_job):
        row = known.get(here)
        if row is None:
            row = known[here] = whole_of(table, here)
        wholes.append(row)
    lines = beside.lines_of(points, first, asked.texts, asked.starts, asked.ends, reach=REACH)  # fmt: skip
    told = likeliest(table, wholes, lines)
    # No fee of what the words beside it explain (欠债三十万).
    is_new = (told == sums.FEE) & (asked.roles != sums.FEE)
    for place in np.flatnonzero(is_new).tolist():
        start, end = int(asked.starts[place]), int(asked.ends[place])
        if entries.is_explained(texts[int(asked.texts[place])], start, end):
            told[place] = asked.roles[place]
    roles[rows] = told
    return amounts._replace(roles=roles)


def whole_of(table: Table, here: Setting) -> beside.Row:
    """What a setting adds up to, with what the role by grammar has in advance."""
    ahead = tuple(_AHEAD * (role == here.role) for role in ROLES)
    found = [row for key in here.keys() if (row := table.whole.get(key)) is not None]  # noqa: SIM118  not a mapping
    return tuple(map(sum, zip(ahead, *found, strict=True)))


def likeliest(table: Table, wholes: Sequence[beside.Row], lines: Integers) -> Integers:
    """The role with the highest sum of weights for each of many sums; of equal ones the first of ``ROLES``.

    Args:
        table: The pack's.
        wholes: What each sum and its document are adds up to.
        lines: The characters beside each, from ``beside``, as far as ``REACH``.
    """
    found: Integers = table.weights(wholes, lines, before=REACH[0]).argmax(axis=1)
    return found


def parse(text: str) -> Table:
    """Read a table of payments: lines of ``beside.parse`` with the numbers of ``ROLES``."""
    return beside.parse(text, width=len(ROLES))
