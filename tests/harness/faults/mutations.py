"""Answers as nobody meant to send them: recorded ones, damaged in every way that a wire, a redesign or malice knows.

In: the recorded answers of tests/fixtures/pages and a seed. Out: an endless, repeatable sequence of ``Mutant``; ``check``
reads one as a crawl or a drop reads it and says what became of it. Damage: bytes flipped, cut out, doubled and spliced in
from other answers; JSON values swapped for other kinds, renamed, repeated, nested; another encoding, another HTTP status;
and one of a list of things that have broken readers before.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawlers import items
from crawlers.archive import answers
from crawlers.records import values
from crawlers.sources import catalogue
from crawlers.sources.parsed import FETCH_STATUSES, Ask

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
KEY = b"a key for tests only"
#: What one answer may take of a processor.
LIMIT_SECONDS = 1.0
#: Longer answers are cut.
MOST_BYTES = 2_000_000

#: Values that a field never has.
_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 1e308, "", " ", "0", "null", "1.2万", "-5", "２０２６年", [], {}, [[]], [None], {"": ""}, "\u0000",
    "\ud83d", "<b>", "a" * 5000, "9" * 400, "http://[", "//", "2026-99-99", "\u202e", [1, "a", None], {"id": {"id": []}},
)  # fmt: skip
#: What has broken readers before; repeated some hundred times.
_HOSTILE: tuple[bytes, ...] = (
    b"<a ", b"<", b"&#1", b"&x", b"<![CDATA[", b"<!--", b'<div class="', b"[", b'{"a":', b"{", b'"', b"\\", b"\x00", b"\xff\xfe",
    b"<item>", b"<entry>", b"<category>a</category>", b'<x:y xmlns:x="u">', b"<script>var a = '", b"var ct = ", b"9", b"0x", b"\xe4",
    b"\xed\xa0\x80", b"<table><tr><td>", b"<p>", b"</p>", b"=", b"%E6", b"@", b"#", b",", b"\n", b"\r\n", b"PK\x03\x04", b"\x1f\x8b",
    "数字人".encode(), "招商加盟".encode(), b"https://a.example/?token=", b"1:", b"2026-", b"<em>", b"1 ", b"(((", b"ID_1,",
)  # fmt: skip
_STATUSES = (None, 200, 204, 301, 304, 400, 401, 403, 404, 418, 429, 451, 500, 503, 567)


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One answer: whose it is said to be, where it came from, and how it was made."""

    source: str
    url: str
    http_status: int | None
    body: bytes
    ask: Ask | None
    recipe: str


@dataclasses.dataclass(frozen=True)
class _Sample:
    source: str
    url: str
    http_status: int | None
    body: bytes
    ask: Ask | None


def samples() -> list[_Sample]:
    """Every recorded answer, in the order of their names."""
    found = []
    for meta in sorted(PAGES.glob("*/*/meta.json")):
        told = json.loads(meta.read_text(encoding="utf-8"))
        (page,) = meta.parent.glob("input.*")
        ask = Ask(told["url"], feed_id=told.get("feed_id"), listed=told.get("listed"))
        found.append(_Sample(meta.parts[-3], told["url"], told["http_status"], page.read_bytes(), ask))  # fmt: skip
    return found


def mutants(seed: int) -> Iterator[Mutant]:
    """Damaged answers without end; the same seed gives the same ones."""
    rng = random.Random(seed)
    known = samples()
    while True:
        sample = rng.choice(known)
        body, recipe = sample.body, []
        for _ in range(1 + int(rng.random() * 3)):
            damage = rng.choice(_DAMAGES)
            body = damage(rng, body, known)[:MOST_BYTES]
            recipe.append(damage.__name__.strip("_"))
        status = rng.choice(_STATUSES) if rng.random() < 0.1 else sample.http_status
        # A twentieth is said to be another source's.
        source = rng.choice(known).source if rng.random() < 0.05 else sample.source
        ask = sample.ask if rng.random() < 0.5 else None
        yield Mutant(source, sample.url, status, body, ask, "+".join(recipe))


def check(mutant: Mutant) -> str:
    """Read a mutant as a crawl would; its fetch status.

    Raises:
        AssertionError: it is not accounted for, or took too long. Any other exception has escaped a reader.
    """
    source = catalogue.SOURCES[mutant.source]
    began = time.process_time()
    parsed, kept = answers.read(
        source.parse,
        mutant.body,
        url=mutant.url,
        http_status=mutant.http_status,
        fetched_at=AT,
        ask=mutant.ask,
        hash_key=KEY,
        is_private=source.is_private,
    )
    seconds = time.process_time() - began
    assert isinstance(kept, bytes)
    assert parsed.fetch_status in FETCH_STATUSES, parsed.fetch_status
    assert parsed.records or parsed.reason, "neither records nor a reason"
    assert parsed.fetch_status in {"ok", "schema_drift"} or not parsed.records
    for reject in parsed.rejects:
        assert reject.field, "a reject without a field"
        assert reject.reason, "a reject without a reason"
    for record in parsed.records:
        try:
            values.storable_size(record)
            items.parse_record(record, source=mutant.source, imported_at=AT, hash_key=KEY)  # fmt: skip
        except values.RecordError as error:
            # The loader refuses it, with a row of its own.
            assert error.reason  # noqa: PT017 (any other error escapes)
    assert seconds < LIMIT_SECONDS, f"took {seconds:.2f} s"
    return parsed.fetch_status


# ---------------------------------------------------------------- damage


def _span(rng: random.Random, body: bytes) -> tuple[int, int]:
    start = int(rng.random() * (len(body) + 1))
    return start, min(len(body), start + int(rng.random() ** 3 * (len(body) + 1)))


def _flip(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    changed = bytearray(body)
    for _ in range(1 + int(rng.random() * 20)):
        if changed:
            changed[int(rng.random() * len(changed))] = int(rng.random() * 256)
    return bytes(changed)


def _cut_out(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    start, end = _span(rng, body)
    return body[:start] + body[end:]


def _cut_off(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    return body[: int(rng.random() * (len(body) + 1))]


def _doubled(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    start, end = _span(rng, body)
    times = 2 + int(rng.random() ** 4 * 200)
    return body[:start] + body[start:end] * times + body[end:]


def _spliced(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    other = rng.choice(known).body
    start, end = _span(rng, other)
    place = int(rng.random() * (len(body) + 1))
    return body[:place] + other[start:end] + body[place:]


def _hostile(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    place = int(rng.random() * (len(body) + 1))
    times = int(10 ** (rng.random() * (5 if rng.random() < 0.05 else 3)))
    return body[:place] + rng.choice(_HOSTILE) * times + body[place:]


def _recoded(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    text = body.decode("utf-8", errors="replace")
    name = rng.choice(("gb18030", "utf-16", "utf-16-be", "utf-8-sig", "big5", "latin-1", "utf-32"))  # fmt: skip
    return text.encode(name, errors="replace")


def _restructured(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    """A JSON answer with some of its values changed; any other body has its digits or names changed."""
    start, end = body.find(b"{"), body.rfind(b"}") + 1
    try:
        answer = json.loads(body[start:end])
    except (ValueError, RecursionError):
        return _renamed(rng, body, known)
    for _ in range(1 + int(rng.random() * 4)):
        _change(rng, answer)
    text = json.dumps(answer, ensure_ascii=rng.random() < 0.5)
    return body[:start] + text.encode(errors="surrogatepass") + body[end:]


def _change(rng: random.Random, answer: Any) -> None:
    """Change one value somewhere inside, in place."""
    node = answer
    while True:
        if not isinstance(node, dict | list) or not node:
            return
        name = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
        inner = node[name]
        if isinstance(inner, dict | list) and inner and rng.random() < 0.85:
            node = inner
            continue
        roll = rng.random()
        if roll < 0.5:
            node[name] = copy.deepcopy(rng.choice(_ODD))
        elif roll < 0.65 and isinstance(node, dict):
            node[f"{name}_v9"] = node.pop(name)
        elif roll < 0.75 and isinstance(node, dict):
            del node[name]
        elif roll < 0.85 and isinstance(node, list):
            node.extend(
                json.loads(json.dumps(inner))
                for _ in range(int(10 ** (rng.random() * 2.5)))
            )
        elif roll < 0.95:
            node[name] = _nested(rng, inner)
        else:
            node[name] = json.dumps(inner)
        return


def _nested(rng: random.Random, inner: Any) -> Any:
    for _ in range(int(rng.random() * 200)):
        inner = [inner] if rng.random() < 0.5 else {"a": inner}
    return inner


def _renamed(rng: random.Random, body: bytes, known: list[_Sample]) -> bytes:
    words = [word for word in (b"item", b"title", b"id", b"class", b"div", b"data", b"link", b"time", b"0", b"1", b"2") if word in body]  # fmt: skip
    return body.replace(rng.choice(words), rng.choice((b"", b"x9", b"9" * 30, b"<", b'"'))) if words else body  # fmt: skip


_DAMAGES: tuple[Callable[[random.Random, bytes, list[_Sample]], bytes], ...] = (
    _flip, _cut_out, _cut_off, _doubled, _spliced, _hostile, _recoded, _restructured, _restructured, _restructured, _renamed,
)  # fmt: skip
