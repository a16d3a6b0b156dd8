"""What a crawl has finished, kept so that a killed one can be gone on with: one line per finished request.

In: entries (JSON objects), each holding all that one answer gave and asked for. Out: the same entries, in order, also
after ``kill -9`` or a power cut. Invariants: an entry is there wholly or not at all, so its records and the mark that
its request is done can never part; what follows a torn or damaged line is cut off before anything is added.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

#: Of the line format; a journal of another version is begun anew.
VERSION: Final = 1
#: A kill loses nothing, since each line goes to the kernel at once; a power cut loses at most so much.
SYNC_ENTRIES: Final = 200
SYNC_SECONDS: Final = 2.0
_CHECK_DIGITS: Final = 8

Entry = dict[str, Any]


class Journal:
    """An append-only file of entries.

    Args:
        path: Gone on with when it is there and of this source and version, else begun.
        source: Whose crawl it is.
    """

    def __init__(self, path: Path, *, source: str) -> None:
        self._path = path
        self._header = {"version": VERSION, "source": source}
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._begins, self._end = _sound_part(path, self._header)
        os.ftruncate(self._descriptor, self._end)
        if not self._end:
            self.append(self._header)
            self._begins = self._end
        self._unsynced = 0
        self._synced_at = time.monotonic()

    def append(self, entry: Entry) -> None:
        """Add one entry.

        Raises:
            OSError: the disk did not take it; the journal is as before.
        """
        line = _line(entry)
        written = 0
        try:
            written = os.write(self._descriptor, line)
        finally:
            if written != len(line):
                os.ftruncate(self._descriptor, self._end)
        if written != len(line):
            message = f"{self._path}: {written} of {len(line)} bytes could be written; the disk is full"
            raise OSError(message)
        self._end += len(line)

    def is_due(self) -> bool:
        """Whether the next entry is one to be synced: enough was added, or enough time has passed since the last time."""
        is_late = time.monotonic() - self._synced_at >= SYNC_SECONDS
        return is_late or self._unsynced + 1 >= SYNC_ENTRIES

    def settle(self, *, is_due: bool) -> None:
        """Count an entry; write through to the disk when it is due."""
        self._unsynced += 1
        if is_due:
            os.fdatasync(self._descriptor)
            self._unsynced, self._synced_at = 0, time.monotonic()

    def entries(self) -> Iterator[Entry]:
        """All entries in the order in which they were added."""
        with self._path.open("rb") as lines:
            lines.seek(self._begins)
            while lines.tell() < self._end:
                yield orjson.loads(lines.readline()[_CHECK_DIGITS + 1 :])

    def close(self) -> None:
        """Close the file; it stays."""
        os.close(self._descriptor)


def _line(entry: Entry) -> bytes:
    content = orjson.dumps(entry)
    return b"%08x %s\n" % (zlib.crc32(content), content)


def _sound_part(path: Path, header: Entry) -> tuple[int, int]:
    """Where entries begin and where the part that can be trusted ends; both 0 for a journal to begin."""
    with path.open("rb") as lines:
        first = lines.readline()
        if first != _line(header):
            return 0, 0
        begins = end = len(first)
        for line in lines:
            check, _, content = line[:-1].partition(b" ")
            if not line.endswith(b"\n") or check != b"%08x" % zlib.crc32(content):
                break
            end += len(line)
    return begins, end
