"""One advertisement in many versions: what a ring makes of its script so that no two posts are equal.

In: a script (a number) and a generator. Out: versions of the same text: some alternatives of the wording changed, clauses
shuffled, one left out or added, and every slot (city, sum, contact) filled anew. Invariant: the same script and variant
hold the same clauses; versions of different scripts share clauses no more than any two advertisements do.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from crawlers.sandbox import dice
from crawlers.sandbox.language import pitch, texts
from crawlers.sandbox.language.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawlers.sandbox.language import grammar
    from crawlers.sandbox.language.facts import Facts

#: Share of alternatives that are worded anew; chances that a clause is dropped or a foreign one added.
REWORDED, DROPPED, ADDED = 0.25, 0.08, 0.3
_LENGTHS = (5, 6, 7, 8)


class _Reworded(random.Random):
    """Draws what the script drew, now and then something else."""

    def __init__(self, script: random.Random, own: random.Random, rate: float) -> None:
        super().__init__(0)
        self._script, self._own, self._rate = script, own, rate

    def random(self) -> float:
        """A number from 0 to 1; all other draws come from it."""
        drawn = self._script.random()
        return self._own.random() if self._own.random() < self._rate else drawn


def version(
    rng: random.Random,
    facts: Facts,
    ad: texts.Ad,
    *,
    script: int,
    variant: int,
    style: str,
    is_spun: bool = True,
) -> texts.Written:
    """One version of a script.

    Args:
        rng: The version's own generator.
        facts: Of the account that posts it.
        ad: Its contacts; size and fee are the script's.
        script: Names the script.
        variant: A script has several texts; which one.
        style: How clauses are joined.
        is_spun: Worded anew in part, shuffled, cut and added to; else only slots and joiners differ.
    """
    plan = dice.dice(script, "plan", variant)
    banks = [dice.pick(plan, texts.CLAIMS) for _ in range(dice.pick(plan, _LENGTHS))]
    banks += [pitch.OFFER, pitch.FEE]
    parts = [(bank, place) for place, bank in enumerate(banks)]
    kept = parts
    if is_spun:
        kept = [part for part in parts if rng.random() >= DROPPED] or parts
        rng.shuffle(kept)
    writer = Writer(rng, facts)
    between, before, after = texts.STYLES[style]
    for turn, (bank, place) in enumerate(kept):
        if turn:
            writer.raw(dice.pick(rng, between))
        writer.raw(f"{turn + 1}）" if before == "#" else before)
        _clause(
            writer,
            rng,
            bank,
            dice.dice(script, variant, place),
            REWORDED if is_spun else 0.0,
        )
    if is_spun and rng.random() < ADDED:
        writer.raw(dice.pick(rng, between) + before)
        writer.clause(dice.pick(rng, texts.CLAIMS))
    writer.raw(dice.pick(rng, after))
    if ad.contacts:
        writer.raw(dice.pick(rng, ("\n", "。", "！\n")))
        texts.reach(writer, rng, ad.contacts)
    elif ad.sends_elsewhere:
        writer.raw(dice.pick(rng, ("\n", "，", "。")))
        writer.clause(pitch.ELSEWHERE)
    return texts.Written("offer", "ad", None, writer.finish())


def _clause(
    writer: Writer,
    rng: random.Random,
    bank: Sequence[grammar.Clause],
    script: random.Random,
    rate: float,
) -> None:
    """The script's clause of a bank, in its wording but for some alternatives."""
    place = int(script.random() * len(bank))
    with writer.drawing(_Reworded(script, rng, rate)):
        writer.clause([bank[place]])
