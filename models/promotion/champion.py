"""Which bundle scores: read from the record of what was promoted and rolled back, never from what lies on a disk.

In: contracts.BUNDLES. Out: versions, the one in use first, or whether a person holds the champion. A night asks for what
was decided strictly before its own moment, so that a night that is run again, or that was killed after it had written
its own promotion, starts from the same champion.
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

#: Files of so many champions, and of the versions of so many events, stay: a rollback goes one back at a time.
KEPT = 10

_ALWAYS = datetime.max.replace(tzinfo=UTC)

PROMOTED, SHADOW, ROLLED_BACK, REFUSED = "promoted", "shadow", "rolled_back", "refused"


def standing(bundles: pl.DataFrame, *, before: datetime) -> list[str]:
    """Champions that stand, the one in use first, then the one before it.

    Args:
        bundles: contracts.BUNDLES.
        before: Events at this moment or later are not known.

    Returns:
        Distinct versions. A rolled-back one stands again only if it is promoted once more.
    """
    stack: list[str] = []
    for event, version in _known(bundles, before).select("event", "version").rows():
        if event == PROMOTED:
            stack = [*(each for each in stack if each != version), version]
        elif event == ROLLED_BACK:
            stack = [each for each in stack if each != version]
    return stack[::-1]


def is_held(bundles: pl.DataFrame, *, before: datetime) -> bool:
    """Whether a person rolled back last: nights then train in the shadow until a person promotes again."""
    by_people = _known(bundles, before).filter(pl.col("author").is_not_null())
    return by_people.height > 0 and by_people["event"][-1] == ROLLED_BACK


def unused(bundles: pl.DataFrame) -> list[str]:
    """Bundles whose files nobody will ask for any more.

    Args:
        bundles: contracts.BUNDLES.

    Returns:
        Distinct versions, sorted: all but the KEPT newest champions that stand and the KEPT versions of the newest events.
    """
    known = bundles.sort("as_of", "run_id", "event")
    latest = known["version"].reverse().unique(maintain_order=True).head(KEPT)
    champions = standing(bundles, before=_ALWAYS)[:KEPT]
    return sorted({*known["version"]} - {*latest, *champions})


def _known(bundles: pl.DataFrame, before: datetime) -> pl.DataFrame:
    return bundles.filter(pl.col("as_of") < before).sort("as_of", "run_id", "event")
