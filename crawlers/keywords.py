"""Which records of a source that shows everything are wanted: those that hold one of the pack's search keywords."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from crawlers.sources.parsed import Record


class Keywords:
    """Search keywords, ready to be looked for.

    Args:
        words: As the pack has them; empty wants everything.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = [(word, _plain(word)) for word in words]

    def matched(self, record: Record) -> str | bool:
        """The first keyword in the record's texts, issues or target; true where no keyword chooses, false for none."""
        if not self._words:
            return True
        complaint = record.get("complaint") or {}
        parts = (
            record.get("title"),
            record.get("text"),
            complaint.get("target"),
            *(complaint.get("issues") or ()),
        )
        text = _plain("\n".join(part for part in parts if part))
        return next((word for word, plain in self._words if plain in text), False)


def _plain(text: str) -> str:
    """Text as keywords are compared."""
    return unicodedata.normalize("NFKC", text).casefold()
