"""What a QR code says, read as any text is: contacts and addresses in its payload.

In: decoded payloads. Out: contacts in them. Invariants: pure; a payload is read once however many posts show it; what
looks like an address is one, whatever stands around it; nothing is fetched.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from features import contacts, normalise
from features.engine import expressions
from features.indicators import canonical

#: Longer payloads are no contacts; a code holds up to 4,296 characters.
MOST_CHARACTERS: Final = 4_300
#: The whole payload is an address, so nothing was guessed.
PAGE_CONFIDENCE: Final = 0.98
_SCHEMA: Final = {
    "payload": pl.String,
    "kind": pl.String,
    "value": pl.String,
    "raw": pl.String,
    "confidence": pl.Float64,
}
#: Business cards: what stands for a line break, and lead-ins in the reader's words.
_CARD: Final = expressions.compiled(r"^(?:BEGIN:VCARD|MECARD:)", re.IGNORECASE)
_PAGE: Final = expressions.compiled(r"^https?://[^/?#\s]+/[^\s]+$", re.IGNORECASE)
#: A page named by a random token: its host is a service that makes codes for anybody, and says nothing of the owner.
_TOKEN: Final = expressions.compiled(
    r"^https?://[^?#\s]*/(?=[^/?#]*\d)(?=[^/?#]*[a-z])[0-9a-z_-]{8,}/?(?:[?#]\S*)?$",
    re.IGNORECASE,
)
#: An app's own scheme says nothing to a reader, but for the one that shows somebody's card.
_SCHEME: Final = expressions.compiled(
    r"^(?!https?:)[a-z][a-z0-9+.-]*://\S*$", re.IGNORECASE
)
_LEADS: Final = (
    (expressions.compiled(r"^weixin://contacts/profile/", re.IGNORECASE), "微信号:"),
    (
        expressions.compiled(r"^(?:TEL|CELL)[^:\n]*:", re.IGNORECASE | re.MULTILINE),
        "电话:",
    ),
    (expressions.compiled(r"^EMAIL[^:\n]*:", re.IGNORECASE | re.MULTILINE), "邮箱:"),
    (expressions.compiled(r"^URL[^:\n]*:", re.IGNORECASE | re.MULTILINE), "网址:"),
    (expressions.compiled(r"^mailto:", re.IGNORECASE | re.MULTILINE), "邮箱:"),
    (expressions.compiled(r"^(?:sms|smsto):", re.IGNORECASE | re.MULTILINE), "电话:"),
)


def contacts_in(payloads: pl.Series) -> pl.DataFrame:
    """Contacts in payloads.

    Args:
        payloads: Decoded texts; nulls and repeats are passed over.

    Returns:
        ``payload``, ``kind``, ``value`` (canonical), ``raw``, ``confidence``, sorted; one row per payload, kind and value.
    """
    rows: list[tuple[str, str, str, str, float]] = []
    for payload in payloads.drop_nulls().unique().sort():
        if len(payload) > MOST_CHARACTERS:
            continue
        if _PAGE.match(payload.strip()):
            # On a platform's own host the page is what says something: somebody's card, group or form.
            rows.append((payload, "url", payload.strip(), payload.strip(), PAGE_CONFIDENCE))  # fmt: skip
        is_service = _TOKEN.search(payload.strip()) is not None
        rows += [
            (payload, found.kind, found.value, found.raw, found.confidence)
            for found in contacts.find_contacts(normalise.normalise(_readable(payload)))
            if not (is_service and found.kind == "domain")
        ]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    value = pl.col("value")
    for kind in canonical.KINDS:
        value = (
            pl.when(pl.col("kind") == kind)
            .then(canonical.value_of(kind, pl.col("value")))
            .otherwise(value)
        )
    return (
        frame.with_columns(value.alias("value"))
        .filter(pl.col("value").is_not_null())
        .sort("payload", "kind", "value", "confidence", "raw", descending=[False, False, False, True, False])
        .unique(["payload", "kind", "value"], keep="first", maintain_order=True)
    )  # fmt: skip


def _readable(payload: str) -> str:
    """The payload as somebody would write it."""
    text = payload.strip()
    if _CARD.match(text):
        text = text.partition(":")[2] if text[:6].upper() == "MECARD" else text
        text = text.replace(";", "\n")
    for lead, words in _LEADS:
        text = lead.sub(words, text)
    return "" if _SCHEME.match(text) else text
