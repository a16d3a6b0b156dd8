"""JSON in the dress that services put on it for scripts: a call around it, a byte order mark, an older encoding.

In: the bytes of an answer. Out: the same as plain UTF-8 JSON where it was dressed, else unchanged. Never raises.
"""

from __future__ import annotations

import re

from crawlers.sources import pages

#: ``callback(``, also as ``try{callback(``, ``/**/callback(`` and ``;callback&&callback(``.
#: Possessive throughout: a body of separators alone is passed once, not once per way to share them out.
_OPENING = re.compile(
    rb"[\s;]*+(?:/\*[^*]{0,80}+\*/)?[\s;]*+(?:try\s*+\{)?[\s;]*+(?:[\w.$]{1,80}+\s*+&&\s*+)?[\w.$]{1,80}+\s*+\((?=\s*+[\[{])"
)
_BOM = b"\xef\xbb\xbf"


def plain(body: bytes) -> bytes:
    """The JSON inside; bytes that are neither JSON nor a call around it come back without their byte order mark.

    An answer that is not UTF-8 is read as the encoding that Chinese services used before it (GB 18030).
    """
    stripped = body.removeprefix(_BOM).strip()
    if not stripped.startswith((b"{", b"[")):
        opening = _OPENING.match(stripped)
        if not opening:
            return stripped
        closing = max(stripped.rfind(b"}"), stripped.rfind(b"]"))
        stripped = stripped[opening.end() : closing + 1]
        # What catches a callback's error holds braces of its own: the call ends at the last parenthesis before it.
        tail = stripped.rfind(b"catch")
        call_end = stripped.rfind(b")", 0, tail) if tail > 0 else -1
        if call_end > 0 and re.fullmatch(rb"\)[\s;]*\}\s*", stripped[call_end:tail]):
            stripped = stripped[:call_end]
    try:
        stripped.decode()
    except UnicodeDecodeError:
        # Lone surrogates are no UTF-8 either, and nobody else's encoding.
        return pages.decode(stripped).encode("utf-8", errors="replace")
    return stripped
