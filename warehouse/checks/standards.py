"""One check of a run, and the bounds that checks are held against.

In: a value, its bounds and the colour that it turns outside of them. Out: its state.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Minimums:
    """Where checks turn yellow or red.

    Attributes:
        source_share: Least share of a source's usual record count; the usual is the median of its past runs.
        source_history: Past runs that a source needs before it is compared with them.
        list_share: Least share of the release before that the new list must reach.
        list_growth: Most times the release before that the new list may reach before somebody looks.
        list_small: Lists of up to this many entries may shrink or grow as they like.
        listed_share: Largest share of scored sellers that may be listed before somebody looks.
        reject_share: Largest share of a source's records that may be refused before somebody looks.
        fill_drop: How far a fill rate may fall below the run before.
        score_shift: How far the mean score may move from the run before.
        fresh_hours: Oldest newest post, in hours before as_of, before somebody looks.
    """

    source_share: float = 0.2
    source_history: int = 3
    list_share: float = 0.5
    list_growth: float = 3.0
    list_small: int = 20
    listed_share: float = 0.9
    reject_share: float = 0.2
    fill_drop: float = 0.2
    score_shift: float = 0.15
    fresh_hours: float = 48.0


@dataclass(frozen=True, slots=True)
class Check:
    """One check's outcome, before it has a run: the columns of contracts.QUALITY without run_id."""

    name: str
    value: float | None
    minimum: float | None
    maximum: float | None
    breaks: str
    why: str
    next_step: str

    @property
    def state(self) -> str:
        """Green, or the colour that this check turns when the value lies outside its bounds."""
        if self.value is None:
            return "green"
        low = self.minimum is not None and self.value < self.minimum
        high = self.maximum is not None and self.value > self.maximum
        return self.breaks if low or high else "green"
