"""Pseudonyms for people who are not sellers: complainants and commenters.

What names a person goes in with the installation's secret key, keyed hashes come out. Invariants: the same person on the
same platform always gets the same pseudonym under one key, two platforms never share one, and without the key neither
direction can be computed. Nothing is stored or logged here.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawlers.records import schema

#: Kinds whose author is a private person rather than a seller (CONTRACT section 7.7).
PRIVATE_KINDS = frozenset({"comment", "complaint"})

_PREFIX = "h-"
#: 96 bits: a collision among a billion people has a chance of about 10^-11.
_HEX_DIGITS = 24
_PSEUDONYM = re.compile(rf"{_PREFIX}[0-9a-f]{{{_HEX_DIGITS}}}")
#: Hashed, so that two complaints of one person still show as one person's.
_HASHED = frozenset({"handle", "name"})
#: Dropped: free text, links and dates that lead back to the person.
_DROPPED = frozenset({"bio", "url", "verified_raw", "created_at"})
#: What an id may look like inside a text. A shorter one would be found inside prices and dates.
_TRACES = (re.compile(r"[0-9A-Za-z_-]{5,64}"), re.compile(r"\d{5,64}"))
_URL = schema.ORIGIN.names.index("url")


def pseudonym(value: str, *, platform: str, key: bytes) -> str:
    """The keyed hash that stands for an id, handle or name: ``h-`` and 24 hex digits (HMAC-SHA256, RFC 2104).

    What has this form already stays as it is: a crawl hashes before it writes to disk, and its records are read again.

    Raises:
        ValueError: the key is empty, so that the hash would hide nothing.
    """
    if not key:
        message = "The key for pseudonyms is empty. Pass this installation's hash key."
        raise ValueError(message)
    if _PSEUDONYM.fullmatch(value):
        return value
    digest = hmac.digest(key, f"{platform}:{value}".encode(), "sha256")
    return _PREFIX + digest.hex()[:_HEX_DIGITS]


def traces(text: str, hidden: str, *, platform: str, key: bytes) -> dict[str, str]:
    """Where only a pseudonym is known any more, the ids in a text that it stands for: what has that hash is the id.

    Returns:
        Raw text to ``hidden``; empty where the text does not show the person.
    """
    words = {word for shape in _TRACES for word in shape.findall(text)} - {hidden}
    return {
        word: hidden
        for word in sorted(words)
        if pseudonym(word, platform=platform, key=key) == hidden
    }


class Person:
    """The author of one complaint or comment, and how its record looks without naming them.

    Attributes:
        pseudonym: Stands for the author's id.
        profile: Values of ``schema.AUTHOR`` with handle and name hashed and what leads to the person dropped.
    """

    def __init__(
        self, platform: str, author_id: str, profile: Sequence[Any], key: bytes
    ) -> None:
        self.pseudonym = pseudonym(author_id, platform=platform, key=key)
        self._hidden = {author_id: self.pseudonym}
        self.profile: list[Any] = []
        for name, value in zip(schema.AUTHOR.names, profile, strict=True):
            kept = None if name in _DROPPED else value
            if name in _HASHED and value is not None:
                kept = self._hidden.setdefault(
                    value, pseudonym(value, platform=platform, key=key)
                )
            self.profile.append(kept)

    def without_url(self, origin: list[Any]) -> list[Any]:
        """Values of ``schema.ORIGIN`` whose ``url`` is null if it spells the author out, as some platforms' do."""
        url = origin[_URL]
        if url is None or not any(raw in url for raw in self._hidden):
            return origin
        return [*origin[:_URL], None, *origin[_URL + 1 :]]

    def scrubbed(self, unknown: Mapping[str, Any]) -> dict[str, Any]:
        """Unknown fields without those of the author, and with pseudonyms wherever the others name the author."""
        # One letter would be found in every word; it identifies nobody.
        hidden = {raw: name for raw, name in self._hidden.items() if len(raw) > 1}
        return {
            name: scrub(value, hidden)
            for name, value in unknown.items()
            if not name.startswith("author.")
        }


def scrub(value: object, pseudonyms: Mapping[str, str]) -> object:
    """A copy of a JSON value in which no string and no whole number shows one of the raw ids or names.

    Args:
        value: Anything that JSON can hold.
        pseudonyms: Raw text to its pseudonym; replaced wherever a string or a key contains it.
    """
    if isinstance(value, str):
        for raw, hidden in pseudonyms.items():
            value = value.replace(raw, hidden)
        return value
    if isinstance(value, dict):
        return {
            scrub(name, pseudonyms): scrub(part, pseudonyms)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [scrub(part, pseudonyms) for part in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return pseudonyms.get(str(value), value)
    return value
