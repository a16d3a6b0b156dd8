"""Types of columns, one per kind of value: times are UTC, money is Decimal yuan, ids are strings."""

from __future__ import annotations

import polars as pl

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
