"""What is known of near-duplicate texts."""

from __future__ import annotations

from warehouse.contracts.columns import BYTES, COUNT, HASH, HASHES, REAL, TEXT
from warehouse.contracts.shape import Contract

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
