"""How fast each source's answers become records: the sandbox's answers in their true shapes, read in one process.

Processor seconds are counted, since the machine may be shared; two cores read twice as much, as sources are read in
processes of their own.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawlers.files import drops as saved
from crawlers.sandbox import market
from crawlers.sandbox.platforms import apis, web
from crawlers.sources import authorised, catalogue

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = EPOCH + timedelta(days=50)
#: Of issue 3: records a second on two cores, averaged over sources.
GOAL = 5_000
#: Processor seconds for each source.
_SECONDS = 1.0


def run(scale: float = 1.0) -> dict[str, object]:
    """Read every source's answers again and again for a second.

    Returns:
        Records a second on two cores of each source, and their mean.
    """
    load = os.getloadavg()[0]
    figures: dict[str, object] = {}
    speeds = []
    for source, answers in sorted(_answers(scale).items()):
        parse = catalogue.SOURCES[source].parse
        records, began = 0, time.process_time()
        while time.process_time() - began < _SECONDS:
            for url, body in answers:
                records += len(parse(body, url=url, http_status=200, fetched_at=AS_OF, ask=None).records)  # fmt: skip
        speed = 2 * records / (time.process_time() - began)
        speeds.append(speed)
        figures[source] = round(speed)
    mean = sum(speeds) / len(speeds)
    return {**figures, "mean": round(mean), "goal_reached": mean >= GOAL, "load_average": round(load, 1)}  # fmt: skip


def _answers(scale: float) -> dict[str, list[tuple[str, bytes]]]:
    """Answers with records by source: what may be asked, and what people drop."""
    built = market.build(3, epoch=EPOCH, days=49, scale=scale, platforms=web.PLATFORMS)
    shown = web.Platforms(built.records, as_of=AS_OF)
    found: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
    for job in shown.jobs("http://127.0.0.1:1"):
        source = job["source"]
        for start in job["start"]:
            url = start if isinstance(start, str) else start["url"]
            found[source].append((url, _asked(shown, source, url)))
            if source == "heimao":
                read = catalogue.SOURCES[source].parse(found[source][-1][1], url=url, http_status=200, fetched_at=AS_OF, ask=None)  # fmt: skip
                found[source] += [(ask.url, _asked(shown, source, ask.url)) for ask in read.next if ask.listed]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for source, path in shown.write_drops(Path(folder)).items():
            answers = saved.read(path, name="x", source=source, parse=catalogue.SOURCES[source].parse, imported_at=AS_OF, hash_key=b"k")  # fmt: skip
            found[source] += [(each.url, each.received) for each in answers if each.parsed.records]  # fmt: skip
    return found


def _asked(shown: web.Platforms, source: str, url: str) -> bytes:
    authority = authorised.AUTHORITIES.get(source)
    if authority is None:
        parts = urlsplit(url)
        return shown.answer(parts.hostname or "", unquote(parts.path), parts.query).body
    token, wire = None, authority.token_wire(url, apis.KEYS)
    if wire:
        parts = urlsplit(wire.url)
        token = authority.read_token(shown.answer(parts.hostname or "", parts.path, parts.query, headers=wire.headers, body=wire.body).body).value  # fmt: skip
    wire = authority.wire(url, apis.KEYS, token=token, now=AS_OF)
    parts = urlsplit(wire.url)
    return shown.answer(parts.hostname or "", parts.path, parts.query, headers=wire.headers, body=wire.body).body  # fmt: skip
