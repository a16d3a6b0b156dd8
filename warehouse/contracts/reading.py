"""What was read from texts: documents, signals, amounts, contacts, stances, sightings."""

from __future__ import annotations

from warehouse.contracts.columns import COUNT, FLAG, MONEY, REAL, TEXT, TIME
from warehouse.contracts.shape import Contract

#: One row per distinct (title, text) pair. A post's document, or a profile's (title = name, text = bio).
DOCUMENTS = Contract(
    "documents", {"doc_id": TEXT, "title": TEXT, "text": TEXT}, ("doc_id",)
)

#: Document × trope × span. ``field`` is ``title`` or ``text``; spans are offsets in that field.
DOC_SIGNALS = Contract(
    "core.doc_signals",
    {
        "doc_id": TEXT,
        "signal": TEXT,
        "voice": TEXT,
        "field": TEXT,
        "span_text": TEXT,
        "span_start": COUNT,
        "span_end": COUNT,
    },
    ("doc_id", "signal", "field", "span_start", "span_end"),
)

#: Document × amount.
DOC_AMOUNTS = Contract(
    "core.doc_amounts",
    {
        "doc_id": TEXT,
        "yuan": MONEY,
        "yuan_max": MONEY,
        "is_approximate": FLAG,
        "role": TEXT,
        "period": TEXT,
        "voice": TEXT,
        "field": TEXT,
        "span_text": TEXT,
        "span_start": COUNT,
        "span_end": COUNT,
    },
    ("doc_id", "field", "span_start", "span_end"),
)

#: Document × contact. ``ownership`` is what the wording alone says: ``own`` or ``mentioned``.
DOC_CONTACTS = Contract(
    "core.doc_contacts",
    {
        "doc_id": TEXT,
        "kind": TEXT,
        "value": TEXT,
        "raw": TEXT,
        "field": TEXT,
        "ownership": TEXT,
        "confidence": REAL,
        "span_start": COUNT,
        "span_end": COUNT,
    },
    ("doc_id", "kind", "value", "field", "span_start", "span_end"),
)

#: One row per document: what its wording alone says of its stance, as log-odds per stance (higher is likelier).
DOC_STANCES = Contract(
    "core.doc_stances",
    {
        "doc_id": TEXT,
        "is_on_topic": FLAG,
        "offer": REAL,
        "vendor": REAL,
        "report": REAL,
        "complaint": REAL,
        "other": REAL,
    },
    ("doc_id",),
)

#: One row per post current at ``as_of``; (post_id, crawled_at) names the version in raw.posts.
POST_READS = Contract(
    "core.post_reads",
    {
        "post_id": TEXT,
        "crawled_at": TIME,
        "first_crawled_at": TIME,
        "doc_id": TEXT,
        "stance": TEXT,
        "stance_probability": REAL,
        "is_on_topic": FLAG,
        "template_id": TEXT,
    },
    ("post_id",),
)

SIGNALS = Contract(
    "core.signals",
    {
        "post_id": TEXT,
        "seller_id": TEXT,
        "signal": TEXT,
        "voice": TEXT,
        "field": TEXT,
        "span_text": TEXT,
        "span_start": COUNT,
        "span_end": COUNT,
    },
    ("post_id", "signal", "field", "span_start", "span_end"),
)

AMOUNTS = Contract(
    "core.amounts",
    {
        "post_id": TEXT,
        "seller_id": TEXT,
        "yuan": MONEY,
        "yuan_max": MONEY,
        "is_approximate": FLAG,
        "role": TEXT,
        "period": TEXT,
        "voice": TEXT,
        "field": TEXT,
        "span_text": TEXT,
        "span_start": COUNT,
        "span_end": COUNT,
    },
    ("post_id", "field", "span_start", "span_end"),
)

#: Post or profile × indicator. ``post_id`` is null for a profile.
SIGHTINGS = Contract(
    "core.sightings",
    {
        "post_id": TEXT,
        "seller_id": TEXT,
        "kind": TEXT,
        "value": TEXT,
        "raw": TEXT,
        "field": TEXT,
        "ownership": TEXT,
        "confidence": REAL,
        "seen_at": TIME,
    },
    (),
)

#: Pictures that were dropped beside records, by what records name them with.
PICTURES = Contract(
    "core.pictures",
    {"address": TEXT, "phash": TEXT, "qr": TEXT, "seen_at": TIME},
    ("address",),
)
