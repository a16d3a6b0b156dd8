"""A frame's promised shape, and the check of a frame against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping


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
        keys = frame[list(self.key)]
        # Equal rows have equal hashes, so as many hashes as rows prove that no two are equal, in a sixth of the time.
        if self.key and _has_twice(keys.hash_rows()) and keys.is_duplicated().any():
            twice = keys.filter(keys.is_duplicated()).row(0)
            message = (
                f"{self.name}: key {self.key} = {twice} stands in more than one row."
            )
            raise ContractError(message)
        return frame


def _has_twice(hashes: pl.Series) -> bool:
    ordered = np.sort(hashes.to_numpy())
    return bool((ordered[1:] == ordered[:-1]).any())
