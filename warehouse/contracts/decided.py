"""What people decided and what was released; runs, checks, bundles."""

from __future__ import annotations

import polars as pl

from warehouse.contracts.columns import COUNT, FLAG, REAL, TEXT, TEXTS, TIME
from warehouse.contracts.shape import Contract

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

#: One row per run, bundle and event; the champion follows from them (``models.promotion.champion``).
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
