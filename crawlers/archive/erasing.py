"""Answers taken out of an archive file, the others left byte for byte.

In: a WARC file of ``crawlers.evidence`` and what marks the answers to erase. Out: the same file without them.
Invariants: the file is whole before and after, also after ``kill -9``; what stays has the bytes that it had, so its digest
still proves it.
"""

from __future__ import annotations

import hashlib
import io
import os
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator

from crawlers import evidence

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def erase(
    path: Path, *, digests: Collection[str], needles: Collection[bytes]
) -> list[str]:
    """Take answers out of an archive file.

    Args:
        path: The file.
        digests: SHA-256 of bodies to erase.
        needles: Bytes that an answer to erase holds in its body or address.

    Returns:
        SHA-256 of the erased answers, in order; an empty list leaves the file as it is.

    Raises:
        DamagedError: the file cannot be read to its end; it is left as it is.
        OSError: it cannot be read or written.
    """
    erased: list[str] = []
    beside = path.with_name(f".{path.name}.unfinished")
    try:
        with path.open("rb") as file, beside.open("wb") as out:
            beside.chmod(0o600)
            start = 0
            for end, content in evidence.members(file):
                digest = _marked(content, digests=digests, needles=needles)
                if digest is None:
                    file.seek(start)
                    out.write(file.read(end - start))
                else:
                    erased.append(digest)
                start = end
            if start != path.stat().st_size:
                message = f"{path.name} is damaged behind byte {start}; nothing was erased from it"
                raise evidence.DamagedError(message)
            out.flush()
            os.fsync(out.fileno())
        if erased:
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return erased


def _marked(
    content: bytes, *, digests: Collection[str], needles: Collection[bytes]
) -> str | None:
    """The digest of an answer that is to be erased; null for what stays."""
    record = next(iter(ArchiveIterator(io.BytesIO(content))))
    if record.rec_type == "warcinfo":
        return None
    body = record.content_stream().read()
    address = str(record.rec_headers.get_header("WARC-Target-URI") or "").encode()
    digest = hashlib.sha256(body).hexdigest()
    holds = any(needle in body or needle in address for needle in needles)
    return digest if holds or digest in digests else None
