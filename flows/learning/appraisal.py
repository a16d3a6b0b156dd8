"""How good the scores are, on labels that they had not seen.

Without a file the labels are the verdicts and imported labels of this home, and each is held against a prediction by
models that saw no label of its network (out of fold, calibration too). With a file the labels are the file's, and they
are held against the scores of the last night; sellers that are not scored count with probability 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from flows import retrain
from flows.learning import knowledge, labelling, scoring
from models import dataset, labels, train
from models.knowledge import seen
from models.measures import calibration, slices
from models.promotion import champion
from warehouse import contracts, errors, load

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from flows import settings as settings_module

    Reals = Any


def evaluate_command(
    settings: settings_module.Settings, *, truth: Path | None, now: datetime
) -> list[dict[str, Any]]:
    """Metrics by slice.

    Args:
        settings: Where the home is.
        truth: Labels to use instead of those of the home.
        now: When; labels of the file are taken as known.

    Returns:
        Rows as from ``slices.table``, each with ``score_source`` and ``evidence``.

    Raises:
        InputError: there was no night, or there are too few labels of both kinds.
    """
    with retrain.writing(settings, command="evaluate", wait=True) as connection:
        as_of = retrain.last_night(connection)
        known = knowledge.gather(connection, pack_name=settings.pack, as_of=as_of)
        scores = load.read(connection, contracts.SCORES)
        record = load.read(connection, contracts.BUNDLES)
    material = seen.material_of(
        known.features,
        known.facts,
        pack=known.pack,
        verdicts=known.verdicts,
        before=known.before,
    )
    if truth is None:
        is_model = bool(champion.standing(record, before=now))
        y_true, y_prob, ids = _held_out(material, is_model=is_model)
        source, evidence = ("model" if is_model else "rules"), "verdicts"
    else:
        y_true, y_prob, ids = _against(labelling.read_labels(truth, now=now), scores)
        source = "".join(scores["score_source"].unique().to_list())
        evidence = truth.name
    positives = int(y_true.sum())
    if min(positives, y_true.size - positives) < slices.LEAST_KIND:
        message = (
            f"{positives} labels say fraud and {y_true.size - positives} benign among sellers with a score; "
            f"{slices.LEAST_KIND} of each are needed. Decide on some of analyst.cases, import labels, or give --truth."
        )
        raise errors.InputError(message)
    facts = pl.DataFrame({"seller_id": ids}).join(
        known.facts.with_columns(
            pl.len().over("network_id").alias("members"), dataset.groups(known.facts)
        ).join(known.features.select("seller_id", "account_age_days"), on="seller_id"),
        on="seller_id",
        how="left",
        maintain_order="left",
    )
    ways = facts.select(
        pl.coalesce("platform", pl.col("seller_id").str.split(":").list.first()),
        slices.account_age(pl.col("account_age_days")).alias("account_age"),
        slices.ring_size(
            pl.when(pl.col("network_id").is_not_null()).then("members")
        ).alias("ring_size"),
    )
    rows = slices.table(
        y_true,
        y_prob,
        facts.select(pl.coalesce("group", "seller_id"))["group"],
        ways,
        threshold=settings.lists.high,
        seed=scoring.SEED,
    )
    return [{**row, "score_source": source, "evidence": evidence} for row in rows]


def _held_out(material: seen.Seen, *, is_model: bool) -> tuple[Reals, Reals, pl.Series]:
    """Labels of this home with predictions out of fold."""
    data = material.data
    is_known = ~np.isnan(data.known)
    if min((data.known == 1).sum(), (data.known == 0).sum()) < slices.LEAST_KIND:
        at = np.flatnonzero(is_known)
        return (
            data.known[at],
            np.zeros(at.size),
            material.features["seller_id"].gather(at),
        )
    by_rules, by_model = train.held_out(data, seed=scoring.SEED, num_threads=2)
    log_odds = by_model if is_model else by_rules
    fold = dataset.folds(data.group, count=train.FOLDS, seed=scoring.SEED + 1)
    y_prob = np.zeros(data.known.size)
    for number in np.unique(fold):
        others = is_known & (fold != number)
        fitted = calibration.fit(
            log_odds[others],
            data.known[others],
            data.group.filter(pl.Series(others)).to_numpy(),
        )
        y_prob[fold == number] = calibration.apply(fitted, log_odds[fold == number])
    at = np.flatnonzero(is_known)
    return data.known[at], y_prob[at], material.features["seller_id"].gather(at)


def _against(
    given: pl.DataFrame, scores: pl.DataFrame
) -> tuple[Reals, Reals, pl.Series]:
    """Labels of a file with the last night's probabilities."""
    words = labels.standing_verdicts(
        given.rename({"label_id": "verdict_id", "source": "author"}),
        as_of=given["decided_at"].max(),  # type: ignore[arg-type]
    )
    ids = words["target"].alias("seller_id")
    y_true = labels.known_labels(ids, words)
    y_prob = (
        pl.DataFrame({"seller_id": ids})
        .join(scores, on="seller_id", how="left", maintain_order="left")[
            "scam_probability"
        ]
        .fill_null(0.0)
        .to_numpy()
    )
    at = np.flatnonzero(~np.isnan(y_true))
    return y_true[at], y_prob[at], ids.gather(at)
