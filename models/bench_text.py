"""The text yardstick: production's normalisation, text features and learner on any table of labelled texts.

In: texts with labels (two classes, or many) and texts without. Out: for each of the latter the probability of every
class, and what was used. The labels of the asked texts are never seen. Same input and seed, same bytes, whatever the
number of threads.

Two members: the linear machine over runs of characters (``models.text``), its strength chosen on held-out parts, and a
booster over that machine's held-out margins, the make-up of the text, what reading finds and further numbers. How far
each is trusted, and whether rare classes are helped, is chosen on predictions for parts that neither had seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from features import company, makeup
from models import learner, text
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from features import pack as pack_module

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: Strengths that are tried, from weak to strong.
STRENGTHS: Final = (0.15, 0.5, 1.5, 4.0)
#: Parts that are held out in turn; the first so many choose the strength.
PARTS, CHOOSING = 5, 2
#: Runs of each view at most, and characters of training texts; beyond, texts are left out at random.
VOCABULARY_LIMIT: Final = 1 << 19
CHARACTER_LIMIT: Final = 12_000_000
#: Classes up to which a booster takes part: its time grows with them.
BOOSTED_CLASSES: Final = 30
#: Trust in the booster, powers of class shares that are divided out; and the gain from which help for rare classes is
#: believed.
TRUSTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
HELPS: Final = (0.0, 0.15, 0.3)
_BELIEVED: Final = 0.002
_EDGE: Final = 1e-6
#: A margin that says no for a class that nothing was learned of.
_NEVER: Final = -3.0


@dataclass(frozen=True, slots=True)
class Scored:
    """Probabilities and how they came about.

    Attributes:
        probability: Asked texts × classes, rows sum to 1.
        used: What was used: rows, columns, members, held-out figures, weights.
    """

    probability: Reals
    used: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What is learned: classes of the training texts, the part each is held out with, and how to go about it."""

    given: text.Rows
    target: Integers
    part: Integers
    classes: int
    seed: int
    num_threads: int
    step: Callable[[str], None]


def score(
    texts: Sequence[str | None],
    target: Integers,
    asked: Sequence[str | None],
    *,
    classes: int,
    numbers: tuple[Floats, Floats],
    pack: pack_module.Pack,
    seed: int,
    num_threads: int,
    on_progress: Callable[[int, int, str], None] | None = None,
) -> Scored:
    """Learn from texts and answer for others.

    Args:
        texts: Training texts; null is empty.
        target: Class of each, 0 to ``classes`` − 1.
        asked: Texts to answer for.
        classes: Number of classes, at least 1.
        numbers: Further numeric columns of both tables, NaN where missing; may have no columns.
        pack: The scheme to read for.
        seed: Of parts, samples and learners.
        num_threads: OpenMP threads; changes no answer.
        on_progress: Called with steps done, steps in all, and what is next.

    Raises:
        ContractError: there is no training text.
    """
    if not len(texts):
        message = "No training text has a label; nothing was scored."
        raise errors.ContractError(message)
    report = on_progress or (lambda _done, _total, _note: None)
    kept = _kept(texts, target, seed)
    texts, target = [texts[at] for at in kept], target[kept]
    share = np.bincount(target, minlength=classes) / target.size
    used: dict[str, Any] = {
        "train": int(target.size),
        "test": len(asked),
        "classes": classes,
        "rarest_class": int(np.bincount(target, minlength=classes).min()),
        "further_columns": numbers[0].shape[1],
    }
    if np.unique(target).size < 2:
        used["why"] = "the training texts are of one class: every text gets it"
        return Scored(np.tile(share, (len(asked), 1)), used)
    total = CHOOSING * len(STRENGTHS) + 2 * PARTS + 4
    report(0, total, "runs of characters")
    given = text.rows(texts, limit=VOCABULARY_LIMIT)
    part = company.dealt(
        target.astype(np.float64), np.arange(target.size), count=PARTS, seed=seed
    )
    done = 1

    def step(note: str) -> None:
        nonlocal done
        report(done, total, note)
        done += 1

    lesson = _Lesson(given, target, part, classes, seed, num_threads, step)
    strength, figures = _strength(lesson)
    margin = _held_out(lesson, strength)
    step("linear machine")
    everything = np.arange(target.size)
    machine = text.fit(given, everything, target, strength=strength, seed=seed)
    keys = {name: known.key for name, known in machine.vocabularies.items()}
    far = _outputs(machine, text.rows(asked, keys=keys), None, target, classes)
    sharpness = _sharpness(margin, target)
    linear = (_softmax(margin * sharpness), _softmax(far * sharpness))
    used |= {
        "runs": {name: int(key.size) for name, key in keys.items()},
        "strength": strength,
        "strength_accuracy": figures,
        "linear_held_out": _figures(linear[0], target),
    }
    if classes > BOOSTED_CLASSES:
        return Scored(linear[1], used)
    step("make-up and reading")
    near = _columns(texts, margin, numbers[0][kept], classes, pack)
    boosted, rounds = _boosted(
        lesson, near, _columns(asked, far, numbers[1], classes, pack)
    )
    used |= {
        "columns": near.shape[1],
        "rounds": rounds,
        "booster_held_out": _figures(boosted[0], target),
    }
    trust, power = _blend(linear[0], boosted[0], share, target)
    found = [
        _helped((1 - trust) * one + trust * other, share, power)
        for one, other in zip(linear, boosted, strict=True)
    ]
    used |= {
        "trust_in_booster": trust,
        "help_for_rare_classes": power,
        "held_out": _figures(found[0], target),
    }
    report(total, total, "done")
    return Scored(found[1], used)


def _kept(texts: Sequence[str | None], target: Integers, seed: int) -> Integers:
    """Rows that are learned from: all, or a sample within ``CHARACTER_LIMIT`` that keeps at least one row per class."""
    size = np.array([len(one or "") + 2 for one in texts], dtype=np.float64)
    share = CHARACTER_LIMIT / size.sum()
    if share >= 1:
        return np.arange(len(texts))
    rng = np.random.default_rng(seed)
    kept = [
        rng.permutation(members)[: max(1, int(members.size * share))]
        for members in (np.flatnonzero(target == one) for one in np.unique(target))
    ]
    return np.sort(np.concatenate(kept))


def _outputs(
    machine: text.Linear,
    given: text.Rows,
    at: Integers | None,
    seen: Integers,
    classes: int,
) -> Reals:
    """Margins rows × classes; classes that the machine has not seen get ``_NEVER``."""
    found = text.margins(machine, given, at)
    known = np.unique(seen)
    out = np.full((found.shape[0], classes), _NEVER)
    if known.size == 2:
        out[:, known[0]], out[:, known[1]] = -found[:, 0], found[:, 0]
    else:
        out[:, known] = found
    return out


def _held(lesson: _Lesson, is_held: NDArray[np.bool_], strength: float) -> Reals:
    """Margins of held-out rows by a machine that learned from the others."""
    seen = np.flatnonzero(~is_held)
    taught = lesson.target[seen]
    if np.unique(taught).size < 2:
        return np.zeros((int(is_held.sum()), lesson.classes))
    machine = text.fit(lesson.given, seen, taught, strength=strength, seed=lesson.seed)
    at = np.flatnonzero(is_held)
    return _outputs(machine, lesson.given, at, taught, lesson.classes)


def _strength(lesson: _Lesson) -> tuple[float, dict[str, float]]:
    """The strength with the best figure on the first parts; of equals the weaker."""
    figures = {}
    for strength in STRENGTHS:
        found = []
        for number in range(CHOOSING):
            lesson.step(f"strength {strength:g}, part {number + 1}")
            is_held = lesson.part == number
            margin = _held(lesson, is_held, strength)
            found.append(_figure(margin, lesson.target[is_held]))
        figures[f"{strength:g}"] = round(float(np.mean(found)), 4)
    best = max(STRENGTHS, key=lambda one: (figures[f"{one:g}"], -one))
    return best, figures


def _held_out(lesson: _Lesson, strength: float) -> Reals:
    out = np.zeros((lesson.target.size, lesson.classes))
    for number in range(PARTS):
        lesson.step(f"linear machine, part {number + 1}")
        is_held = lesson.part == number
        if is_held.any():
            out[is_held] = _held(lesson, is_held, strength)
    return out


def _columns(
    texts: Sequence[str | None],
    margin: Reals,
    numbers: Floats,
    classes: int,
    pack: pack_module.Pack,
) -> Floats:
    outputs = margin[:, 1:] if classes == 2 else margin
    return np.concatenate(
        [
            outputs.astype(np.float32),
            makeup.characters(texts).to_numpy(),
            makeup.told(texts, pack=pack).to_numpy(),
            numbers,
        ],
        axis=1,
    )


def _boosted(
    lesson: _Lesson, near: Floats, far: Floats
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
    for number in range(PARTS):
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


def _sharpness(margin: Reals, target: Integers) -> float:
    """What margins are multiplied with so that their softmax is the likeliest on held-out rows."""
    tried = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
    rows = np.arange(target.size)
    return max(
        tried,
        key=lambda one: float(
            np.log(np.maximum(_softmax(margin * one)[rows, target], _EDGE)).mean()
        ),
    )


def _softmax(margin: Reals) -> Reals:
    grown = np.exp(margin - margin.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), dtype=np.float64)


def _helped(probability: Reals, share: Reals, power: float) -> Reals:
    """Probabilities with the classes' shares divided out to a power."""
    raised = probability / np.maximum(share, _EDGE) ** power
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def _blend(
    linear: Reals, boosted: Reals, share: Reals, target: Integers
) -> tuple[float, float]:
    """Trust in the booster, then help for rare classes, by held-out figures; near equals go to the middle and to no help."""

    def figure(trust: float, power: float) -> float:
        mixed = (1 - trust) * linear + trust * boosted
        return _figure(_helped(mixed, share, power), target)

    trust = max(TRUSTS, key=lambda one: (figure(one, 0.0), -abs(one - 0.5)))
    if share.size == 2:
        return trust, 0.0
    power = max(HELPS, key=lambda one: (figure(trust, one), -one))
    gain = figure(trust, power) - figure(trust, 0.0)
    return trust, power if gain > _BELIEVED else 0.0


def _figure(outputs: Reals, target: Integers) -> float:
    """What is chosen by: accuracy, with many classes its mean with macro-F1."""
    found = outputs.argmax(axis=1)
    accuracy = float((found == target).mean())
    if outputs.shape[1] == 2:
        return accuracy
    return (accuracy + macro_f1(found, target)) / 2


def _figures(outputs: Reals, target: Integers) -> dict[str, float]:
    found = outputs.argmax(axis=1)
    return {
        "accuracy": round(float((found == target).mean()), 4),
        "macro_f1": round(macro_f1(found, target), 4),
    }


def macro_f1(found: Integers, target: Integers) -> float:
    """Mean over the classes of the targets of 2·hits / (answers + members)."""
    scores = [
        2.0
        * float(((found == one) & (target == one)).sum())
        / float((found == one).sum() + (target == one).sum())
        for one in np.unique(target)
    ]
    return float(np.mean(scores)) if scores else 0.0
