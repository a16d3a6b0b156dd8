"""The release as a STIX 2.1 bundle, for threat-intelligence platforms.

In: the release. Out: bundle bytes: who publishes, how it may be shared (TLP:AMBER and the intended use), one report that
names all active entries, one indicator per entry.

Invariants: ids are functions of the publisher and the entry id. Leaving is final in STIX, so an entry that left is told
as ``revoked`` for 30 days and its id never comes back: a re-listing has a new entry id. ``modified`` is the release's
``as_of``, because every release states each of its entries anew (confidence and validity follow the latest evidence).
Written as plain JSON, 40 times faster than through object classes; the tests hold every object against ``stix2``.

What is no account, host, address or mailbox has no STIX type of its own; it is matched as an account of that kind
(``user-account``) or, for registry entries and media, by the custom type ``x-puppetwatch-value``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from warehouse.watchlist import facts
from warehouse.watchlist.listing import rules

if TYPE_CHECKING:
    from datetime import datetime

#: The marking that STIX itself defines (STIX 2.1, section 7.2.1.4).
TLP_AMBER = {
    "type": "marking-definition",
    "spec_version": "2.1",
    "id": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "created": "2017-01-20T00:00:00.000Z",
    "definition_type": "tlp",
    "name": "TLP:AMBER",
    "definition": {"tlp": "amber"},
}

#: Kinds that are accounts of a service; the service is the kind.
_ACCOUNTS = ("wechat", "qq", "qq_group", "telegram", "phone")
_PATHS = {"domain": "domain-name", "url": "url", "email": "email-addr"}


def bundle(content: facts.Release) -> bytes:
    """``watchlist.stix.json``: one line, because indenting it costs more than making it."""
    told = content.facts
    entries = content.active().to_dicts()
    departed = content.departed().to_dicts()
    # Of everything ever listed, because the report's creation may never change.
    start = min(content.watchlist["listed_at"], default=told.as_of)
    publisher = {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{told.uuid('stix', 'publisher')}",
        "created": TLP_AMBER["created"],
        "modified": TLP_AMBER["created"],
        "name": told.publisher,
        "identity_class": "organization",
        "description": told.appeal,
    }
    use = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{told.uuid('stix', 'use', told.intended_use)}",
        "created": TLP_AMBER["created"],
        "created_by_ref": publisher["id"],
        "definition_type": "statement",
        "definition": {"statement": told.intended_use},
    }
    common = {
        "spec_version": "2.1",
        "created_by_ref": publisher["id"],
        "object_marking_refs": [TLP_AMBER["id"], use["id"]],
    }
    indicators = [_indicator(row, content, common) for row in entries]
    report = {
        "type": "report",
        **common,
        "id": f"report--{told.uuid('stix', 'watchlist')}",
        "created": _time(start),
        "modified": _time(told.as_of),
        "name": _title(told),
        "description": f"Release {content.release_id}, valid until {facts.shown(told.valid_until)}.",
        "report_types": ["indicator"],
        "published": _time(told.as_of),
        "object_refs": [row["id"] for row in indicators] or [publisher["id"]],
    }
    said = {
        "type": "bundle",
        "id": f"bundle--{told.uuid('stix', content.release_id)}",
        "objects": [
            publisher,
            TLP_AMBER,
            use,
            report,
            *indicators,
            *(_indicator(row, content, common) for row in departed),
        ],
    }
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


def pattern(entity: str, value: str) -> str:
    """The STIX pattern that matches an entry."""
    if entity in {rules.SELLER, "account"}:
        platform, _, native = value.partition(":")
        name = "user_id" if entity == rules.SELLER else "account_login"
        return f"[user-account:account_type = {_quoted(platform)} AND user-account:{name} = {_quoted(native)}]"
    if entity in _ACCOUNTS:
        return f"[user-account:account_type = {_quoted(entity)} AND user-account:account_login = {_quoted(value)}]"
    if entity in _PATHS:
        return f"[{_PATHS[entity]}:value = {_quoted(value)}]"
    return f"[x-puppetwatch-value:kind = {_quoted(entity)} AND x-puppetwatch-value:value = {_quoted(value)}]"


def _indicator(
    row: dict[str, Any], content: facts.Release, common: dict[str, Any]
) -> dict[str, Any]:
    told = content.facts
    left_at: datetime | None = row.get("left_at")
    until = row["expires_at"]
    if left_at is not None and row["listed_at"] < left_at < until:
        until = left_at
    labels = [f"reason:{code}" for code in row["reasons"]]
    if row["network_id"] is not None:
        labels.append(f"network:{row['network_id']}")
    said = {
        "type": "indicator",
        **common,
        "id": f"indicator--{told.uuid('stix', row['entry_id'])}",
        "created": _time(row["listed_at"]),
        "modified": _time(max(left_at or told.as_of, row["listed_at"])),
        "name": f"{row['entity']} {row['value']}",
        "description": (
            f"{row['display_name'] or row['value']}: a reason to look, {row['evidence_count']} posts support it. "
            "Not a finding of fraud."
        ),
        "indicator_types": ["anomalous-activity"],
        "pattern": pattern(row["entity"], row["value"]),
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": _time(row["listed_at"]),
        "valid_until": _time(until),
        "labels": labels,
        "external_references": [
            {
                "source_name": f"{told.publisher} watchlist evidence",
                "external_id": row["entry_id"],
                "description": f"Digest over the ids and text digests of {row['evidence_count']} posts.",
                "hashes": {"SHA-256": row["evidence_sha256"]},
            }
        ],
    }
    if left_at is not None:
        said["revoked"] = True
    if row["scam_probability"] is not None:
        said["confidence"] = round(row["scam_probability"] * 100)
    return said


def _title(told: facts.Facts) -> str:
    kind = "invented sandbox data" if told.is_sandbox else "agency-fee solicitation"
    return f"{told.publisher} watchlist: {kind}"


def _quoted(text: str) -> str:
    """A string of the STIX pattern language."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _time(moment: datetime) -> str:
    """STIX times have three or more digits of a second (RFC 3339)."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
