"""The text yardstick: production's normalisation, text features and learner on any table of labelled texts.

In: texts with labels (two classes, or many) and texts without. Out: for each of the latter the probability of every
class, and what was used. The labels of the asked texts are never seen. Same input and seed, same bytes, whatever the
number of threads.

Two members: the linear machine over runs of characters (``models.language.linear``), its strength chosen on held-out parts, and a
booster over that machine's held-out margins, the night's log-ratios of wording (``models.language.ratios``), the make-up of the
text, what reading finds and further numbers. How far
each is trusted, and whether rare classes are helped, is chosen on predictions for parts that neither had seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from features.positions import company
from features.texts import grams
from models.language import linear
from models.yardsticks import blending, parts, text_members
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
#: Parts that are held out in turn; the first so many choose the strength, of few texts all: a choice made on a dozen texts is
#: chance (30 SMS of 14 classes, four draws: macro-F1 0.26 -> 0.37, the peer 0.35; 100 SMS: 0.56 -> 0.59, the peer 0.57).
PARTS, CHOOSING, FEW = 5, 2, 2_000
#: Characters of training texts × outputs above which no strength is tried but the usual one, and above ``DEAR_FROM`` not
#: the strongest, which takes longest.
TRIED_UP_TO, DEAR_FROM = 40_000_000, 20_000_000
#: Characters of training texts. Beyond, texts are cut, but not below ``SHORTEST``: what a text is about stands at its
#: beginning, and many texts teach more than long ones; then texts are left out at random. The machine's time also grows
#: with the classes: from so many on texts are cut and left out at proportionally fewer characters (1,500 docstrings of 1,500
#: characters in 60 classes took more than four minutes).
CHARACTER_LIMIT: Final = 12_000_000
SHORTEST: Final = 500
CUT_CLASSES: Final = 4
SAMPLED_CLASSES: Final = 15
#: Classes, and training texts × classes, up to which a booster takes part: its time grows with both. With many classes it
#: also needs so many texts for each, or what it learns and how far it is trusted is chance.
BOOSTED_CLASSES: Final = 100
BOOSTED_CELLS: Final = 400_000
BOOSTED_TEXTS: Final = 20


@dataclass(frozen=True, slots=True)
class Scored:
    """Probabilities and how they came about.

    Attributes:
        probability: Asked texts × classes, rows sum to 1.
        used: What was used: rows, columns, members, held-out figures, weights.
    """

    probability: Reals
    used: dict[str, Any]


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
    limit = _cut(texts, classes)
    texts, asked = ([(one or "")[:limit] for one in some] for some in (texts, asked))
    kept = _kept(texts, target, classes, seed)
    texts, target = [texts[at] for at in kept], target[kept]
    share = np.bincount(target, minlength=classes) / target.size
    used: dict[str, Any] = {
        "train": int(target.size),
        "test": len(asked),
        "classes": classes,
        "rarest_class": int(np.bincount(target, minlength=classes).min()),
        "further_columns": numbers[0].shape[1],
        "cut_to": limit,
    }
    if np.unique(target).size < 2:
        used["why"] = "the training texts are of one class: every text gets it"
        return Scored(np.tile(share, (len(asked), 1)), used)
    strengths = _strengths(texts, classes)
    total = _choosing(target.size) * len(strengths) + 2 * PARTS + 4
    report(0, total, "runs of characters")
    given = linear.rows(texts)
    part, shares = _parts(texts, target, asked, seed)
    done = 1

    def step(note: str) -> None:
        nonlocal done
        report(done, total, note)
        done += 1

    lesson = text_members.Lesson(
        given, target, part, PARTS, classes, seed, num_threads, step
    )
    strength, figures, known = _strength(lesson, strengths)
    margin = text_members.held_out(lesson, strength, known)
    step("linear machine")
    everything = np.arange(target.size)
    machine = linear.fit(given, everything, target, strength=strength, seed=seed)
    keys = {name: known.key for name, known in machine.vocabularies.items()}
    far = text_members.outputs(
        machine, linear.rows(asked, keys=keys), None, target, classes
    )
    sharpness = blending.sharpness(margin, target)
    by_machine = (
        blending.softmax(margin * sharpness),
        blending.softmax(far * sharpness),
    )
    used |= {
        "runs": {name: int(key.size) for name, key in keys.items()},
        "copied_share_train": round(shares[0], 3),
        "copied_share_test": round(shares[1], 3),
        "parts": "families" if parts.is_new(shares) else "texts",
        "strength": strength,
        "strength_accuracy": figures,
        "linear_held_out": blending.figures(by_machine[0], target),
    }
    # Two or three texts, or copies of one that are held out together, leave a booster nothing to learn from.
    is_split = target.size - np.bincount(part).max() >= 2
    if not is_split or not _is_boosted(target.size, classes, numbers[0].shape[1]):
        power = blending.help_for_rare(by_machine[0], share, target)
        used["help_for_rare_classes"] = power
        return Scored(blending.helped(by_machine[1], share, power), used)
    step("make-up and reading")
    worded = text_members.wording(lesson, texts, asked)
    near = text_members.columns(texts, margin, worded[0], numbers[0][kept], pack)
    boosted, rounds = text_members.boosted(
        lesson, near, text_members.columns(asked, far, worded[1], numbers[1], pack)
    )
    used |= {
        "columns": near.shape[1],
        "rounds": rounds,
        "booster_held_out": blending.figures(boosted[0], target),
    }
    trust = blending.trust(by_machine[0], boosted[0], target)
    mixed = [
        (1 - trust) * one + trust * other
        for one, other in zip(by_machine, boosted, strict=True)
    ]
    power = blending.help_for_rare(mixed[0], share, target)
    found = [blending.helped(one, share, power) for one in mixed]
    used |= {
        "trust_in_booster": trust,
        "help_for_rare_classes": power,
        "held_out": blending.figures(found[0], target),
    }
    report(total, total, "done")
    return Scored(found[1], used)


def _cut(texts: Sequence[str | None], classes: int) -> int | None:
    """Characters that every text is cut to; null where all texts fit as they are."""
    size = sum(len(one or "") for one in texts)
    limit = CHARACTER_LIMIT * CUT_CLASSES // max(classes, CUT_CLASSES)
    if size <= limit:
        return None
    return max(SHORTEST, limit // len(texts))


def _is_boosted(rows: int, classes: int, further: int) -> bool:
    """Whether a booster takes part; of few texts only where there are further numbers, which nothing else looks at."""
    return classes == 2 or (
        classes <= BOOSTED_CLASSES
        and (classes * BOOSTED_TEXTS <= rows or further > 0)
        and rows * classes <= BOOSTED_CELLS
    )


def _kept(
    texts: Sequence[str | None], target: Integers, classes: int, seed: int
) -> Integers:
    """Rows that are learned from: all, or a sample within the limit that keeps at least one row per class."""
    limit = CHARACTER_LIMIT * SAMPLED_CLASSES // max(classes, SAMPLED_CLASSES)
    share = limit / max(1, sum(len(one or "") for one in texts))
    if share >= 1:
        return np.arange(len(texts))
    rng = np.random.default_rng(seed)
    kept = [
        rng.permutation(members)[: max(1, int(members.size * share))]
        for members in (np.flatnonzero(target == one) for one in np.unique(target))
    ]
    return np.sort(np.concatenate(kept))


def _parts(
    texts: Sequence[str | None],
    target: Integers,
    asked: Sequence[str | None],
    seed: int,
) -> tuple[Integers, tuple[float, float]]:
    """Part of each training text, and how often training and asked texts have near-duplicates in training."""
    signs = [
        grams.bands(grams.grams(_bare(some), grams.COPIES)) for some in (texts, asked)
    ]
    shares = parts.copied_shares(*signs, count=PARTS, seed=seed)
    if parts.is_new(shares):
        family = parts.families(signs[0])
        return parts.dealt(family, target, count=PARTS, seed=seed), shares
    every = np.arange(target.size)
    known = target.astype(np.float64)
    return company.dealt(known, every, count=PARTS, seed=seed), shares


def _bare(texts: Sequence[str | None]) -> list[str]:
    """Texts as read, without spaces: copies differ in those."""
    return ["".join(one.split()) for one in grams.views(texts)[grams.COPIES.name]]


def _strengths(texts: Sequence[str | None], classes: int) -> tuple[float, ...]:
    """Strengths worth trying: fewer, the longer fitting takes."""
    outputs = 1 if classes == 2 else classes
    work = sum(len(one or "") for one in texts) * outputs
    if work > TRIED_UP_TO:
        return (linear.STRENGTH,)
    return STRENGTHS[:-1] if work > DEAR_FROM else STRENGTHS


def _choosing(rows: int) -> int:
    """Parts that choose the strength."""
    return PARTS if rows <= FEW else CHOOSING


def _strength(
    lesson: text_members.Lesson, strengths: Sequence[float]
) -> tuple[float, dict[str, float], dict[int, Reals]]:
    """The strength with the best figure on the first parts, of equals the stronger; the figures, and those parts' margins.

    From weak to strong, until the figure falls: the strongest take longest.
    """
    if len(strengths) == 1:
        return strengths[0], {}, {}
    number = _choosing(lesson.target.size)
    target = [lesson.target[lesson.part == part] for part in range(number)]
    figures: dict[str, float] = {}
    best = strengths[0]
    best_margins: dict[int, Reals] = {}
    for strength in strengths:
        margins = {}
        for part in range(number):
            lesson.step(f"strength {strength:g}, part {part + 1}")
            margins[part] = text_members.held(lesson, lesson.part == part, strength)
        found = blending.figure(
            np.concatenate(list(margins.values())), np.concatenate(target)
        )
        figures[f"{strength:g}"] = round(found, 4)
        if figures[f"{strength:g}"] < figures[f"{best:g}"]:
            break
        best, best_margins = strength, margins
    return best, figures, best_margins
