"""Rows as a frame: tuples in the order of ``contracts.RAW_POSTS`` go in, that frame comes out.

Invariant: the key is unique; of equal ones the first stays, and order is kept otherwise. Arrow builds lists, structs,
times and decimals 5 to 80 times faster than Polars does from Python objects (measured with Polars 2.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from warehouse import contracts


def table(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """``items.frame`` for tuples in column order, as ``items.row`` makes them."""
    if not rows:
        return contracts.RAW_POSTS.empty()
    named_columns = zip(
        contracts.RAW_POSTS.columns.items(), zip(*rows, strict=True), strict=True
    )
    posts = pl.DataFrame(
        [_series(name, dtype, column) for (name, dtype), column in named_columns]
    )
    key = list(contracts.RAW_POSTS.key)
    if posts.select(key).is_duplicated().any():
        posts = posts.unique(subset=key, keep="first", maintain_order=True)
    return contracts.RAW_POSTS.check(posts)


def _arrow_type(dtype: object) -> pa.DataType:
    if isinstance(dtype, pl.List):
        return pa.large_list(_arrow_type(dtype.inner))
    if isinstance(dtype, pl.Struct):
        return pa.struct(
            [(field.name, _arrow_type(field.dtype)) for field in dtype.fields]
        )
    if isinstance(dtype, pl.Datetime):
        return pa.timestamp(dtype.time_unit, dtype.time_zone)
    if isinstance(dtype, pl.Decimal):
        return pa.decimal128(dtype.precision, dtype.scale)
    return pa.large_string()


#: Columns that Arrow builds; the rest is text, counts and flags, at which Polars is faster.
_ARROW_TYPES = {
    name: _arrow_type(dtype)
    for name, dtype in contracts.RAW_POSTS.columns.items()
    if dtype.is_nested() or dtype.is_temporal() or dtype.is_decimal()
}


def _series(name: str, dtype: pl.DataType, column: tuple[Any, ...]) -> pl.Series:
    arrow_type = _ARROW_TYPES.get(name)
    if arrow_type is None:
        return pl.Series(name, column, dtype=dtype)
    return pl.Series(name, pl.from_arrow(pa.array(column, arrow_type)))
