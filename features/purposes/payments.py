"""What sums are for, once it is known what their whole document does: the learned second look at ``features.purposes.roles``.

In: amounts with the role that their surroundings gave them, the documents with names hidden, and the table of payments of a
pack. Out: the same amounts, some with another role. Invariants: pure; each sum looks at most ``REACH`` characters before itself
and behind, and at the sums beside it; without a table nothing changes; the table is data, written by
``tests/harness/fit_payments.py``, and every line of it can be read.

The grammar around a sum (``frames``) and the words near it (``roles``) do not know whether a seller, an employer, a court or
a victim speaks, and the same 起步3万 is a fee with the one and a price with the other. The table weighs them together: role
by grammar, stance, size, period, how the sum stands among the others (``situations``), the characters right before and
behind, and what the clauses around it hold (``surroundings``), as ``phrases`` see them: what sellers swap is hidden, and other sums are one character each, so that more is in reach.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from features.amounts import beside, sums
from features.engine import native
from features.purposes import entries, situations, surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.engine.trie import Integers
    from features.speech import phrases

ROLES: Final = sums.ROLES
#: Characters before and behind a sum that are looked at, and those whose place counts.
REACH: Final = (60, 40)
NEAR: Final = (12, 9)
#: Questions of ``situations`` that the table answers together.
FAMILIES: Final = (
    ("role",), ("size",), ("period",), ("stance",), ("job",), ("fee elsewhere",),
    ("role", "stance"), ("role", "stance", "large"), ("stance", "size"), ("role", "period"),
    ("fine",), ("fine", "stance"), ("fine", "role"), ("fine", "period"),
    ("vague",), ("range",), ("title",), ("unit",), ("digits", "zeros"),
    ("count",), ("place",), ("rank", "count"), ("repeated",),
    *(
        questions
        for side in ("before", "behind")
        for role, gap, ratio in [(f"{side} role", f"{side} gap", f"{side} ratio")]
        for questions in ((role,), (role, "role"), (gap,), (role, gap), (ratio,), (role, ratio), (gap, ratio))
    ),
)  # fmt: skip


def keys_of(family: Sequence[str]) -> list[str]:
    """Keys of ``Table.whole``, one for each answer to some questions."""
    answers = itertools.product(*(situations.QUESTIONS[name] for name in family))
    return [
        ", ".join(f"{name} {said}" for name, said in zip(family, one, strict=True))
        for one in answers
    ]


_KEYS: Final = tuple(map(keys_of, FAMILIES))
#: Where the questions of each family begin, and the end; their columns of ``Situations``; and how many answers each has.
_ASKED: Final = (
    np.cumsum([0, *map(len, FAMILIES)]),
    np.array([situations.PLACES[one] for each in FAMILIES for one in each]),
    np.array([len(situations.QUESTIONS[one]) for each in FAMILIES for one in each]),
)


@dataclass(frozen=True)
class Table(beside.Table):
    """A learned table; its rows are what is added to the log-odds of ``ROLES``, in their order.

    Attributes:
        around: Rows of pairs in the clauses around a sum, by ``surroundings.names``.
    """

    around: dict[str, beside.Row] = field(default_factory=dict)

    @functools.cached_property
    def pairs(self) -> beside.Keys:
        """Rows of ``around``, made ready to be looked up."""
        numbers = [surroundings.number(name) for name in self.around]
        return beside.keys_of(np.array(numbers, dtype=np.int64), list(self.around.values()), width=len(ROLES))  # fmt: skip

    @functools.cached_property
    def settings(self) -> tuple[Integers, Integers]:
        """The rows of all ``FAMILIES`` in one, by the number of the answers, and where those of each begin; nothing where the table has no row."""
        nothing = (0,) * len(ROLES)
        rows = [self.whole.get(key, nothing) for keys in _KEYS for key in keys]
        begins = np.cumsum([0, *map(len, _KEYS)])[:-1]
        return np.array(rows, dtype=np.int64), begins

    def likeliest(self, here: situations.Situations, lines: Integers) -> Integers:
        """The role with the highest sum of weights for each of many sums; of equal ones the first of ``ROLES``.

        Args:
            here: How the sums stand in their documents.
            lines: The characters beside each, from ``lines_of``.
        """
        base = np.array(self.whole.get("base", (0,) * len(ROLES)), dtype=np.int64)
        wholes = _wholes(here.answers, *_ASKED, *self.settings, base)
        near = self.weights(wholes, near_of(lines), before=NEAR[0])
        around = self.pairs.summed(surroundings.pairs(lines, before=REACH[0]))
        found: Integers = (near + around).argmax(axis=1)
        return found


@native.compiled
def _wholes(  # noqa: PLR0917 (compiled functions take their arrays by place)
    answers: Integers,
    first: Integers,
    columns: Integers,
    sizes: Integers,
    rows: Integers,
    begins: Integers,
    base: Integers,
) -> Integers:
    """What the answers of each sum add up to, and ``base``: for each family of questions the row of its answers together."""
    summed = np.empty((len(answers), len(base)), np.int64)
    for line in range(len(answers)):
        summed[line] = base
        for family in range(len(begins)):
            together = np.int64(0)
            for asked in range(first[family], first[family + 1]):
                together = together * sizes[asked] + answers[line, columns[asked]]
            row = begins[family] + together
            for role in range(len(base)):
                summed[line, role] += rows[row, role]
    return summed


def keys(here: situations.Situations) -> Iterator[set[str]]:
    """The keys of ``Table.whole`` that each sum has, without ``base``."""
    columns = [here.of(*family).tolist() for family in FAMILIES]
    for numbers in zip(*columns, strict=True):
        yield {listed[number] for listed, number in zip(_KEYS, numbers, strict=True)}


def near_of(lines: Integers) -> Integers:
    """Of the characters beside sums, from ``lines_of``, those whose place counts."""
    return np.hstack([lines[:, : NEAR[0]], lines[:, REACH[0] : REACH[0] + NEAR[1]]])


def lines_of(hidden: phrases.Masked, amounts: sums.Sums, first: Integers) -> Integers:
    """The characters beside sums with names hidden, as ``beside.lines`` has them.

    Args:
        hidden: The texts; each that holds an amount is among them.
        amounts: Their amounts.
        first: Where each text begins in the slice, and where the last one ends.
    """
    begins = np.searchsorted(hidden.texts, np.arange(len(first)))
    at = np.searchsorted(hidden.places, first[amounts.texts] + amounts.starts)
    at -= begins[amounts.texts]
    return beside.lines_of(hidden.points, begins, amounts.texts, at, at + 1, reach=REACH)  # fmt: skip


def settled(
    amounts: sums.Sums,
    hidden: phrases.Masked,
    points: Integers,
    first: Integers,
    texts: Sequence[str],
    *,
    stances: Sequence[str],
    table: Table,
    is_job: Integers,
) -> sums.Sums:
    """Amounts with the role that the table gives them.

    Args:
        amounts: Amounts of the documents.
        hidden: The joined texts with names hidden.
        points: Code points of the joined texts, a line break behind each.
        first: Where each text begins in them, and where the last one ends.
        texts: The joined texts.
        stances: What each document does.
        table: The pack's; an empty one changes nothing.
        is_job: For each document whether it speaks of a position.

    Returns:
        As ``amounts``.
    """
    if not table or not len(amounts.texts):
        return amounts
    here = situations.situations(amounts, points, first, stances, is_job=is_job)
    roles = table.likeliest(here, lines_of(hidden, amounts, first))
    for row in np.flatnonzero((roles == sums.FEE) & (amounts.roles != sums.FEE)).tolist():  # fmt: skip
        # Debts are no fee, however much an offer speaks of fees (欠债三十万).
        if entries.is_owed(texts[amounts.texts[row]], int(amounts.starts[row])):
            roles[row] = amounts.roles[row]
    # What an employer names are wages.
    is_wage = is_job & np.array([one == "other" for one in stances], dtype=bool)
    roles[is_wage[amounts.texts]] = sums.OTHER
    return amounts._replace(roles=roles)


def parse(text: str) -> Table:
    """Read a table of payments: lines of ``beside.parse`` with the numbers of ``ROLES``; keys may be ``surroundings.names`` too.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    told = beside.parse(text, width=len(ROLES))
    whole: dict[str, beside.Row] = {}
    around: dict[str, beside.Row] = {}
    for key, row in told.whole.items():
        if key[0] in surroundings.MARKS:
            _check_name(key, text)
        (around if key[0] in surroundings.MARKS else whole)[key] = row
    return Table(whole, told.before, told.behind, told.pairs_before, told.pairs_behind, around)  # fmt: skip


def _check_name(key: str, text: str) -> None:
    try:
        surroundings.number(key)
    except ValueError as error:
        written, lines = key.replace("\n", "¶"), enumerate(text.split("\n"), start=1)
        number = next(
            number for number, line in lines if line.startswith(f"{written}\t")
        )
        message = f"{number}: {error}"
        raise ValueError(message) from error
