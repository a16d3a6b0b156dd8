"""One answer on its way into records and archive: read, rid of secrets and of private persons, and read as it is kept.

In: a parser and what a source answered. Out: what the parser makes of it, and the body that may be kept. Invariants: the
records are those of the kept body wherever that is possible, so that reading the archive again gives the same; ids of
complainants and commenters stand in the kept body as the pseudonyms that their records get; nothing is written here.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from crawlers.archive import privacy, redaction
from crawlers.sources.parsed import Ask, Parsed

#: Objects of an answer that describe a person, and the fields in them that say who it is.
_PERSONS: Final = frozenset(
    {"author", "user", "user_info", "userinfo", "userInfo", "member", "commenter", "complainant", "publisher"}
)  # fmt: skip
_NAMING: Final = re.compile(r"name|nick|title|avatar|head|portrait|uid|id$|desc|bio|sign|url|link|handle|mobile|phone", re.IGNORECASE)  # fmt: skip
#: Fields that are a person's wherever they stand in an answer of a private source.
_IDS: Final = re.compile(r"u_?id|user_?id|nick_?name|user_?name", re.IGNORECASE)
#: The same in text that is no JSON any more, such as an answer that was cut off.
_LOOSE: Final = re.compile(rb"""(["'](?:u_?id|user_?id|nick_?name|user_?name)["']\s*:\s*)(?:"[^"]*"|'[^']*'|\d+)""", re.IGNORECASE)  # fmt: skip
#: Where pages show who wrote: an element that is named so.
_SHOWN: Final = re.compile(rb"""<(\w+)[^<>]{0,500}\bclass\s*=\s*["']?[^"'<>]{0,200}\b(?:u-?name|user-?name|nick-?name)\b[^<>]{0,500}>\s*([^<]{2,200}?)\s*</\1>""", re.IGNORECASE)  # fmt: skip
#: Shorter ids would be found inside prices and dates.
_SHORTEST_ID: Final = 5


class Reading(NamedTuple):
    """What became of one answer.

    Attributes:
        parsed: What the parser made of it; what to ask next is from the answer as it came.
        body: The answer as it may be kept.
    """

    parsed: Parsed
    body: bytes


def read(
    parse: Callable[..., Parsed],
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,
    known: frozenset[bytes] = frozenset(),
    hash_key: bytes = b"",
    is_private: bool = False,
) -> Reading:
    """Read one answer.

    Args:
        parse: The source's parser.
        body: The answer, unpacked.
        url: Where it came from.
        http_status: Null for a file.
        fetched_at: When it came.
        ask: What was asked for.
        known: Secrets to be removed wherever they stand (``redaction.secrets``).
        hash_key: This installation's secret for pseudonyms; needed where an author is a private person.
        is_private: All authors of the source are private persons, also of answers that nobody can read.
    """

    def parsed_from(content: bytes) -> Parsed:
        return parse(content, url=url, http_status=http_status, fetched_at=fetched_at, ask=ask)  # fmt: skip

    parsed = parsed_from(body)
    kept = redaction.body(body, known=known)
    if kept != body:
        again = parsed_from(kept)
        if _reads_no_less(again, parsed):
            parsed = dataclasses.replace(again, next=parsed.next)
    persons = {
        record["author"]["id"]: privacy.pseudonym(record["author"]["id"], platform=record["platform"], key=hash_key)
        for record in parsed.records
        if record["kind"] in privacy.PRIVATE_KINDS
    }  # fmt: skip
    for raw, name in tuple(persons.items()):
        if raw == name and hash_key:
            # Listed before a crawl was killed, and hashed then: the page still shows the id.
            platform = next(str(each["platform"]) for each in parsed.records if each["author"]["id"] == raw)  # fmt: skip
            persons |= privacy.traces(kept.decode(errors="replace"), name, platform=platform, key=hash_key)  # fmt: skip
    persons = {raw: hidden for raw, hidden in persons.items() if raw != hidden}
    is_private = is_private or bool(parsed.records and all(record["kind"] in privacy.PRIVATE_KINDS for record in parsed.records))  # fmt: skip
    hidden = _without_ids(kept, persons)
    if is_private and hash_key:
        thorough = _without_persons(hidden, key=hash_key, platform=_platform(parsed))
        # A parser may need a field that looks as if it named a person: then ids alone are hidden.
        hidden = thorough if _reads_no_less(parsed_from(thorough), parsed) else hidden
    kept = hidden
    return Reading(parsed, kept)


def _platform(parsed: Parsed) -> str:
    """Whose names are hidden; without records any constant does, nothing has to match them."""
    return str(parsed.records[0]["platform"]) if parsed.records else "unread"


def _reads_no_less(again: Parsed, before: Parsed) -> bool:
    return again.fetch_status == before.fetch_status and len(again.records) >= len(before.records)  # fmt: skip


def _without_ids(body: bytes, persons: dict[str, str]) -> bytes:
    """Pseudonyms in the place of ids, quoted where a bare number stood in JSON."""
    for raw, hidden in sorted(persons.items()):
        # Looking first: compiling two patterns for an id that is not there was a twentieth of a crawl's time.
        if len(raw) < _SHORTEST_ID or raw.encode() not in body:
            continue
        whole = re.escape(raw.encode())
        body = re.sub(rb"([:\[,]\s*)" + whole + rb"(?=\s*[,}\]])", rb'\1"' + hidden.encode() + rb'"', body)  # fmt: skip
        body = re.sub(rb"(?<![\w-])" + whole + rb"(?![\w-])", hidden.encode(), body)
    return body


def _without_persons(body: bytes, *, platform: str, key: bytes) -> bytes:
    """Pseudonyms in the place of what names a person: in a JSON answer's objects, or as a page shows its author."""
    start = body.find(b"{")
    try:
        text = body[max(start, 0) :].decode()
        answer, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return _LOOSE.sub(rb'\1"h-"', _without_author(body, platform=platform, key=key))
    hidden = _hidden(answer, platform=platform, key=key, in_person=False)
    if hidden == answer:
        return body
    written = json.dumps(hidden, ensure_ascii=False)
    return body[:start] + written.encode(errors="surrogatepass") + text[end:].encode()


def _without_author(page: bytes, *, platform: str, key: bytes) -> bytes:
    """A page whose author, the first person that it shows, stands under a pseudonym everywhere between tags."""
    shown = _SHOWN.search(page)
    if shown is None:
        return page
    name = shown[2].decode(errors="replace")
    hidden = privacy.pseudonym(name, platform=platform, key=key).encode()
    return re.sub(
        rb"(>\s*)" + re.escape(shown[2]) + rb"(?=\s*<)", rb"\1" + hidden, page
    )


def _hidden(value: Any, *, platform: str, key: bytes, in_person: bool) -> Any:  # noqa: ANN401 (JSON has no narrower type)
    if isinstance(value, list):
        return [_hidden(part, platform=platform, key=key, in_person=in_person) for part in value]  # fmt: skip
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for name, part in value.items():
        is_named = (in_person and _NAMING.search(name)) or _IDS.fullmatch(name)
        is_name = is_named and isinstance(part, str | int) and not isinstance(part, bool)  # fmt: skip
        if is_name and len(str(part)) > 1:
            found[name] = privacy.pseudonym(str(part), platform=platform, key=key)
        else:
            inside = name in _PERSONS or (in_person and not isinstance(part, str))
            found[name] = _hidden(part, platform=platform, key=key, in_person=inside)
    return found
