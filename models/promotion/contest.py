"""Who scores tonight: the rules, the champion, or a challenger trained on what is known by now.

In: the night's material, the champion that stands, how to train. Out: the bundle that scores (null: the rules do), its
calibration, the numbers of the gate, and the challenger where it stays in the shadow.

A challenger takes over when it passes the gate against the rules and ranks the verdicts that the champion had not seen
no worse than the champion does. It stays in the shadow while a person holds the champion after a rollback. Training that
fails or dies leaves the champion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from models import bundle, evaluate, learner, train
from models.measures import calibration
from models.promotion import champion as champions

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

Trainer = Callable[..., train.Challenge]

#: Verdicts of each kind that the champion has not seen, from which on it is compared; how much worse a challenger may be.
LEAST_NEW, TOLERANCE = 5, 0.01


class Pack(Protocol):
    """What a manifest says of the pack."""

    @property
    def name(self) -> str:
        """Name of the scheme."""

    @property
    def version(self) -> str:
        """Changes with its content."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Who scores, and why.

    Attributes:
        used: The bundle that scores; null when the rules do.
        calibration: Of what scores.
        gate: Numbers and ``why``.
        challenger: The bundle trained tonight, whether it took over or not; null when none was trained.
        event: ``champion.PROMOTED`` or ``champion.SHADOW`` for the challenger; null without one.
    """

    used: bundle.Bundle | None
    calibration: calibration.Calibration
    gate: dict[str, Any]
    challenger: bundle.Bundle | None = None
    event: str | None = None


def standing(champion: bundle.Bundle | None, pack: Pack, *, why: str) -> Contest:
    """Without training: the champion if it was made for this pack, else the rules."""
    used = (
        champion
        if champion is not None and champion.manifest.get("pack") == pack.name
        else None
    )
    calibrated = calibration.NONE if used is None else used.calibration
    gate = {"is_passed": False, "evidence": "none", "why": why}
    return Contest(used, calibrated, gate)


def contest(
    material: train.Material,
    *,
    champion: bundle.Bundle | None,
    is_held: bool,
    decided_at: NDArray[np.datetime64],
    pack: Pack,
    as_of: datetime,
    seed: int,
    trainer: Trainer,
    num_threads: int,
    rounds: int,
) -> Contest:
    """Train a challenger and let it meet rules and champion.

    Args:
        material: Scored sellers as of tonight.
        champion: The bundle that stands, if any.
        is_held: Whether a person rolled back and nobody promoted since.
        decided_at: When each row's verdict was given; NaT without.
        pack: For the manifest; a champion of another pack is passed over.
        as_of: Tonight, for the manifest.
        seed: Of everything that is drawn.
        trainer: ``train.challenge`` or what runs it elsewhere.
        num_threads: OpenMP threads; changes no result.
        rounds: Trees.
    """
    before = standing(champion, pack, why="")
    try:
        result = trainer(material, seed=seed, num_threads=num_threads, rounds=rounds)
    except train.TrainingDiedError as error:
        return standing(champion, pack, why=f"training died: {error}")
    numbers = dict(result.gate)
    if result.booster is None and result.shadow is None:
        return _stay(before, result, numbers)
    text = result.booster if result.booster is not None else result.shadow
    challenger = bundle.make(
        text or "", result.calibration, _manifest(result, pack, seed, as_of)
    )
    takes_over = result.booster is not None
    if takes_over and is_held:
        takes_over = False
        numbers["why"] += "; it stays in the shadow because a person rolled back"
    if takes_over and before.used is not None:
        numbers |= _against(
            before.used, result, material, decided_at, num_threads=num_threads
        )
        if numbers["is_worse_than_champion"]:
            takes_over = False
            numbers["why"] = "the champion ranks verdicts it has not seen better"
    if takes_over:
        return Contest(
            challenger,
            challenger.calibration,
            numbers,
            challenger,
            champions.PROMOTED,
        )
    left = _stay(before, result, numbers)
    return Contest(left.used, left.calibration, numbers, challenger, champions.SHADOW)


def _stay(before: Contest, result: train.Challenge, numbers: dict[str, Any]) -> Contest:
    """The champion stays; without one the rules, with the calibration that held-out verdicts gave them."""
    if before.used is not None:
        return Contest(before.used, before.calibration, numbers)
    of_rules = result.calibration if result.booster is None else calibration.NONE
    return Contest(None, of_rules, numbers)


def _against(
    used: bundle.Bundle,
    result: train.Challenge,
    material: train.Material,
    decided_at: NDArray[np.datetime64],
    *,
    num_threads: int,
) -> dict[str, Any]:
    """How champion and challenger rank verdicts later than the champion; no numbers where there are too few."""
    rows = result.rows
    known = material.known[rows]
    learned_until = np.datetime64(str(used.manifest["as_of"])[:19])
    is_new = ~np.isnan(known) & (decided_at[rows] > learned_until)
    y_true = known[is_new]
    numbers: dict[str, Any] = {
        "champion": used.version,
        "new_verdicts": int(is_new.sum()),
        "is_worse_than_champion": False,
    }
    if min(y_true.sum(), (1 - y_true).sum()) < LEAST_NEW:
        return numbers
    learned = learner.log_odds(
        learner.load(used.booster),
        material.matrix[rows][is_new],
        num_threads=num_threads,
    )
    by_champion = evaluate.average_precision(
        y_true, train.blend(result.by_rules[is_new], learned)
    )
    by_challenger = evaluate.average_precision(y_true, result.by_model[is_new])
    return numbers | {
        "champion_average_precision": by_champion,
        "challenger_average_precision": by_challenger,
        "is_worse_than_champion": by_challenger < by_champion - TOLERANCE,
    }


def _manifest(
    result: train.Challenge, pack: Pack, seed: int, as_of: datetime
) -> dict[str, Any]:
    """What a bundle says of itself; threads are left out, they change nothing."""
    params = {
        name: value for name, value in result.params.items() if name != "num_threads"
    }
    return {
        "pack": pack.name,
        "pack_version": pack.version,
        "seed": seed,
        "as_of": as_of.isoformat(),
        "params": params,
        "gate": result.gate,
    }
