"""What is said of sellers: facts, scores, reasons."""

from __future__ import annotations

from warehouse.contracts.columns import COUNT, FLAG, MONEY, REAL, TEXT, TIME
from warehouse.contracts.shape import Contract

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
