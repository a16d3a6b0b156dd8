"""What joins sellers: indicators, edges, networks, complaints."""

from __future__ import annotations

from warehouse.contracts.columns import (
    COUNT,
    EDGE_EVIDENCE,
    FLAG,
    MONEY,
    REAL,
    TEXT,
    TIME,
)
from warehouse.contracts.shape import Contract

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

#: One row per seller that shares a value with another of its ring: its place there (``features.positions.standing``).
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
