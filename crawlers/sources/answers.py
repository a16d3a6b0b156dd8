"""JSON answers of closed platforms: from bytes to an object, and the refusals that look the same everywhere.

In: the bytes of one answer. Out: what the source's own reader makes of the object in them, or the refusal. Invariants:
whole numbers of any length keep their digits; whatever the bytes, nothing escapes; an entry that cannot be read is a
reject with its JSON path and its neighbours stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import orjson

from crawlers.sources import pages
from crawlers.sources.fields import FieldError, Fields
from crawlers.sources.parsed import Parsed, Record, Reject

#: A number that 64 bits may not hold, where a number can stand; the quick test before the slow walk.
_MAYBE_LONG = re.compile(rb"(?:^|[:\[,\s])-?\d{20}")
#: Strings (closed or cut off) are stepped over; long whole numbers are caught. Never fails at a quote, so it is linear.
_STRING_OR_LONG = re.compile(
    rb'"(?:[^"\\]++|\\.)*+"?|(?P<long>-?\d{20,}+)(?![.eE])', re.DOTALL
)
#: Long runs of the characters of which keys, tokens and ids are made.
_KEY = re.compile(r"[0-9A-Za-z+/_=.-]{20,}")
#: (fetch status, words of a refusal), first match wins.
_WORDS: Final = (
    (
        "rate_limited",
        re.compile(
            r"频繁|过快|太快|限流|超限|稍后(?:再|重)试|too many|rate.?limit|quota",
            re.IGNORECASE,
        ),
    ),
    ("login_wall", re.compile(r"登[录陆]|log.?in|session.?expired", re.IGNORECASE)),
    (
        "blocked",
        re.compile(
            r"验证|风控|风险|签名|captcha|verify|signature|forbidden", re.IGNORECASE
        ),
    ),
)


def parse(
    body: bytes, *, http_status: int | None, read: Callable[[Fields, set[str]], Parsed]
) -> Parsed:
    """Read one answer that ought to be a JSON object.

    Args:
        body: The answer.
        http_status: Null for a file.
        read: The source's reader; it gets the object and the set that collects unknown fields, and may raise
            ``FieldError`` where the answer's envelope is not what it used to be.
    """
    refused = pages.http_refusal(http_status)
    if refused:
        return Parsed(refused[0], reason=refused[1])
    stripped = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not stripped:
        return Parsed("blocked", reason="empty answer")
    if pages.is_html(stripped):
        walled = pages.wall(pages.decode(stripped))
        status, reason = walled or ("blocked", "a page where JSON was expected")
        return Parsed(status, reason=reason)
    if stripped[:80].lower().strip(b'"') == b"blocked":
        return Parsed("blocked", reason="the answer says that it is blocked")
    try:
        answer = load(stripped)
    except ValueError:
        return Parsed("schema_drift", reason="neither JSON nor a page")
    return parse_object(answer, read=read)


def parse_object(
    answer: object, *, read: Callable[[Fields, set[str]], Parsed]
) -> Parsed:
    """``parse`` for an answer that is decoded already."""
    unknown: set[str] = set()
    try:
        return read(Fields(answer, path="$", kind="$", unknown=unknown), unknown)
    except FieldError as error:
        rejects = (Reject(error.field, error.reason),)
        return Parsed("schema_drift", (), str(error), rejects, frozenset(unknown))


def load(body: bytes) -> Any:  # noqa: ANN401 (JSON has no narrower type)
    """Strict JSON; whole numbers beyond 64 bits come out as text, because as numbers they lose digits.

    Raises:
        ValueError: no JSON.
    """
    if _MAYBE_LONG.search(body):
        body = _STRING_OR_LONG.sub(_quoted, body)
    return orjson.loads(body)


def _quoted(found: re.Match[bytes]) -> bytes:
    return b'"' + found["long"] + b'"' if found["long"] else found[0]


def refusal(message: str | None, *, otherwise: str) -> str:
    """The fetch status that a platform's own words mean; ``otherwise`` where they say nothing we know."""
    return next(
        (status for status, words in _WORDS if message and words.search(message)),
        otherwise,
    )


def said(message: object) -> str:
    """A platform's own words as a reason may quote them: one short line without anything that could be a key."""
    words = _KEY.sub("…", " ".join(str(message or "").split()))
    return words[:80] or "nothing said"


def entries(
    found: Iterable[Any],
    read: Callable[[Fields], Record | None],
    *,
    path: str,
    unknown: set[str],
) -> tuple[list[Record], list[Reject], int]:
    """Read a list's entries one by one.

    Args:
        found: The entries.
        read: One entry to its record; null for a card that is no post; ``FieldError`` for a reject.
        path: JSON path of the list.
        unknown: Collects unknown fields.

    Returns:
        Records, rejects, and how many entries were no posts.
    """
    records: list[Record] = []
    rejects: list[Reject] = []
    skipped = 0
    for index, value in enumerate(found):
        try:
            record = read(
                Fields(value, path=f"{path}[{index}]", kind=path, unknown=unknown)
            )
        except FieldError as error:
            rejects.append(Reject(error.field, error.reason))
            continue
        if record is None:
            skipped += 1
        else:
            records.append(record)
    return records, rejects, skipped
