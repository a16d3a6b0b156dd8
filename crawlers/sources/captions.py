"""Captions as platforms send them: highlights taken out, the tags and the names that a text carries.

In: text, perhaps with a search's highlighting. Out: plain text, tags without ``#``, names without ``@``, each once and
in order. Captions are text, not pages: a ``<`` of the writer's own stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from crawlers.sources import pages

#: What searches put around the words that they found (platforms/README.md §2).
_HIGHLIGHT = re.compile(
    r"</?(?:em|font|span|strong|b|mark)(?:\s[^<>]{0,200})?>|<!--[^<>]{0,40}-->",
    re.IGNORECASE,
)
#: Up to white space, another tag, a mention or punctuation; 微博 closes its tags with a second ``#``.
_TAG = re.compile(
    r"#([^\s#@，。！？、,!?;；:：()（）\[\]【】「」《》<>\"'“”…|｜/\\]{1,60})"
)
_NAMED = re.compile(r"@([^@\s()（）]{1,40})\([0-9A-Za-z_]{3,40}\)")


def plain(text: str | None) -> str | None:
    """Text without highlighting, entities and control characters; blank is null."""
    if not text:
        return None
    if "<" in text:
        text = _HIGHLIGHT.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return pages.tidy(text) or None


def hashtags(text: str | None, given: Iterable[str | None] = ()) -> list[str]:
    """Tags that the platform names, then those that stand in the text."""
    found = [tag.strip().strip("#") for tag in given if tag]
    found += _TAG.findall(text or "")
    return once(tag for tag in found if tag)


def named(text: str | None) -> list[str]:
    """Names of ``@name(id)``, the form in which 快手 writes mentions."""
    return once(_NAMED.findall(text or ""))


def once(values: Iterable[str]) -> list[str]:
    """Each value once, in order of appearance."""
    return list(dict.fromkeys(values))
