"""Which records of a source that shows everything are wanted: those that a search for the pack's keywords would find.

A platform's search finds more than the keyword letter by letter: who lost 66,000 yuan with 数字人 does not write 数字人代理.
So a keyword is also found where at least half of its pairs of neighbouring characters stand anywhere in the record.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from crawlers.sources.parsed import Record

#: Shorter words are found only as they are: two pairs of a word of three stand in too many texts.
_SHORTEST_LOOSE = 4


class Keywords:
    """Search keywords, ready to be looked for.

    Args:
        words: As the pack has them; empty wants everything.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = [(word, _plain(word)) for word in words]
        self._pairs = [
            (word, {plain[place : place + 2] for place in range(len(plain) - 1)})
            for word, plain in self._words
            if len(plain) >= _SHORTEST_LOOSE
        ]

    def matched(self, record: Record) -> str | bool:
        """The first keyword in the record's texts, issues or target; true where no keyword chooses, false for none.

        One that stands there as it is comes before one of which only most is there.
        """
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
        whole = next((word for word, plain in self._words if plain in text), None)
        return whole or next(
            (word for word, pairs in self._pairs if 2 * sum(pair in text for pair in pairs) >= len(pairs)), False
        )  # fmt: skip


def _plain(text: str) -> str:
    """Text as keywords are compared."""
    return unicodedata.normalize("NFKC", text).casefold()
