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

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features import documents, entries, money
    from features.trie import Integers

#: What is added to the log-odds of ``ROLES``, in their order, in hundredths.
Row = tuple[int, ...]

ROLES: Final[tuple[money.Role, ...]] = (
    "agency_fee", "price", "promised_income", "loss", "other",
)  # fmt: skip
#: Sizes in yuan that mean something in the trade: small change, a course, a device, the usual fee, turnover.
_SIZES: Final = (100, 1_000, 3_000, 8_000, 20_000, 100_000, 300_000, 1_000_000, 5_000_000)  # fmt: skip
_BEFORE, _BEHIND = 12, 9
#: Hundredths of log-odds by which the role by grammar is ahead: the table was learned from few writers, and where it hardly
#: prefers another role the grammar knows better (fees of held-out sentences F1 0.927 with 0, of held-out posts of writers learned from 0.82, and 0.80 as it is).
_AHEAD: Final = 150
#: Characters right beside a sum that are looked at together.
BESIDE: Final = (1, 2, 3)
_FIGURES: Final = str.maketrans("123456789", "000000000")


@dataclass(frozen=True, slots=True)
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

    role: money.Role
    size: int
    period: money.Period
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


def setting(
    one: documents.Placed[money.Amount], stance: str, *, is_job: bool, fees: int
) -> Setting:
    """The setting of a sum in a document that does this and has so many fees by grammar."""
    item = one.item
    return Setting(
        item.role, bisect_right(_SIZES, item.yuan), item.period, stance, is_job,
        fees > (item.role == "agency_fee"),
    )  # fmt: skip


def sides(text: str, one: documents.Placed[money.Amount]) -> tuple[str, str]:
    """The characters before and behind a sum that are looked at; all figures are 0."""
    before = text[max(0, one.start - _BEFORE) : one.start]
    return before.translate(_FIGURES), text[one.end : one.end + _BEHIND].translate(
        _FIGURES
    )


def pairs(side: str) -> list[str]:
    """Characters next to each other."""
    return [side[at : at + 2] for at in range(len(side) - 1)]


def settled(
    amounts: entries.Amounts,
    texts: Sequence[str],
    stances: Sequence[str],
    *,
    table: Table,
    is_job: Integers,
    is_wanted: Integers,
) -> list[Sequence[documents.Placed[money.Amount]]]:
    """Amounts with the role that the table gives them.

    Args:
        amounts: Amounts of each document.
        texts: The joined texts.
        stances: What each document does.
        table: The pack's; an empty one changes nothing.
        is_job: For each document whether it speaks of a position.
        is_wanted: Documents to look at; the others stay as they are.

    Returns:
        As ``amounts``.
    """
    heard = list(amounts)
    if not table:
        return heard
    known: dict[Setting, Row] = {}
    for number in np.flatnonzero(is_wanted).tolist():
        listed = heard[number]
        if not listed:
            continue
        if is_job[number] and stances[number] == "other":
            # What an employer names are wages.
            heard[number] = [_as(one, "other") for one in listed]
            continue
        fees = sum(one.item.role == "agency_fee" for one in listed)
        settled_here = []
        for one in listed:
            here = setting(one, stances[number], is_job=bool(is_job[number]), fees=fees)  # fmt: skip
            row = known.get(here)
            if row is None:
                row = known[here] = whole_of(table, here)
            settled_here.append(_as(one, likeliest(table, row, *sides(texts[number], one))))  # fmt: skip
        heard[number] = settled_here
    return heard


def whole_of(table: Table, here: Setting) -> Row:
    """What a setting adds up to, with what the role by grammar has in advance."""
    ahead = tuple(_AHEAD * (role == here.role) for role in ROLES)
    found = [row for key in here.keys() if (row := table.whole.get(key)) is not None]  # noqa: SIM118  not a mapping
    return tuple(map(sum, zip(ahead, *found, strict=True)))


def likeliest(table: Table, whole: Row, before: str, behind: str) -> money.Role:
    """The role with the highest sum of weights; of equal ones the first of ``ROLES``.

    Args:
        table: The pack's.
        whole: What the sum and its document are adds up to.
        before: The characters before it, from ``sides``.
        behind: Those behind.
    """
    near, far = table.before.get, table.behind.get
    rows = [
        whole,
        *(near(before[-count:]) for count in BESIDE),
        *(far(behind[:count]) for count in BESIDE),
        *map(table.pairs_before.get, pairs(before)),
        *map(table.pairs_behind.get, pairs(behind)),
    ]
    rows = [row for row in rows if row is not None]
    sums = [sum(column) for column in zip(*rows, strict=True)]
    return ROLES[sums.index(max(sums))]


def _as(
    one: documents.Placed[money.Amount], role: money.Role
) -> documents.Placed[money.Amount]:
    return one if one.item.role == role else one._replace(item=one.item._replace(role=role))  # fmt: skip


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
