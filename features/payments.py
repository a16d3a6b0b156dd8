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
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import beside, entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features import documents, money
    from features.trie import Integers

#: Its rows are what is added to the log-odds of ``ROLES``, in their order.
Table = beside.Table

ROLES: Final[tuple[money.Role, ...]] = (
    "agency_fee", "price", "promised_income", "loss", "other",
)  # fmt: skip
#: Sizes in yuan that mean something in the trade: small change, a course, a device, the usual fee, turnover.
_SIZES: Final = (100, 1_000, 3_000, 8_000, 20_000, 100_000, 300_000, 1_000_000, 5_000_000)  # fmt: skip
_BEFORE, _BEHIND = 12, 9
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
    """The characters before and behind a sum that are looked at."""
    start, end = one.start, one.end
    return text[max(0, start - _BEFORE) : start], text[end : end + _BEHIND]


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
    known: dict[Setting, beside.Row] = {}
    wholes: list[beside.Row] = []
    around: list[tuple[str, str]] = []
    asked: list[int] = []
    for number in np.flatnonzero(is_wanted).tolist():
        listed = heard[number]
        if not listed:
            continue
        if is_job[number] and stances[number] == "other":
            # What an employer names are wages.
            heard[number] = [_as(one, "other") for one in listed]
            continue
        asked.append(number)
        fees = sum(one.item.role == "agency_fee" for one in listed)
        for one in listed:
            here = setting(one, stances[number], is_job=bool(is_job[number]), fees=fees)  # fmt: skip
            row = known.get(here)
            if row is None:
                row = known[here] = whole_of(table, here)
            wholes.append(row)
            around.append(sides(texts[number], one))
    told = iter(likeliest(table, wholes, around))
    for number in asked:
        heard[number] = [_told(one, next(told), texts[number]) for one in heard[number]]
    return heard


def _told(
    one: documents.Placed[money.Amount], role: money.Role, text: str
) -> documents.Placed[money.Amount]:
    """A sum with the role of the table, but no fee of what the words beside it explain (欠债三十万)."""
    is_fee = role == "agency_fee" != one.item.role
    return one if is_fee and entries.is_explained(one, text) else _as(one, role)


def whole_of(table: Table, here: Setting) -> beside.Row:
    """What a setting adds up to, with what the role by grammar has in advance."""
    ahead = tuple(_AHEAD * (role == here.role) for role in ROLES)
    found = [row for key in here.keys() if (row := table.whole.get(key)) is not None]  # noqa: SIM118  not a mapping
    return tuple(map(sum, zip(ahead, *found, strict=True)))


def likeliest(
    table: Table, wholes: Sequence[beside.Row], sides: Sequence[tuple[str, str]]
) -> list[money.Role]:
    """The role with the highest sum of weights for each of many sums; of equal ones the first of ``ROLES``.

    Args:
        table: The pack's.
        wholes: What each sum and its document are adds up to.
        sides: The characters before and behind each, from ``sides``.
    """
    if not wholes:
        return []
    weights = table.weights(wholes, sides, reach=(_BEFORE, _BEHIND))
    return [ROLES[one] for one in weights.argmax(axis=1).tolist()]


def _as(
    one: documents.Placed[money.Amount], role: money.Role
) -> documents.Placed[money.Amount]:
    return one if one.item.role == role else one._replace(item=one.item._replace(role=role))  # fmt: skip


def parse(text: str) -> Table:
    """Read a table of payments: lines of ``beside.parse`` with the numbers of ``ROLES``."""
    return beside.parse(text, width=len(ROLES))
