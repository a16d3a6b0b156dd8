"""Drift: whether the sellers seen lately still look like those of a week before.

In: features and scores of recently seen sellers, profiles of nights before, the terms that burst. Out: tonight's
profiles (contracts.PROFILES) and checks (contracts.DRIFT). Invariants: pure; the reference is the newest profile that is
at least ``REFERENCE_AGE`` old, so a night that is run again compares with the same one.

Source: Siddiqi (2006), "Credit Risk Scorecards": population stability index, below 0.1 stable, above 0.25 shifted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features import catalogue
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from models.language import terms as terms_module

    Reals = NDArray[np.float64]

#: Sellers count as seen lately for so long; the profile to compare with is at least so old; profiles are kept so long.
RECENT, REFERENCE_AGE, KEPT = timedelta(days=7), timedelta(days=6), timedelta(days=60)
#: Sellers below which shares are noise: with 200 a stable feature stays below 0.1.
LEAST_SELLERS, BINS = 200, 10
#: A feature above it has shifted; so many shifted features, such a shift of the score, or so many new terms are red.
SHIFTED, MOST_SHIFTED, MOST_TERMS = 0.25, 5, 20
_SCORE = "scam_probability"
_EDGE = 1e-4


@dataclass(frozen=True, slots=True)
class Found:
    """Tonight's shapes and what they say.

    Attributes:
        profiles: contracts.PROFILES of tonight; empty with too few sellers.
        checks: contracts.DRIFT.
    """

    profiles: pl.DataFrame
    checks: pl.DataFrame


def compared(
    features: pl.DataFrame,
    scores: pl.DataFrame,
    facts: pl.DataFrame,
    previous: pl.DataFrame,
    terms: terms_module.Found,
    *,
    as_of: datetime,
    set_aside: Mapping[str, int] | None = None,
) -> Found:
    """Compare tonight with a week before.

    Args:
        features: As from ``behaviour.seller_features``.
        scores: contracts.SCORES; only scored sellers count.
        facts: contracts.SELLER_FACTS; only those seen in the last ``RECENT`` count.
        previous: contracts.PROFILES.
        terms: As from ``terms.bursts``.
        as_of: Knowledge limit.
        set_aside: Whose words contradict the rules and teach nothing, with the number of sellers (``seen.Seen``).
    """
    recent = facts.filter(pl.col("last_seen_at") > as_of - RECENT).select("seller_id")
    rows = scores.select("seller_id", _SCORE).join(recent, on="seller_id")
    rows = rows.join(features, on="seller_id")
    old = _reference(previous, as_of)
    shapes, shifts = [], {}
    if rows.height >= LEAST_SELLERS:
        for name in (*catalogue.NAMES, _SCORE):
            values = rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
            before = old.get(name)
            edges = before[0] if before is not None else _edges(values)
            shares = _shares(values, edges)
            if before is not None:
                shifts[name] = _stability(before[1], shares)
            shapes.append(
                {
                    "as_of": as_of,
                    "feature": name,
                    "sellers": rows.height,
                    "edges": edges.tolist(),
                    "shares": shares.tolist(),
                }
            )
    profiles = pl.DataFrame(shapes, schema=dict(contracts.PROFILES.columns))
    return Found(
        contracts.PROFILES.check(profiles), _checks(shifts, terms, set_aside or {})
    )


def _reference(
    previous: pl.DataFrame, as_of: datetime
) -> dict[str, tuple[Reals, Reals]]:
    """Edges and shares per feature of the newest profile that is old enough."""
    old = previous.filter(pl.col("as_of") <= as_of - REFERENCE_AGE)
    newest = old.filter(pl.col("as_of") == pl.col("as_of").max())
    return {
        row["feature"]: (np.array(row["edges"]), np.array(row["shares"]))
        for row in newest.iter_rows(named=True)
    }


def _edges(values: Reals) -> Reals:
    """Inner borders between tenths, without those that coincide."""
    shown = values[np.isfinite(values)]
    if not shown.size:
        return np.zeros(0)
    return np.unique(np.quantile(shown, np.arange(1, BINS) / BINS))


def _shares(values: Reals, edges: Reals) -> Reals:
    """Share per bin, with one more for nulls at the end."""
    is_null = np.isnan(values)
    place = np.where(
        is_null, edges.size + 1, np.searchsorted(edges, values, side="left")
    )
    return np.bincount(place, minlength=edges.size + 2) / max(values.size, 1)


def _stability(before: Reals, now: Reals) -> float:
    """Population stability index of two sets of shares."""
    first, second = np.maximum(before, _EDGE), np.maximum(now, _EDGE)
    return float(np.sum((second - first) * np.log(second / first)))


def _checks(
    shifts: dict[str, float], terms: terms_module.Found, set_aside: Mapping[str, int]
) -> pl.DataFrame:
    features = {name: value for name, value in shifts.items() if name != _SCORE}
    moved = sorted(
        (name for name, value in features.items() if value > SHIFTED),
        key=lambda name: (-features[name], name),
    )
    told = (
        ", ".join(f"{name} {features[name]:.2f}" for name in moved[:5])
        or "no feature has shifted"
    )
    nothing = "Too few sellers seen lately, or no profile of a week before."
    score = shifts.get(_SCORE)
    bursts = ", ".join(terms.suggestions["term"].head(5).to_list()) or "none"
    rows = [
        {
            "check_name": "drift:features",
            "value": float(len(moved)) if features else None,
            "maximum": float(MOST_SHIFTED),
            "why": f"{len(moved)} of {len(features)} features have a stability index above {SHIFTED}: {told}."
            if features
            else nothing,
            "next_step": "Look whether a source changed (analyst.sources, analyst.fetches). If the trade did, review the top "
            "of analyst.cases and run `puppetwatch train`; go back with `puppetwatch rollback` if the list got worse.",
        },
        {
            "check_name": "drift:scores",
            "value": score,
            "maximum": SHIFTED,
            "why": nothing
            if score is None
            else f"Scores of sellers seen lately have a stability index of {score:.2f} against a week before.",
            "next_step": "Compare analyst.sellers by platform and first_seen_at; decide on some of the new high ones.",
        },
        {
            "check_name": "drift:terms",
            "value": None if terms.new is None else float(terms.new),
            "maximum": float(MOST_TERMS),
            "why": f"{terms.suggestions.height} terms are frequent in high-scoring networks and not searched for: {bursts}. "
            + (
                "Too few older offers to tell which are new."
                if terms.new is None
                else f"{terms.new} of them are new."
            ),
            "next_step": "Read analyst.keyword_suggestions and add what fits to the pack's keywords.",
        },
        _words(set_aside),
    ]
    return contracts.DRIFT.check(
        pl.DataFrame(rows, schema=dict(contracts.DRIFT.columns)).sort("check_name")
    )


def _words(set_aside: Mapping[str, int]) -> dict[str, str | float]:
    """Whose words and rules have drifted apart."""
    told = ", ".join(
        f"{author} ({count} sellers)" for author, count in sorted(set_aside.items())
    )
    return {
        "check_name": "drift:words",
        "value": float(sum(set_aside.values())),
        "maximum": 0.0,
        "why": f"What {told} said contradicts the rules as a whole and teaches nothing; a reviewer's word still counts for its own seller."
        if set_aside
        else "Nobody's words contradict the rules.",
        "next_step": "Read some of these sellers' posts (analyst.verdicts, analyst.labels have the words by author). Wrong words: decide "
        "again, or import the corrected list. Right ones: the pack's rules are wrong about these sellers; correct the pack.",
    }
