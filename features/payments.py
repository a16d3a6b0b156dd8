"""What sums are for, once it is known what their whole document does: the learned second look at ``features.roles``.

In: amounts with the role that their surroundings gave them, the documents, and the table of payments of a pack. Out: the
same amounts, some with another role. Invariants: pure; each sum looks at most ``_BEFORE`` characters before itself and
``_BEHIND`` behind; without a table nothing changes; the table is data, written by ``tests/harness/fit_payments.py``, and
every line of it can be read.

The grammar around a sum (``frames``) and the words near it (``roles``) do not know whether a seller, an employer, a court or
a victim speaks, and the same 起步3万 is a fee with the one and a price with the other. The table weighs them together: role
by grammar, stance, size, period, and the characters right before and behind.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features import rolewords
    from features.trie import Integers

#: What is added to the log-odds of ``ROLES``, in their order, in hundredths.
Row = tuple[int, ...]

ROLES: Final = sums.ROLES
#: Sizes in yuan that mean something in the trade: small change, a course, a device, the usual fee, turnover.
_SIZES: Final = (100, 1_000, 3_000, 8_000, 20_000, 100_000, 300_000, 1_000_000, 5_000_000)  # fmt: skip
_BEFORE, _BEHIND = 12, 9
#: Hundredths of log-odds by which the role by grammar is ahead: the table was learned from few writers, and where it hardly
#: prefers another role the grammar knows better (fees of held-out sentences F1 0.927 with 0, of held-out posts of writers learned from 0.82, and 0.80 as it is).
_AHEAD: Final = 150
#: Characters right beside a sum that are looked at together.
BESIDE: Final = (1, 2, 3)
#: Bits of a character in a packed key.
_BITS: Final = 21


class _Keys(NamedTuple):
    """Rows of a table by packed characters, to be looked up for many sums at once.

    Attributes:
        keys: Ascending.
        rows: Of each key, and one of zeros.
    """

    keys: Integers
    rows: Integers

    def summed(self, asked: Integers) -> Integers:
        """For each line of ``asked`` the sum of the rows of its keys; a key without a row adds nothing."""
        at = np.searchsorted(self.keys, asked)
        at[self.keys[np.minimum(at, len(self.keys) - 1)] != asked] = len(self.keys)
        found: Integers = self.rows[at].sum(axis=1)
        return found


@dataclass(frozen=True)
class Table:
    """The table of payments of a pack.

    Attributes:
        whole: Rows of what a sum and its document are, by key.
        before: Rows of the one to three characters right before a sum.
        behind: Of those right behind.
        pairs_before: Of pairs of characters anywhere near before it.
        pairs_behind: Of pairs behind.
    """

    whole: dict[str, Row] = field(default_factory=dict)
    before: dict[str, Row] = field(default_factory=dict)
    behind: dict[str, Row] = field(default_factory=dict)
    pairs_before: dict[str, Row] = field(default_factory=dict)
    pairs_behind: dict[str, Row] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.whole)

    @functools.cached_property
    def packed(self) -> tuple[_Keys, _Keys, _Keys, _Keys]:
        """What stands before, behind, and pairs before and behind, made ready to be looked up."""
        return (
            _keys(self.before, sizes=BESIDE, is_before=True),
            _keys(self.behind, sizes=BESIDE, is_before=False),
            _keys(self.pairs_before, sizes=(2,), is_before=True),
            _keys(self.pairs_behind, sizes=(2,), is_before=False),
        )


def _keys(rows: dict[str, Row], *, sizes: Sequence[int], is_before: bool) -> _Keys:
    packed: dict[int, Row] = {-1: (0,) * len(ROLES)}
    for key, row in rows.items():
        if len(key) in sizes:
            nearest_first = key[::-1] if is_before else key
            packed[sum(ord(one) << _BITS * at for at, one in enumerate(nearest_first))] = row  # fmt: skip
    ordered = sorted(packed)
    table = np.array([*(packed[one] for one in ordered), packed[-1]], dtype=np.int64)
    return _Keys(np.array(ordered, dtype=np.int64), table)


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


def sides(points: Integers, first: Integers, amounts: sums.Sums) -> Integers:
    """The characters beside each sum that are looked at: ``_BEFORE`` of them from the nearest on, then ``_BEHIND``; all figures are 0.

    Args:
        points: Code points of the joined texts, one after the other.
        first: Where each text begins in them, and where the last one ends; the last character of each is its border.
        amounts: The sums.

    Returns:
        A line for each sum; zeros beyond the borders of its text.
    """
    low, high = first[amounts.texts], first[amounts.texts + 1] - 1
    before = (low + amounts.starts)[:, None] - np.arange(1, _BEFORE + 1)
    behind = (low + amounts.ends)[:, None] + np.arange(_BEHIND)
    places = np.hstack([before, behind])
    is_inside = (places >= low[:, None]) & (places < high[:, None])
    found = points[np.where(is_inside, places, 0)].astype(np.int64)
    found[~is_inside] = 0
    found[(found > ord("0")) & (found <= ord("9"))] = ord("0")
    return found


def keys_beside(side: Sequence[int]) -> Iterator[str]:
    """Keys of the table for one line of ``sides``, with their marks."""
    written = ["".join(map(chr, filter(None, part))) for part in (side[:_BEFORE], side[_BEFORE:])]  # fmt: skip
    before, behind = written[0][::-1], written[1]
    for count in BESIDE:
        yield f"<{before[-count:]}"
        yield f">{behind[:count]}"
    for mark, text in (("<<", before), (">>", behind)):
        for at in range(len(text) - 1):
            yield f"{mark}{text[at : at + 2]}"


def settled(
    amounts: sums.Sums,
    points: Integers,
    first: Integers,
    stances: Sequence[str],
    *,
    table: Table,
    is_job: Integers,
    is_wanted: Integers,
) -> sums.Sums:
    """Amounts with the role that the table gives them.

    Args:
        amounts: Amounts of the documents.
        points: As of ``sides``.
        first: Likewise.
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
    known: dict[Setting, Row] = {}
    wholes: list[Row] = []
    for here in settings(asked, stances, is_job=is_job):
        row = known.get(here)
        if row is None:
            row = known[here] = whole_of(table, here)
        wholes.append(row)
    roles[rows] = likeliest(table, wholes, sides(points, first, asked))
    return amounts._replace(roles=roles)


def whole_of(table: Table, here: Setting) -> Row:
    """What a setting adds up to, with what the role by grammar has in advance."""
    ahead = tuple(_AHEAD * (role == here.role) for role in ROLES)
    found = [row for key in here.keys() if (row := table.whole.get(key)) is not None]  # noqa: SIM118  not a mapping
    return tuple(map(sum, zip(ahead, *found, strict=True)))


def likeliest(table: Table, wholes: Sequence[Row], beside: Integers) -> Integers:
    """The role with the highest sum of weights for each of many sums; of equal ones the first of ``ROLES``.

    Args:
        table: The pack's.
        wholes: What each sum and its document are adds up to.
        beside: The characters before and behind each, from ``sides``.
    """
    # Beyond the border of a text no key is met, but for those of fewer characters.
    before, behind = beside[:, :_BEFORE], beside[:, _BEFORE:]
    near, far, pairs_near, pairs_far = table.packed
    weights = (
        np.array(wholes, dtype=np.int64).reshape(-1, len(ROLES))
        + near.summed(_beginnings(before))
        + far.summed(_beginnings(behind))
        + pairs_near.summed(before[:, :-1] | before[:, 1:] << _BITS)
        + pairs_far.summed(behind[:, :-1] | behind[:, 1:] << _BITS)
    )
    found: Integers = weights.argmax(axis=1)
    return found


def _beginnings(side: Integers) -> Integers:
    """The first one, two and three characters of each line, packed."""
    found: Integers = np.cumsum(side[:, :3] << (_BITS * np.arange(3)), axis=1)
    return found


def parse(text: str) -> Table:
    """Read a table of payments.

    Args:
        text: Lines ``key <tab> numbers``: 5 whole numbers, hundredths of log-odds of ``ROLES``, separated by blanks. A key
            that begins with ``<`` or ``>`` is one to three characters right before or behind a sum, with ``<<`` or ``>>``
            a pair near it; a line break is written ``¶``. Lines that begin with ``#`` and a blank say what they are.

    Returns:
        The table; without lines an empty one.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    table = Table()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("# "):
            continue
        key, _, figures = line.partition("\t")
        try:
            values = tuple(int(one) for one in figures.split(" "))
        except ValueError:
            values = ()
        rows, key = _of(table, key.replace("¶", "\n"))
        if len(values) != len(ROLES) or key in rows:
            message = f"{number}: expected a new key, a tab and {len(ROLES)} whole numbers, found {line!r:.60}"
            raise ValueError(message)
        rows[key] = values
    return table


def _of(table: Table, key: str) -> tuple[dict[str, Row], str]:
    """Where the row of a key of the file lies."""
    for mark, rows in (
        ("<<", table.pairs_before),
        (">>", table.pairs_behind),
        ("<", table.before),
        (">", table.behind),
    ):
        if key.startswith(mark) and len(key) > len(mark):
            return rows, key[len(mark) :]
    return table.whole, key
