"""What runs of clauses tell of tropes, alone and by traits, learned together: descent by the slope of each text in turn.

In: clauses of texts, which runs stand in each, and the signals planted in them. Out: ``Learned``. Invariants: deterministic, in one
thread; clauses of one text stand together.

Each run has a row for itself and one for the clauses beside its own: first what it adds to the log-odds of each signal, then how far it
moves the clause along each trait (``features.speech.traits``). Traits begin with nothing but what they tell, drawn at random. In each turn three in ten runs are
overlooked, so that none is relied on alone. Steps shrink as slopes add up.

Source: Duchi, Hazan and Singer (2011), "Adaptive Subgradient Methods"; Srivastava et al. (2014), "Dropout".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from features.engine import native
from features.speech import traits

#: Turns over all texts, the longest step, what steps of traits are of it, and the share that the last turn's steps are of the first's.
TURNS, STEP, STEP_OF_TRAITS, LAST = 7, 0.1, 0.3, 0.3
#: Share of runs overlooked, penalty of the squared weights, and how much of a neighbour's runs count.
OVERLOOKED, PENALTY, BESIDE = 0.3, 1.0, 0.5
#: Where clauses, sights and traits begin.
_BASE, _SIGHT, _TRAIT, _TOLD = -4.0, 2.0, 0.1, 0.2
#: What squared slopes begin with.
_EASE = 0.05
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights in log-odds; columns are the signals, then the traits.

    Attributes:
        runs: Of runs of the clause; a row for each.
        beside: Of runs of the clauses beside it.
        base: Of nothing.
        sight: Of a pattern in the clause, for its signal.
        told: Of what is known of the clause; a row for each column of ``known``.
        of_traits: What a trait adds to each signal; a row for each trait.
    """

    runs: Array
    beside: Array
    base: Array
    sight: Array
    told: Array
    of_traits: Array

    def odds(
        self, values: sparse.csr_matrix, texts: Array, known: Array, seen: Array
    ) -> Array:
        """Log-odds of each signal in each clause; arguments as of ``learned``."""
        is_next = (texts[1:] == texts[:-1]).astype(float)
        nearby = sparse.diags([is_next, is_next], [1, -1])
        sums = (
            self.base + values @ self.runs + BESIDE * (nearby @ (values @ self.beside))
        )
        count = len(self.sight)
        odds: Array = sums[:, :count] + known @ self.told + self.sight * seen
        odds += np.maximum(sums[:, count:], 0) @ self.of_traits
        return odds


def learned(
    values: sparse.csr_matrix, texts: Array, known: Array, seen: Array, planted: Array
) -> Learned:
    """Learn.

    Args:
        values: A row for each clause, an entry for each run in it.
        texts: The text of each clause.
        known: A row for each clause: what is known of it and its text, 0 or 1.
        seen: Which signals a pattern shows in it; a column for each.
        planted: Which signals it has.
    """
    chance = np.random.default_rng(0)
    count, width = planted.shape[1], traits.WIDTH
    runs = np.zeros((values.shape[1], count + width), np.float32)
    base = np.concatenate([np.full(count, _BASE), np.full(width, _TRAIT)])
    of_traits = _TOLD * chance.normal(size=(width, count))
    weights = (
        runs,
        runs.copy(),
        base.astype(np.float32),
        np.full(count, _SIGHT, np.float32),
        np.zeros((known.shape[1], count), np.float32),
        of_traits.astype(np.float32),
    )
    squares = tuple(np.full_like(one, _EASE) for one in weights)
    borders = np.flatnonzero(np.diff(texts, prepend=-1, append=-1))
    often = np.maximum(1, np.bincount(values.indices, minlength=values.shape[1]))
    for turn in range(TURNS):
        step = STEP * (1 - (1 - LAST) * turn / max(1, TURNS - 1))
        steps = np.where(np.arange(count + width) < count, step, STEP_OF_TRAITS * step)
        _turn(
            chance.permutation(len(borders) - 1),
            borders,
            values.indptr.astype(np.int64),
            values.indices.astype(np.int64),
            chance.random(values.nnz) >= OVERLOOKED,
            known.astype(np.float32),
            seen,
            planted.astype(np.float32),
            (PENALTY / often).astype(np.float32),
            weights,
            squares,
            steps.astype(np.float32),
        )
    own, beside, *rest = weights
    return Learned((1 - OVERLOOKED) * own, (1 - OVERLOOKED) * beside, *rest)


@native.compiled
def _turn(  # noqa: PLR0912, PLR0917 (compiled functions take their arrays by place, and call nothing for a number)
    order: Array,
    borders: Array,
    first: Array,
    runs: Array,
    kept: Array,
    known: Array,
    seen: Array,
    planted: Array,
    penalties: Array,
    weights: Any,
    squares: Any,
    steps: Array,
) -> None:
    """One look at every text; ``weights`` and ``squares`` are changed in place."""
    own, beside, base, sight, told, of_traits = weights
    width, count = of_traits.shape
    every = count + width
    for text in order:
        begin, size = borders[text], borders[text + 1] - borders[text]
        sums = np.zeros((size, every), np.float32)
        for at in range(size):
            sums[at] += base
            for place in range(first[begin + at], first[begin + at + 1]):
                if not kept[place]:
                    continue
                run = runs[place]
                for column in range(every):
                    sums[at, column] += own[run, column]
                for other in (at - 1, at + 1):
                    if 0 <= other < size:
                        for column in range(every):
                            sums[other, column] += BESIDE * beside[run, column]
        slopes = np.zeros((size, every), np.float32)
        for at in range(size):
            clause = begin + at
            for name in range(count):
                odds = sums[at, name]
                if seen[clause, name]:
                    odds += sight[name]
                for one in range(len(told)):
                    odds += known[clause, one] * told[one, name]
                for trait in range(width):
                    odds += max(sums[at, count + trait], 0) * of_traits[trait, name]
                slopes[at, name] = 1 / (1 + np.exp(-odds)) - planted[clause, name]
            for trait in range(width):
                level = sums[at, count + trait]
                if level <= 0:
                    continue
                slope = np.float32(0.0)
                for name in range(count):
                    slope += slopes[at, name] * of_traits[trait, name]
                slopes[at, count + trait] = slope
                for name in range(count):
                    _step(of_traits, squares[5], trait, name, slopes[at, name] * level, steps[count])  # fmt: skip
        for at in range(size):
            clause = begin + at
            for column in range(every):
                slope = slopes[at, column]
                squares[2][column] += slope * slope
                base[column] -= steps[column] * slope / np.sqrt(squares[2][column])
            for name in range(count):
                slope = slopes[at, name]
                if seen[clause, name]:
                    squares[3][name] += slope * slope
                    sight[name] -= steps[0] * slope / np.sqrt(squares[3][name])
                for one in range(len(told)):
                    if known[clause, one]:
                        _step(told, squares[4], one, name, slope * known[clause, one], steps[0])  # fmt: skip
            for place in range(first[clause], first[clause + 1]):
                if not kept[place]:
                    continue
                run = runs[place]
                penalty = penalties[run]
                for column in range(every):
                    slope = slopes[at, column] + penalty * own[run, column]
                    _step(own, squares[0], run, column, slope, steps[column])
                    slope = penalty * beside[run, column]
                    if at > 0:
                        slope += BESIDE * slopes[at - 1, column]
                    if at < size - 1:
                        slope += BESIDE * slopes[at + 1, column]
                    _step(beside, squares[1], run, column, slope, steps[column])


@native.compiled
def _step(  # noqa: PLR0917 (compiled functions take their arguments by place)
    weights: Array,
    squares: Array,
    row: int,
    column: int,
    slope: Any,
    step: Any,
) -> None:
    squares[row, column] += slope * slope
    weights[row, column] -= step * slope / np.sqrt(squares[row, column])
