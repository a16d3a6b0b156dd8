"""Files of JSON lines that end up sorted, whatever order and number the rows come in.

In: rows with a key each. Out: one file, on disk before it gets its name. Invariant: the same rows give the same bytes in
whatever order they came; nothing is kept in memory of a row that is written.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import orjson

from crawlers.memory import scratch


class LinesFile:
    """JSON lines that end up sorted by a key, then by content.

    Args:
        path: Where the lines stand once closed; until then beside it with the ending ``.part``.
        is_unique: Of lines with the same key only the first is kept.

    Attributes:
        repeated: How many lines were left out for their key; known once closed.
    """

    def __init__(self, path: Path, *, is_unique: bool = False) -> None:
        self.repeated = 0
        self._is_unique = is_unique
        self._path = path
        self._part = path.with_name(path.name + ".part")
        path.unlink(missing_ok=True)
        self._file = self._part.open("w+b")
        self._places = scratch.Table(
            path.parent,
            "key blob, digest blob, start integer, length integer, primary key (key, digest, start)",
        )
        self._end = 0

    def write(self, row: dict[str, Any], *, key: str) -> None:
        """Add one row.

        Raises:
            OSError: the disk did not take it.
        """
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        self._file.write(line)
        digest = hashlib.blake2b(line, digest_size=8).digest()
        self._places.execute(
            "insert into rows values (?, ?, ?, ?)",
            (key.encode(), digest, self._end, len(line)),
        )
        self._end += len(line)

    def close(self) -> int:
        """Sort, write through to the disk, and give the file its name.

        Returns:
            The number of lines that the finished file holds, counted in it.
        """
        self._file.flush()
        sorted_part = self._path.with_name(self._path.name + ".sorted")
        count = 0
        places = self._places.execute(
            "select key, start, length from rows order by key, digest, start"
        )
        with sorted_part.open("wb") as target:
            last = None
            for key, start, length in places:
                if self._is_unique and key == last:
                    self.repeated += 1
                    continue
                last = key
                self._file.seek(start)
                line = self._file.read(length)
                count += line.count(b"\n")
                target.write(line)
            target.flush()
            os.fsync(target.fileno())
        self._file.close()
        sorted_part.replace(self._path)
        self._part.unlink()
        return count
