"""The release as FollowTheMoney entities, for investigation tools (Aleph, OpenAleph, OpenSanctions' matchers).

In: the release. Out: one entity a line, as ``ftm`` commands read them: per entry its subject (``UserAccount`` for accounts
and contacts, ``Company`` for companies, registrations and sites) and a ``Risk`` with reasons and dates; per network an
``Organization`` and an ``UnknownLink`` from each member.

Invariants: ids are functions of the publisher and of what they name. The topic is ``poi`` and never a crime: a listing is
a reason to look. Values are what the library itself would keep: no control characters, no more than its lengths. Written
without the library, which has to be compiled; the tests read every line back with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from warehouse.watchlist.listing import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.watchlist import facts

_COMPANY_KINDS = ("company", "uscc", "icp", "police_filing", "domain", "url", "shop")
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]+")

#: The check character of a 统一社会信用代码 (GB 32100-2015): digits, letters without I O S V Z, weights 3^i mod 31.
_CODE = re.compile(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}")
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

#: Longest values by property type (``followthemoney.types``).
_LONGEST = {
    "name": 384,
    "registrationNumber": 64,
    "summary": 65_000,
    "description": 65_000,
    "reason": 65_000,
}
_STRING = 1024


def entities(content: facts.Release) -> bytes:
    """``entities.ftm.json``: JSON lines, subjects and risks by entry, then networks."""
    lines = (
        orjson.dumps(entity, option=orjson.OPT_APPEND_NEWLINE)
        for entity in _entities(content)
    )
    return b"".join(lines)


def _entities(content: facts.Release) -> Iterator[dict[str, Any]]:
    told = content.facts
    networks: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for row in content.rows:
        subject = f"pw-subject-{told.uuid('ftm', row['entity'], row['value'])}"
        yield _entity(subject, *_subject(row))
        risk = _risk(told, content, subject, row)
        yield _entity(f"pw-risk-{row['entry_id']}", "Risk", risk)
        if row["network_id"] is not None:
            networks.setdefault(row["network_id"], []).append((subject, row))
    for network_id, members in sorted(networks.items()):
        ring = f"pw-network-{told.uuid('ftm', 'network', network_id)}"
        said = {
            "name": f"network {network_id}",
            "classification": "network of accounts",
            "summary": "Accounts and contacts that a watchlist joins; not a registered organization.",
        }
        yield _entity(ring, "Organization", said)
        for subject, row in members:
            link = {
                "subject": subject,
                "object": ring,
                "role": "member of the network",
                "startDate": row["listed_at"],
                "publisher": told.publisher,
            }
            yield _entity(f"pw-link-{row['entry_id']}", "UnknownLink", link)


def _subject(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    entity, value = row["entity"], row["value"]
    name = row["display_name"] or value
    if entity in _COMPANY_KINDS:
        site = value if entity == "url" else f"http://{value}/"
        said: dict[str, Any] = {
            "name": value if entity == "company" else name,
            "country": "cn" if entity in {"company", "uscc"} else None,
            "uscCode": value if entity == "uscc" and _is_code(value) else None,
            "registrationNumber": value if entity in {"uscc", "icp", "police_filing"} else None,
            "website": site if entity == "domain" or value.startswith("http") else None,
            "keywords": entity,
        }  # fmt: skip
        return "Company", said
    service, login = entity, value
    if entity in {rules.SELLER, "account"}:
        service, _, login = value.partition(":")
    said = {
        "username": login,
        "service": service,
        "name": name,
        "email": value if entity == "email" else None,
        "phone": f"+86{value}" if _is_mobile(entity, value) else None,
        "keywords": entity,
    }
    return "UserAccount", said


def _is_code(value: str) -> bool:
    """Whether a code fits its check character; the library refuses others."""
    if not _CODE.fullmatch(value):
        return False
    total = sum(
        _DIGITS.index(sign) * pow(3, place, 31) for place, sign in enumerate(value[:17])
    )
    return _DIGITS[-total % 31] == value[17]


def _is_mobile(entity: str, value: str) -> bool:
    return entity == "phone" and re.fullmatch(r"1[3-9][0-9]{9}", value) is not None


def _risk(
    told: facts.Facts, content: facts.Release, subject: str, row: dict[str, Any]
) -> dict[str, Any]:
    probability = row["scam_probability"]
    score = "" if probability is None else f"probability {probability:.2f}, "
    return {
        "entity": subject,
        "topics": "poi",
        "reason": list(row["reasons"]),
        "status": row["status"],
        "listingDate": row["listed_at"],
        "startDate": row["listed_at"],
        "endDate": row["expires_at"],
        "publisher": told.publisher,
        "recordId": row["entry_id"],
        "program": f"{told.publisher} watchlist {content.release_id}",
        "summary": f"{score}{row['evidence_count']} posts, evidence sha256 {row['evidence_sha256']}.",
        "description": "A reason for a person to look, not a finding of fraud.",
    }


def _entity(identity: str, schema: str, said: dict[str, Any]) -> dict[str, Any]:
    properties = {}
    for name, value in said.items():
        if isinstance(value, list):
            clean = [_clean(name, text) for text in value]
            properties[name] = [text for text in clean if text]
        elif value is not None:
            properties[name] = [text] if (text := _clean(name, value)) else []
        if not properties.get(name, True):
            del properties[name]
    return {"id": identity, "schema": schema, "properties": properties}


def _clean(name: str, text: str) -> str:
    longest = _LONGEST.get(name, _STRING)
    if name in {"startDate", "endDate", "listingDate"}:
        return text[:19]  # FollowTheMoney knows no fractions and no zones; UTC is meant
    if text.isprintable() and "  " not in text:  # nearly all: nothing to take out
        return text[:longest].strip()
    return " ".join(_NOT_TEXT.sub(" ", text).split())[:longest].strip()
