"""The release as a MISP feed: a directory that a MISP instance fetches, and two warninglists.

In: the release. Out: ``manifest.json`` (which events there are), one event file, ``hashes.csv`` (MD5 of every value, for
the instance's quick look-up), and ``warninglists/``: numbers and hosts that belong to everybody.

Invariants: the event has one uuid for as long as the list exists, and each attribute that of its entry, so an instance
updates what it has instead of collecting copies. Entries that left are told as ``deleted`` for 30 days. No attribute is
for automatic detection (``to_ids``), because a person has to look first. Values of one type are unique in the event, as
MISP demands: what has no MISP type of its own is written ``kind:value``.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from warehouse.watchlist import facts
from warehouse.watchlist.listing import rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: MISP type and category of kinds that have one.
_NATIVE = {
    "phone": ("phone-number", "Other"),
    "email": ("email", "Network activity"),
    "domain": ("domain", "Network activity"),
    "url": ("url", "Network activity"),
}
_SOCIAL = (rules.SELLER, "account", "wechat", "qq", "qq_group", "telegram")

#: Warninglists by kind of value: file name, title, how MISP matches, which attributes.
_WARNINGLISTS = {
    "phone": ("hotlines", "public hotlines and service numbers", "string", ["phone-number"]),
    "domain": ("platforms", "platforms, link shorteners and site builders", "hostname", ["domain", "hostname", "url", "domain|ip"]),
}  # fmt: skip


def feed(content: facts.Release) -> dict[str, bytes]:
    """Files of the feed by path under ``misp/``."""
    told = content.facts
    uuid = told.uuid("misp", "event")
    now = _epoch(told.as_of)
    active = [_attribute(row, told, now) for row in content.rows]
    gone = content.departed()
    departed = [
        _attribute(row, told, _epoch(left_at)) | {"deleted": True}
        for row, left_at in zip(facts.rows(gone), gone["left_at"], strict=True)
    ]
    head = {
        "Orgc": {"name": told.publisher, "uuid": told.uuid("misp", "organisation")},
        "Tag": [{"name": "tlp:amber", "colour": "#ffc000"}],
        "info": _info(told),
        "date": f"{told.as_of:%Y-%m-%d}",
        "analysis": "2",  # completed
        "threat_level_id": "4",  # undefined: a listing is no finding
        "timestamp": now,
    }
    event = {
        "uuid": uuid,
        "published": True,
        "publish_timestamp": now,
        **head,
        "Attribute": [*active, *departed],
    }
    hashes = sorted({hashlib.md5(row["value"].encode(), usedforsecurity=False).hexdigest() for row in active})  # fmt: skip
    files = {
        "manifest.json": _json({uuid: head}),
        f"{uuid}.json": _json({"Event": event}),
        "hashes.csv": "".join(f"{digest},{uuid}\n" for digest in hashes).encode(),
    }
    for kind, values in sorted(told.public_values.items()):
        name, title, match, attributes = _WARNINGLISTS[kind]
        files[f"warninglists/{name}/list.json"] = _json(
            _warninglist(title, match, attributes, values, told)
        )
    return files


def _attribute(row: dict[str, Any], told: facts.Facts, changed: str) -> dict[str, Any]:
    """An active entry, a row as from ``facts.rows``; MISP knows times to the second."""
    entity, value = row["entity"], row["value"]
    native = _NATIVE.get(entity)
    social = "Social network" if entity in _SOCIAL else "Other"
    kind, category = native or ("text", social)
    listed, seen = row["listed_at"][:19], row["last_seen_at"][:19]
    return {
        "uuid": told.uuid("misp", row["entry_id"]),
        "type": kind,
        "category": category,
        "value": value if native or entity == rules.SELLER else f"{entity}:{value}",
        "to_ids": False,
        "disable_correlation": False,
        "deleted": False,
        "timestamp": changed,
        "first_seen": f"{min(listed, seen)}Z",
        "last_seen": f"{seen}Z",
        "comment": _comment(row),
    }


def _comment(row: dict[str, Any]) -> str:
    parts = [
        row["entry_id"],
        row["entity"],
        row["display_name"] or "",
        f"network {row['network_id']}" if row["network_id"] else "",
        f"reasons {', '.join(row['reasons'])}",
        f"evidence {row['evidence_count']} posts, sha256 {row['evidence_sha256']}",
        f"drop after {row['expires_at'][:10]}",
    ]
    return "; ".join(part for part in parts if part)


def _info(told: facts.Facts) -> str:
    kind = "invented sandbox data" if told.is_sandbox else "agency-fee solicitation"
    return f"{told.publisher} watchlist: {kind}, for review only"


def _warninglist(
    title: str,
    match: str,
    attributes: Sequence[str],
    values: Sequence[str],
    told: facts.Facts,
) -> dict[str, Any]:
    return {
        "name": f"{told.publisher}: {title}",
        "description": f"Values that belong to everybody ({title}); they identify no seller.",
        "version": int(f"{told.as_of:%Y%m%d}"),
        "type": match,
        "matching_attributes": list(attributes),
        "list": sorted(set(values)),
    }


def _epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _json(said: dict[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
