"""Pages that end too early: a save that was stopped, a connection that broke, a copy that did not fit.

In: a decoded page. Out: what proves that its end is missing. HTML lets a page leave out its last tags, and many do, so their
absence alone proves nothing; what proves it is an end in the middle of something that nobody may leave open.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from typing import Final

from crawlers.sources.parsed import Parsed, Reject

#: A comment, or a tag of an element that counts here. Containers have no optional end tag (HTML 13.1.2.4).
_TAG: Final = re.compile(
    r"<!--|<(?P<close>/?)(?:(?P<raw>script|style|textarea|title)|(?P<root>html|body)|(?P<box>div|section|article|main|aside|ul|ol|table|form))(?=[\s/>])",
    re.IGNORECASE,
)
_RAW_ENDS: Final = {name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}  # fmt: skip
_BEGINS_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*\Z")
#: So many elements that somebody forgot to close are a mistake in a page; more, where its last tags are missing too, a cut.
_FORGOTTEN: Final = 1
#: Nearly every page ends so, and nothing else of it need be looked at.
_LAST_TAG: Final = "</html>"
_LAST_CHARACTERS: Final = 100


def rejects(text: str) -> tuple[Reject, ...]:
    """One reject for a page that is cut off, none for one that may be whole: what is read of it is only its beginning."""
    proof = cut_off(text)
    return (Reject("html", f"cut off {proof}"),) if proof else ()


def told(parsed: Parsed, text: str) -> Parsed:
    """What was read of a page that is one record: where it is cut off, the record's text is marked as not whole."""
    found = rejects(text)
    if not found:
        return parsed
    records = tuple({**record, "text_truncated": True} for record in parsed.records)
    return dataclasses.replace(parsed, records=records, rejects=parsed.rejects + found)


def cut_off(text: str) -> str | None:
    """Where a page breaks off; null where nothing proves that it does.

    Args:
        text: The decoded page, or a part of one.

    Returns:
        ``inside a comment``, ``inside <script>``, ``inside a tag``, or ``with … elements open`` where the document's own end
        is missing as well. What follows a document's end is nobody's content and proves nothing.
    """
    if text[-_LAST_CHARACTERS:].rstrip()[-len(_LAST_TAG) :].lower() == _LAST_TAG:
        return None
    open_boxes: Counter[str] = Counter()
    begun: set[str] = set()
    position = 0
    while found := _TAG.search(text, position):
        if found["root"] and found["close"]:
            return None
        name = (found["raw"] or found["root"] or found["box"] or "").lower()
        end = text.find(">" if name else "-->", found.end())
        if end < 0:
            return "inside a tag" if name else "inside a comment"
        position = end + 1
        if found["root"]:
            begun.add(name)
        elif found["box"]:
            # XHTML closes an element in its own tag.
            is_open = not found["close"] and text[end - 1] != "/"
            open_boxes[name] += is_open - bool(found["close"])
        elif found["raw"] and not found["close"]:
            closing = _RAW_ENDS[name].search(text, position)
            if closing is None:
                return f"inside <{name}>"
            position = closing.start()
    if _BEGINS_TAG.search(text, max(position, text.rfind("<"), 0)):
        return "inside a tag"
    left = sum(count for count in open_boxes.values() if count > 0)
    return f"with {left} elements open" if begun and left > _FORGOTTEN else None
