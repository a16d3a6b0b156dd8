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
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from features import documents, entries, money
    from features.trie import Integers

#: What adds how much to the log-odds of ``ROLES``, in their order.
Table = dict[str, tuple[float, ...]]

ROLES: Final[tuple[money.Role, ...]] = (
    "agency_fee", "price", "promised_income", "loss", "other",
)  # fmt: skip
#: Sizes in yuan that mean something in the trade: small change, a course, a device, the usual fee, turnover.
_SIZES: Final = (100, 1_000, 3_000, 8_000, 20_000, 100_000, 300_000, 1_000_000, 5_000_000)  # fmt: skip
_BEFORE, _BEHIND = 12, 9
#: Characters right beside a sum that are looked at together.
_BESIDE: Final = (1, 2, 3)
_ENDS: Final = "。!?;\n"
_FIGURES: Final = str.maketrans("123456789", "000000000")


def shown(
    text: str, one: documents.Placed[money.Amount], stance: str, *, is_job: bool, has_fee: bool
) -> Iterator[str]:  # fmt: skip
    """What a sum and its document show, as keys of the table.

    Args:
        text: The joined text.
        one: The sum.
        stance: What the document does.
        is_job: Whether it speaks of a position.
        has_fee: Whether another sum of it is an entry fee by grammar.
    """
    item = one.item
    role, size = item.role, bisect_right(_SIZES, item.yuan)
    yield "base"
    yield f"role {role}"
    yield f"size {size}"
    yield f"period {item.period}"
    yield f"stance {stance}"
    yield f"{role} in {stance}"
    yield f"{role} in {stance}, size {size > 3}"
    yield f"{stance}, size {size}"
    yield f"{role} per {item.period}"
    if is_job:
        yield "job"
    if has_fee:
        yield "fee elsewhere"
    before = text[max(0, one.start - _BEFORE) : one.start].translate(_FIGURES)
    behind = text[one.end : one.end + _BEHIND].translate(_FIGURES)
    for count in _BESIDE:
        yield f"<{count} {before[-count:]}"
        yield f">{count} {behind[:count]}"
    for mark, side in (("<", before), (">", behind)):
        for at in range(len(side) - 1):
            pair = side[at : at + 2]
            if pair[0] not in _ENDS and pair[1] not in _ENDS:
                yield f"{mark} {pair}"


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
    for number in np.flatnonzero(is_wanted).tolist():
        listed = heard[number]
        if not listed:
            continue
        fees = sum(one.item.role == "agency_fee" for one in listed)
        heard[number] = [
            _as(one, likeliest(table, shown(
                texts[number], one, stances[number], is_job=bool(is_job[number]),
                has_fee=fees > (one.item.role == "agency_fee"),
            )))
            for one in listed
        ]  # fmt: skip
    return heard


def likeliest(table: Mapping[str, tuple[float, ...]], keys: Iterator[str]) -> money.Role:
    """The role with the highest sum of weights; of equal ones the first of ``ROLES``."""
    rows = [row for key in keys if (row := table.get(key)) is not None]
    sums = [sum(column) for column in zip(*rows, strict=True)]
    return ROLES[sums.index(max(sums))] if sums else "other"


def _as(
    one: documents.Placed[money.Amount], role: money.Role
) -> documents.Placed[money.Amount]:
    return one if one.item.role == role else one._replace(item=one.item._replace(role=role))  # fmt: skip


def parse(text: str) -> Table:
    """Read a table of payments.

    Args:
        text: Lines ``key <tab> numbers``: 5 whole numbers, hundredths of log-odds of ``ROLES``, separated by blanks; a
            line break in a key is written ``¶``. Lines that begin with ``#`` and a blank say what they are.

    Returns:
        The table; without lines an empty one.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    table: Table = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("# "):
            continue
        key, _, figures = line.partition("\t")
        try:
            values = tuple(int(one) / 100 for one in figures.split(" "))
        except ValueError:
            values = ()
        if len(values) != len(ROLES) or key in table:
            message = f"{number}: expected a new key, a tab and {len(ROLES)} whole numbers, found {line!r:.60}"
            raise ValueError(message)
        table[key.replace("¶", "\n")] = values
    return table
