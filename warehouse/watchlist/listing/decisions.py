"""What people's decisions mean for the list at a moment.

In: verdicts, allowlist, appeals and revocations, appended in any order. Out: what is said of each target, what is cleared,
and what was taken off by an upheld appeal or a revocation.

Invariants: pure; a decision after ``as_of`` is not known yet; row order changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

SELLER = "seller"

Key = tuple[str, str]

#: Codes of what people decided, as ``refusal`` and ``owner_refusal`` give them.
CODES = ("benign_verdict", "appeal_upheld", "revoked", "allowlisted")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What holds at a moment.

    Attributes:
        said: ``fraud``, ``benign`` or ``unsure`` by target (a seller id or ``kind:value``).
        allowed: Cleared (kind, value) pairs.
        withdrawn: Why, by (entity, value), for what a person took off and nobody put back by a later ``fraud`` verdict.
    """

    said: dict[str, str]
    allowed: set[Key]
    withdrawn: dict[Key, str]

    def refusal(self, key: Key) -> str | None:
        """Why a person's decision keeps this off the list; null when none does."""
        said = self.said.get(target(key))
        if said == "benign":
            honest = "the seller" if key[0] == SELLER else "the value"
            return f"benign_verdict: a reviewer found {honest} honest"
        if key in self.withdrawn:
            return self.withdrawn[key]
        if key in self.allowed:
            return "allowlisted: cleared by a person"
        return None

    def owner_refusal(self, seller_ids: Iterable[str]) -> str | None:
        """Why a decision about one of its owners keeps an indicator off; null when none does."""
        for seller_id in sorted(seller_ids):
            refusal = self.refusal((SELLER, seller_id))
            if refusal is not None:
                code = refusal.partition(":")[0]
                return f"{code}: a seller found honest or taken off owns it too"
        return None


def is_decision(why: str) -> bool:
    """Whether a code with its explanation says that a person decided."""
    return why.partition(":")[0] in CODES


def target(key: Key) -> str:
    """The id that a verdict on this is kept under."""
    return key[1] if key[0] == SELLER else f"{key[0]}:{key[1]}"


def keys_of(target: str) -> tuple[Key, Key]:
    """What a verdict's target may stand on the list as: a seller's id and ``kind:value`` look alike."""
    kind, _, value = target.partition(":")
    return (SELLER, target), (kind, value)


def decisions(
    *,
    verdicts: pl.DataFrame,
    allowlist: pl.DataFrame,
    appeals: pl.DataFrame,
    revocations: pl.DataFrame,
    as_of: datetime,
) -> Decisions:
    """All that people decided by a moment.

    Args:
        verdicts: contracts.VERDICTS; ``is_current`` is not used.
        allowlist: contracts.ALLOWLIST.
        appeals: contracts.APPEALS; only upheld ones take anything off.
        revocations: contracts.REVOCATIONS.
        as_of: Limit of knowledge.

    Returns:
        Decisions. Empty in, empty out.
    """
    known = verdicts.filter(pl.col("decided_at") <= as_of)
    allowed = allowlist.filter(pl.col("decided_at") <= as_of)
    taken = [
        appeals.filter(
            pl.col("state") == "upheld", pl.col("decided_at") <= as_of
        ).select(
            "entity",
            "value",
            "decided_at",
            pl.lit("appeal_upheld: an appeal was upheld").alias("why"),
        ),
        revocations.filter(pl.col("decided_at") <= as_of).select(
            "entity",
            "value",
            "decided_at",
            pl.lit("revoked: taken off by a reviewer").alias("why"),
        ),
    ]
    latest = (
        pl.concat(taken)
        .sort("decided_at", "why")
        .unique(["entity", "value"], keep="last", maintain_order=True)
    )
    said = standing(known)
    confirmed = dict(
        known.filter(pl.col("verdict") == "fraud")
        .group_by("target")
        .agg(pl.col("decided_at").max())
        .rows()
    )
    withdrawn = {}
    for entity, value, decided_at, why in latest.rows():
        key = (entity, value)
        again = confirmed.get(target(key))
        if said.get(target(key)) != "fraud" or again is None or again <= decided_at:
            withdrawn[key] = why
    return Decisions(said, set(allowed.select("kind", "value").rows()), withdrawn)


def standing(verdicts: pl.DataFrame) -> dict[str, str]:
    """What people say of each target: the latest of each author; authors who disagree make ``unsure``."""
    latest = (
        verdicts.sort("decided_at", "verdict_id")
        .unique(["target", "author"], keep="last", maintain_order=True)
        .group_by("target")
        .agg(pl.col("verdict").unique())
    )
    return {
        target: said[0] if len(said) == 1 else "unsure"
        for target, said in latest.rows()
    }
