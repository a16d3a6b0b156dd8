"""Learners of the text yardstick: the linear machine over runs of characters, and a booster over what it and wording say.

In: a ``Lesson``. Out: margins and probabilities, rows × classes, of rows that the learner had not seen. Same input and
seed, same bytes, whatever the number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features.texts import grams, makeup
from features.writing import plain
from models import learner
from models.language import linear, ratios

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from features import pack as pack_module

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: A margin that says no for a class that nothing was learned of.
_NEVER: Final = -3.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned: classes of the training texts, the part each is held out with, and how to go about it."""

    given: linear.Rows
    target: Integers
    part: Integers
    parts: int
    classes: int
    seed: int
    num_threads: int
    step: Callable[[str], None]


def outputs(
    machine: linear.Linear,
    given: linear.Rows,
    at: Integers | None,
    seen: Integers,
    classes: int,
) -> Reals:
    """Margins rows × classes; classes that the machine has not seen get ``_NEVER``."""
    found = linear.margins(machine, given, at)
    known = np.unique(seen)
    out = np.full((found.shape[0], classes), _NEVER)
    if known.size == 2:
        out[:, known[0]], out[:, known[1]] = -found[:, 0], found[:, 0]
    else:
        out[:, known] = found
    return out


def held(lesson: Lesson, is_held: NDArray[np.bool_], strength: float) -> Reals:
    """Margins of held-out rows by a machine that learned from the others."""
    seen = np.flatnonzero(~is_held)
    taught = lesson.target[seen]
    if np.unique(taught).size < 2:
        return np.zeros((int(is_held.sum()), lesson.classes))
    machine = linear.fit(
        lesson.given, seen, taught, strength=strength, seed=lesson.seed
    )
    at = np.flatnonzero(is_held)
    return outputs(machine, lesson.given, at, taught, lesson.classes)


def held_out(lesson: Lesson, strength: float, known: Mapping[int, Reals]) -> Reals:
    """Margins of all training rows, each part by a machine that learned from the others.

    Args:
        lesson: What is learned.
        strength: Inverse strength of regularisation.
        known: Margins of parts that are known already.
    """
    out = np.zeros((lesson.target.size, lesson.classes))
    for number in range(lesson.parts):
        lesson.step(f"linear machine, part {number + 1}")
        is_held = lesson.part == number
        if number in known:
            out[is_held] = known[number]
        elif is_held.any():
            out[is_held] = held(lesson, is_held, strength)
    return out


def wording(
    lesson: Lesson, texts: Sequence[str | None], asked: Sequence[str | None]
) -> tuple[Floats, Floats]:
    """What the night's learner of wording (``ratios``) says: log-ratios per class.

    Asked texts are one more fold that teaches nothing; training texts hear the other parts only. The share of runs that are
    known is left out: asked texts hear all parts and know more, which cost 0.3 points on 14,448 messages.
    """
    every = [text or "" for text in (*texts, *asked)]
    present = grams.buckets([lower for _, lower in plain.normalised(every)])
    belief = np.zeros((len(every), lesson.classes))
    belief[np.arange(lesson.target.size), lesson.target] = 1.0
    fold = np.full(len(every), lesson.parts, dtype=np.int64)
    fold[: lesson.target.size] = lesson.part
    found = ratios.out_of_fold(present, belief, fold)
    table = _told_apart(found.ratios).astype(np.float32)
    return table[: lesson.target.size], table[lesson.target.size :]


def _told_apart(outputs: Reals) -> Reals:
    """One column where the second class says the opposite of the first, else one per class."""
    return outputs[:, 1:] if outputs.shape[1] == 2 else outputs


def columns(
    texts: Sequence[str | None],
    margin: Reals,
    worded: Floats,
    numbers: Floats,
    pack: pack_module.Pack,
) -> Floats:
    """What the booster sees: margins, wording, make-up, reading, further numbers."""
    return np.concatenate(
        [
            _told_apart(margin).astype(np.float32),
            worded,
            makeup.characters(texts).to_numpy(),
            makeup.told(texts, pack=pack).to_numpy(),
            numbers,
        ],
        axis=1,
    )


def boosted(
    lesson: Lesson, near: Floats, far: Floats
) -> tuple[tuple[Reals, Reals], int]:
    """Probabilities for training rows (held out) and asked rows, and the rounds."""
    target, classes = lesson.target, lesson.classes
    num_threads = lesson.num_threads
    is_pair = classes == 2
    params = {
        "objective": "binary" if is_pair else "multiclass",
        "metric": "binary_logloss" if is_pair else "multi_logloss",
        **({} if is_pair else {"num_class": classes}),
        "learning_rate": 0.03 if is_pair else 0.1,
        "num_leaves": 15 if is_pair else 7,
        "min_data_in_leaf": int(np.clip(target.size // 200, 3, 20)),
        "feature_fraction": 0.6,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": num_threads,
        "seed": lesson.seed,
        "verbosity": -1,
    }
    most = 400 if is_pair else 120
    y_true = target.astype(np.float64)
    held = np.zeros((target.size, classes))
    counts = []
    for number in range(lesson.parts):
        lesson.step(f"booster, part {number + 1}")
        is_held = lesson.part == number
        if not is_held.any():
            continue
        booster, rounds = learner.boost(
            near[~is_held],
            y_true[~is_held],
            params=params,
            rounds=most,
            stop=(near[is_held], y_true[is_held]),
            patience=40,
        )
        counts.append(rounds)
        held[is_held] = _both(
            learner.probabilities(
                booster, near[is_held], rounds=rounds, num_threads=num_threads
            )
        )
    lesson.step("booster")
    # All rows are a quarter more than four of five parts: they bear a few more rounds.
    rounds = max(1, round(float(np.mean(counts)) * 1.1))
    booster, _ = learner.boost(near, y_true, params=params, rounds=rounds)
    answer = _both(
        learner.probabilities(booster, far, rounds=rounds, num_threads=num_threads)
    )
    return (held, answer), rounds


def _both(probability: Reals) -> Reals:
    """Rows × classes, also of two."""
    if probability.ndim == 1:
        return np.stack([1 - probability, probability], axis=1)
    return probability
