"""Which texts were seen: a set that grows on disk, for what a crawl remembers of every page.

In: texts. Out: whether one is new, and how many there are. A text is kept as its 128-bit BLAKE2b digest: of 10^9 texts two
share one with a chance of about 10^-21, and what a text was cannot be read back.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from crawlers.memory import scratch

_DIGEST_BYTES: Final = 16


class Seen:
    """A set of texts.

    Args:
        directory: Whose disk holds it.
    """

    def __init__(self, directory: Path) -> None:
        self._table = scratch.Table(directory, "digest blob primary key")
        self._count = 0

    def add(self, text: str) -> bool:
        """Add a text; whether it is new.

        Raises:
            OSError: the disk did not take it.
        """
        added = self._table.execute("insert or ignore into rows values (?)", (_digest(text),))  # fmt: skip
        is_new = added.rowcount == 1
        self._count += is_new
        return is_new

    def __contains__(self, text: str) -> bool:
        """Whether a text was added."""
        found = self._table.execute("select 1 from rows where digest = ?", (_digest(text),))  # fmt: skip
        return found.fetchone() is not None

    def __len__(self) -> int:
        """How many texts were added, each counted once."""
        return self._count


def _digest(text: str) -> bytes:
    # An address from a broken page may hold half a character.
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).digest()  # fmt: skip
