"""Several answers in one file: a chunked stream, JSON texts one after another, or one JSON list of answers.

Bytes go in, the bytes of each answer come out in order, as written. Invariants: nothing is guessed for a file that holds
one answer only (it gives none); what follows a broken place is not looked for; the number of pieces is bounded.
"""

from __future__ import annotations

import json
import re
from typing import Final

import orjson

#: More answers than this are no saved session.
MOST: Final = 10_000
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})(?:;[^\r\n]{0,100})?\r?\n")
_SPACE = re.compile(r"[\s,\x1e]*")
#: Deeper lists are no answers and would exhaust the stack.
_FAULTS: Final = (ValueError, RecursionError)


def split(body: bytes) -> tuple[list[bytes], str | None]:
    """The answers in a file that no parser knows as one.

    Returns:
        The pieces, none when the file is not several answers; and why the rest is missing, null when it is not.
    """
    chunked = _dechunked(body)
    content = body if chunked is None else chunked
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], None
    try:
        listed = orjson.loads(text) if text.lstrip().startswith("[") else None
    except orjson.JSONDecodeError:
        listed = None
    if isinstance(listed, list):
        parts = [orjson.dumps(part) for part in listed[:MOST] if isinstance(part, dict)]
        left = len(listed) - len(parts)
        return parts, f"{left} further members are no answers or too many" if left else None  # fmt: skip
    parts, why = _texts(text)
    is_several = len(parts) > 1 or (chunked is not None and bool(parts))
    return (parts, why) if is_several else ([], None)


def _dechunked(body: bytes) -> bytes | None:
    """The content of HTTP chunks (hex length, line break, bytes); null when the body is not cut so."""
    position = 0
    found: list[bytes] = []
    stripped = body.lstrip()
    while head := _CHUNK.match(stripped, position):
        size = int(head[1], 16)
        if size == 0:
            return b"".join(found) if found else None
        found.append(stripped[head.end() : head.end() + size])
        if len(found[-1]) < size:
            break  # cut off: what is there is looked at
        position = head.end() + size
        while stripped[position : position + 1] in {b"\r", b"\n"}:
            position += 1
    return b"".join(found) if found and found[0].lstrip()[:1] in {b"{", b"["} else None


def _texts(text: str) -> tuple[list[bytes], str | None]:
    decoder = json.JSONDecoder()
    parts: list[bytes] = []
    match = _SPACE.match(text)
    position = match.end() if match else 0
    while position < len(text):
        if text[position] not in "{[":
            return parts, f"at character {position + 1} no JSON begins"
        if len(parts) == MOST:
            return parts, f"only the first {MOST:,} answers were read"
        try:
            _, end = decoder.raw_decode(text, position)
        except _FAULTS:
            return parts, f"the answer at character {position + 1} is broken or cut off"
        parts.append(text[position:end].encode())
        match = _SPACE.match(text, end)
        position = match.end() if match else end
    return parts, None
