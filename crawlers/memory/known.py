"""Which posts are stored already: a sorted file that is searched where it lies, however long history is.

In: a file with one ``platform:native`` a line, sorted by bytes. Out: whether a platform's post is among them.
"""

from __future__ import annotations

import mmap
from itertools import pairwise
from pathlib import Path


class Known:
    """The stored posts of one platform.

    Args:
        path: The file; must not change while it is used.
        platform: Whose posts are asked for.

    Raises:
        OSError: the file cannot be read.
        ValueError: a line is smaller than the one before.
    """

    def __init__(self, path: Path, *, platform: str) -> None:
        self._prefix = f"{platform}:".encode()
        with path.open("rb") as lines:
            for number, (line, after) in enumerate(pairwise(lines), start=2):
                if after.rstrip(b"\n") < line.rstrip(b"\n"):
                    message = f"line {number} is smaller than the one before"
                    raise ValueError(message)
            # An empty file cannot be mapped.
            is_empty = not lines.tell()
            self._lines: bytes | mmap.mmap = b"" if is_empty else mmap.mmap(lines.fileno(), 0, access=mmap.ACCESS_READ)  # fmt: skip

    def __contains__(self, post_id: object) -> bool:
        """Whether the post with this native id is stored."""
        wanted = self._prefix + str(post_id).encode(errors="surrogatepass")
        low, high = 0, len(self._lines)
        while low < high:
            middle = (low + high) // 2
            start = max(self._lines.rfind(b"\n", low, middle) + 1, low)
            end = self._lines.find(b"\n", middle, high)
            end = high if end < 0 else end
            line = self._lines[start:end]
            if line == wanted:
                return True
            low, high = (end + 1, high) if line < wanted else (low, start)
        return False
