"""The frames that stages hand to each other: names, column order and types, grain.

What goes in or out of a stage is checked against one of these. Times are UTC, money is Decimal yuan, probabilities are
0–1, ids are strings. A frame with the right columns and no rows is always valid: empty in, empty out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping

TIME = pl.Datetime("us", "UTC")
MONEY = pl.Decimal(18, 2)
TEXT = pl.String()
REAL = pl.Float64()
COUNT = pl.Int64()
FLAG = pl.Boolean()
TEXTS = pl.List(pl.String())
HASH = pl.UInt64()
HASHES = pl.List(pl.UInt32())
BYTES = pl.Binary()

MEDIA = pl.List(
    pl.Struct(
        {
            "url": TEXT,
            "kind": TEXT,
            "sha256": TEXT,
            "phash": TEXT,
            "ocr": TEXT,
            "qr": TEXT,
        }
    )
)
IDENTIFIERS = pl.List(pl.Struct({"kind": TEXT, "value": TEXT, "field": TEXT}))
EDGE_EVIDENCE = pl.List(pl.Struct({"kind": TEXT, "value": TEXT, "weight": REAL}))


@dataclass(frozen=True, slots=True)
class Contract:
    """A frame's promised shape.

    Attributes:
        name: The table it is stored in, ``schema.table``.
        columns: Column name to Polars type, in order.
        key: Columns that are never null and together identify a row.
    """

    name: str
    columns: Mapping[str, pl.DataType]
    key: tuple[str, ...]

    def empty(self) -> pl.DataFrame:
        """A frame of this shape without rows."""
        return pl.DataFrame(schema=dict(self.columns))

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame unchanged if it has exactly this shape.

        Raises:
            ContractError: columns are missing, extra, out of order or of another type, a key is null or twice there.
        """
        expected = dict(self.columns)
        found = dict(frame.schema)
        if list(found) != list(expected):
            missing = [name for name in expected if name not in found]
            extra = [name for name in found if name not in expected]
            message = f"{self.name}: expected columns {list(expected)}; missing {missing}, extra {extra}, or out of order."
            raise ContractError(message)
        wrong = {
            name: (expected[name], found[name])
            for name in expected
            if expected[name] != found[name]
        }
        if wrong:
            message = (
                f"{self.name}: columns of another type (expected, found): {wrong}."
            )
            raise ContractError(message)
        for column in self.key:
            nulls = frame[column].null_count()
            if nulls:
                message = f"{self.name}: {nulls} of {frame.height} rows have no {column}, which is part of the key."
                raise ContractError(message)
        if self.key and frame.select(self.key).is_duplicated().any():
            twice = (
                frame.filter(frame.select(self.key).is_duplicated())
                .select(self.key)
                .row(0)
            )
            message = (
                f"{self.name}: key {self.key} = {twice} stands in more than one row."
            )
            raise ContractError(message)
        return frame


# ---------------------------------------------------------------- collected

#: One row per post and crawl of it (a version). Flattened import record; ``post_id`` is ``platform:native``.
RAW_POSTS = Contract(
    "raw.posts",
    {
        "post_id": TEXT,
        "crawled_at": TIME,
        "platform": TEXT,
        "kind": TEXT,
        "seller_id": TEXT,
        "source": TEXT,
        "url": TEXT,
        "transport": TEXT,
        "query": TEXT,
        "published_at": TIME,
        "published_precision": TEXT,
        "title": TEXT,
        "text": TEXT,
        "text_truncated": FLAG,
        "parent_id": TEXT,
        "repost_of": TEXT,
        "author_id_kind": TEXT,
        "author_handle": TEXT,
        "author_name": TEXT,
        "author_bio": TEXT,
        "author_url": TEXT,
        "author_verified": TEXT,
        "author_verified_raw": TEXT,
        "author_followers": COUNT,
        "author_following": COUNT,
        "author_posts": COUNT,
        "author_created_at": TIME,
        "author_region": TEXT,
        "hashtags": TEXTS,
        "mentions": TEXTS,
        "links": TEXTS,
        "live_is_live": FLAG,
        "live_room_id": TEXT,
        "media": MEDIA,
        "views": COUNT,
        "likes": COUNT,
        "comments": COUNT,
        "shares": COUNT,
        "collects": COUNT,
        "sales": COUNT,
        "listing_price_yuan": MONEY,
        "listing_sales_text": TEXT,
        "listing_shop_id": TEXT,
        "listing_shop_name": TEXT,
        "listing_company": TEXT,
        "listing_uscc": TEXT,
        "listing_is_promoted": FLAG,
        "complaint_target": TEXT,
        "complaint_target_id": TEXT,
        "complaint_amount_yuan": MONEY,
        "complaint_issues": TEXTS,
        "complaint_demand": TEXT,
        "complaint_status": TEXT,
        "ad_advertiser": TEXT,
        "ad_payer": TEXT,
        "ad_first_shown": TIME,
        "ad_last_shown": TIME,
        "identifiers": IDENTIFIERS,
        "evidence_sha256": TEXT,
        "extra": TEXT,
    },
    ("post_id", "crawled_at"),
)

#: One row per rejected record. ``line`` counts from 1; null where the source has no lines.
REJECTS = Contract(
    "core.rejects",
    {
        "source": TEXT,
        "file": TEXT,
        "line": COUNT,
        "field": TEXT,
        "reason": TEXT,
        "seen_at": TIME,
        "run_id": TEXT,
    },
    (),
)

#: One row per request or dropped file.
FETCHES = Contract(
    "core.fetches",
    {
        "source": TEXT,
        "url_or_file": TEXT,
        "fetch_status": TEXT,
        "http_status": COUNT,
        "record_count": COUNT,
        "reject_count": COUNT,
        "reason": TEXT,
        "fetched_at": TIME,
        "run_id": TEXT,
    },
    (),
)

#: One row per archived answer; kept as a tombstone once its file is gone (``erased_at``).
EVIDENCE = Contract(
    "core.evidence",
    {
        "sha256": TEXT,
        "warc_file": TEXT,
        "source": TEXT,
        "url_or_file": TEXT,
        "fetched_at": TIME,
        "size": COUNT,
        "run_id": TEXT,
        "erased_at": TIME,
    },
    ("warc_file", "sha256", "url_or_file"),
)

#: What an unchanged answer of an address is recognised by.
VALIDATORS = Contract(
    "core.validators",
    {
        "source": TEXT,
        "url": TEXT,
        "etag": TEXT,
        "last_modified": TEXT,
        "parser": TEXT,
    },
    ("source", "url"),
)

#: One row per dropped file that was read, so that none is read twice.
DROPS = Contract(
    "core.drops",
    {
        "source": TEXT,
        "sha256": TEXT,
        "file": TEXT,
        "imported_at": TIME,
        "run_id": TEXT,
    },
    ("source", "sha256"),
)

#: One row per source of the night.
SOURCES = Contract(
    "core.sources",
    {
        "source": TEXT,
        "state": TEXT,
        "why": TEXT,
        "last_ok_at": TIME,
        "record_count": COUNT,
        "usual_record_count": COUNT,
        "canary_ok": FLAG,
    },
    ("source",),
)

# ---------------------------------------------------------------- read

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

# ---------------------------------------------------------------- families of texts

#: One row per distinct set of shingles, in order of arrival.
COPIES = Contract(
    "core.copies",
    {
        "copy": COUNT,
        "name": HASH,
        "doc_id": TEXT,
        "thinning": COUNT,
        "shingles": HASHES,
    },
    ("copy",),
)

#: One row per document of a post that was compared; ``copy`` is null where the text is too short.
DOC_COPIES = Contract(
    "core.doc_copies",
    {"doc_id": TEXT, "copy": COUNT, "signature_version": TEXT},
    ("doc_id",),
)

#: The first copies of every band.
COPY_BANDS = Contract(
    "core.copy_bands", {"band": HASH, "copy": COUNT}, ("band", "copy")
)

#: Verified near-duplicates.
COPY_PAIRS = Contract(
    "core.copy_pairs",
    {"later": COUNT, "earlier": COUNT, "similarity": REAL},
    ("later", "earlier"),
)

#: One row per copy that is like another.
COPY_FAMILIES = Contract(
    "core.copy_families", {"copy": COUNT, "template_id": TEXT}, ("copy",)
)

TEMPLATE_CHANGES = Contract(
    "core.template_changes",
    {
        "template_id": TEXT,
        "run_id": TEXT,
        "event": TEXT,
        "into_template_id": TEXT,
        "copy_count": COUNT,
    },
    (),
)

#: How common shingles are, in one row.
SHINGLE_COUNTS = Contract(
    "core.shingle_counts",
    {"name": TEXT, "copy_count": COUNT, "counts": BYTES},
    ("name",),
)

# ---------------------------------------------------------------- linked

INDICATORS = Contract(
    "core.indicators",
    {
        "kind": TEXT,
        "value": TEXT,
        "seller_count": COUNT,
        "post_count": COUNT,
        "platform_count": COUNT,
        "network_id": TEXT,
        "first_seen_at": TIME,
        "last_seen_at": TIME,
        "is_hub": FLAG,
        "is_allowlisted": FLAG,
    },
    ("kind", "value"),
)

#: Owners of indicators that are sure enough to be listed: own profile, site or registry, or two of one network.
CORROBORATED = Contract(
    "core.corroborated",
    {"kind": TEXT, "value": TEXT, "seller_id": TEXT},
    ("kind", "value", "seller_id"),
)

EDGES = Contract(
    "core.edges",
    {
        "src": TEXT,
        "dst": TEXT,
        "weight": REAL,
        "evidence": EDGE_EVIDENCE,
        "first_seen_at": TIME,
        "last_seen_at": TIME,
    },
    ("src", "dst"),
)

#: One row per seller that shares a value with another of its ring: its place there (``features.standing``).
STANDING = Contract(
    "core.standing",
    {
        "seller_id": TEXT,
        "coreness": COUNT,
        "block_density": REAL,
        "fraud_closeness": REAL,
        "link_kind_count": COUNT,
    },
    ("seller_id",),
)

#: Membership: one row per seller that belongs to a network of two or more.
NETWORK_MEMBERS = Contract(
    "core.network_members", {"network_id": TEXT, "seller_id": TEXT}, ("seller_id",)
)

NETWORKS = Contract(
    "core.networks",
    {
        "network_id": TEXT,
        "display_name": TEXT,
        "seller_count": COUNT,
        "platform_count": COUNT,
        "indicator_count": COUNT,
        "scam_probability": REAL,
        "max_fee_yuan": MONEY,
        "complaint_count": COUNT,
        "claimed_loss_yuan": MONEY,
        "first_seen_at": TIME,
        "last_seen_at": TIME,
        "is_dormant": FLAG,
    },
    ("network_id",),
)

NETWORK_CHANGES = Contract(
    "core.network_changes",
    {"network_id": TEXT, "run_id": TEXT, "event": TEXT, "detail": TEXT},
    (),
)

#: Ids that are no longer in use (``state``: ``dormant`` or ``merged``) with their last members. An id in here is never
#: given to another network, and comes back when its members do. Kept as long as networks are.
NETWORK_HISTORY = Contract(
    "core.network_history",
    {"network_id": TEXT, "seller_id": TEXT, "state": TEXT},
    ("network_id", "seller_id"),
)

#: What every network id ever used was last known by: link keys that its members shared. Kept as long as the history.
NETWORK_TRACES = Contract(
    "core.network_traces",
    {"network_id": TEXT, "kind": TEXT, "value": TEXT},
    ("network_id", "kind", "value"),
)

COMPLAINTS = Contract(
    "core.complaints",
    {
        "post_id": TEXT,
        "target": TEXT,
        "amount_yuan": MONEY,
        "demand": TEXT,
        "status": TEXT,
        "network_id": TEXT,
        "seller_id": TEXT,
        "link_reason": TEXT,
        "link_confidence": REAL,
    },
    (),
)

# ---------------------------------------------------------------- scored

#: One row per seller known at ``as_of``, before scoring.
SELLER_FACTS = Contract(
    "seller_facts",
    {
        "seller_id": TEXT,
        "platform": TEXT,
        "name": TEXT,
        "url": TEXT,
        "network_id": TEXT,
        "role": TEXT,
        "max_fee_yuan": MONEY,
        "post_count": COUNT,
        "offer_count": COUNT,
        "complaint_count": COUNT,
        "first_seen_at": TIME,
        "last_seen_at": TIME,
    },
    ("seller_id",),
)

#: One row per scored seller. ``probability_low``/``high``: 90 % interval.
SCORES = Contract(
    "core.scores",
    {
        "seller_id": TEXT,
        "scam_probability": REAL,
        "probability_low": REAL,
        "probability_high": REAL,
        "score_source": TEXT,
        "is_calibrated": FLAG,
        "model_version": TEXT,
    },
    ("seller_id",),
)

SELLERS = Contract(
    "core.sellers",
    {
        "seller_id": TEXT,
        "platform": TEXT,
        "name": TEXT,
        "url": TEXT,
        "network_id": TEXT,
        "role": TEXT,
        "scam_probability": REAL,
        "probability_low": REAL,
        "probability_high": REAL,
        "score_source": TEXT,
        "is_calibrated": FLAG,
        "band": TEXT,
        "max_fee_yuan": MONEY,
        "post_count": COUNT,
        "offer_count": COUNT,
        "complaint_count": COUNT,
        "first_seen_at": TIME,
        "last_seen_at": TIME,
        "model_version": TEXT,
        "run_id": TEXT,
    },
    ("seller_id",),
)

REASONS = Contract(
    "core.reasons",
    {
        "seller_id": TEXT,
        "rank": COUNT,
        "reason": TEXT,
        "family": TEXT,
        "text_zh": TEXT,
        "text_en": TEXT,
        "contribution": REAL,
        "evidence_post_id": TEXT,
    },
    ("seller_id", "rank"),
)

# ---------------------------------------------------------------- decided and released

VERDICTS = Contract(
    "core.verdicts",
    {
        "verdict_id": TEXT,
        "target": TEXT,
        "verdict": TEXT,
        "note": TEXT,
        "author": TEXT,
        "decided_at": TIME,
        "is_current": FLAG,
    },
    ("verdict_id",),
)

#: Labels from imported lists; they teach and list nobody.
LABELS = Contract(
    "core.labels",
    {
        "label_id": TEXT,
        "target": TEXT,
        "verdict": TEXT,
        "source": TEXT,
        "note": TEXT,
        "decided_at": TIME,
    },
    ("label_id",),
)

#: One row per run, bundle and event; the champion follows from them (``models.champion``).
BUNDLES = Contract(
    "core.bundles",
    {
        "run_id": TEXT,
        "version": TEXT,
        "event": TEXT,
        "as_of": TIME,
        "author": TEXT,
        "gate": TEXT,
    },
    ("run_id", "version", "event"),
)

SHADOW_SCORES = Contract(
    "core.shadow_scores",
    {"seller_id": TEXT, "scam_probability": REAL, "model_version": TEXT},
    ("seller_id",),
)

#: Shapes of features over recently seen sellers, one row per night and feature.
PROFILES = Contract(
    "core.profiles",
    {
        "as_of": TIME,
        "feature": TEXT,
        "sellers": COUNT,
        "edges": pl.List(REAL),
        "shares": pl.List(REAL),
    },
    ("as_of", "feature"),
)

DRIFT = Contract(
    "core.drift",
    {
        "check_name": TEXT,
        "value": REAL,
        "maximum": REAL,
        "why": TEXT,
        "next_step": TEXT,
    },
    ("check_name",),
)

APPEALS = Contract(
    "core.appeals",
    {
        "appeal_id": TEXT,
        "target": TEXT,
        "state": TEXT,
        "note": TEXT,
        "author": TEXT,
        "opened_at": TIME,
        "is_current": FLAG,
        "entity": TEXT,
        "value": TEXT,
        "due_at": TIME,
        "decided_at": TIME,
        "decided_by": TEXT,
        "decision_note": TEXT,
    },
    ("appeal_id",),
)

#: Entries that a person took off the list.
REVOCATIONS = Contract(
    "core.revocations",
    {
        "revocation_id": TEXT,
        "entry_id": TEXT,
        "entity": TEXT,
        "value": TEXT,
        "note": TEXT,
        "author": TEXT,
        "decided_at": TIME,
    },
    ("revocation_id",),
)

#: Values that a person cleared: never listed, never join sellers.
ALLOWLIST = Contract(
    "core.allowlist",
    {"kind": TEXT, "value": TEXT, "note": TEXT, "author": TEXT, "decided_at": TIME},
    ("kind", "value"),
)

CASES = Contract(
    "core.cases",
    {
        "case_id": TEXT,
        "network_id": TEXT,
        "seller_id": TEXT,
        "state": TEXT,
        "opened_at": TIME,
        "priority": REAL,
        "why": TEXT,
    },
    ("case_id",),
)

#: One row per entry ever listed, with its latest state.
WATCHLIST = Contract(
    "core.watchlist",
    {
        "entry_id": TEXT,
        "entity": TEXT,
        "value": TEXT,
        "display_name": TEXT,
        "network_id": TEXT,
        "scam_probability": REAL,
        "band": TEXT,
        "reasons": TEXTS,
        "evidence_count": COUNT,
        "evidence_sha256": TEXT,
        "listed_at": TIME,
        "last_seen_at": TIME,
        "expires_at": TIME,
        "status": TEXT,
        "release_id": TEXT,
    },
    ("entry_id",),
)

WATCHLIST_CHANGES = Contract(
    "core.watchlist_changes",
    {"release_id": TEXT, "entry_id": TEXT, "op": TEXT, "why": TEXT},
    ("release_id", "entry_id"),
)

POLICY_CONFLICTS = Contract(
    "core.policy_conflicts",
    {
        "post_id": TEXT,
        "platform": TEXT,
        "rule_id": TEXT,
        "rule_title": TEXT,
        "in_force_from": TIME,
        "span_text": TEXT,
    },
    (),
)

KEYWORD_SUGGESTIONS = Contract(
    "core.keyword_suggestions",
    {
        "term": TEXT,
        "network_count": COUNT,
        "post_count": COUNT,
        "burst": REAL,
        "example_post_id": TEXT,
    },
    ("term",),
)

RUNS = Contract(
    "core.runs",
    {
        "run_id": TEXT,
        "as_of": TIME,
        "started_at": TIME,
        "ended_at": TIME,
        "state": TEXT,
        "exit_code": COUNT,
        "release_id": TEXT,
        "is_sandbox": FLAG,
        "stage_seconds": TEXT,
    },
    ("run_id",),
)

QUALITY = Contract(
    "core.quality",
    {
        "check_name": TEXT,
        "run_id": TEXT,
        "value": REAL,
        "minimum": REAL,
        "maximum": REAL,
        "state": TEXT,
        "why": TEXT,
        "next_step": TEXT,
    },
    ("check_name", "run_id"),
)
