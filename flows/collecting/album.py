"""The pictures of a drop: looked at once; what they show is kept for the records that name them, now or later.

In: picture files that lie beside saved answers, in a folder, zip or HAR. Out: contracts.PICTURES. Invariants: bytes are not
kept; records are not changed, so reading the archive again changes nothing of this; a file name counts only where one picture
of the drop has it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse import connect, contracts, load

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb


class Album:
    """Pictures of one import.

    Args:
        seen_at: When they are imported.
    """

    def __init__(self, seen_at: datetime) -> None:
        self._seen_at = seen_at
        self._rows: list[dict[str, Any]] = []

    def add(self, name: str, url: str, content: bytes) -> str | None:
        """Look at a picture.

        Args:
            name: Of the file, with folder or zip.
            url: Where it came from; the name where the file does not say.
            content: Its bytes.

        Returns:
            Why it cannot be read; null when it can.
        """
        from features.families import pictures

        found = pictures.read(content)
        if found.reason is not None:
            return found.reason
        self._rows.append(
            {
                "digest": hashlib.sha256(content).hexdigest(),
                "name": name,
                "url": url,
                "phash": found.phash,
                "qr": next(iter(found.codes), None),
            }
        )
        return None

    def pictures(self) -> pl.DataFrame:
        """contracts.PICTURES, sorted; of pictures with one address the last."""
        from features.families import pictures

        schema = dict.fromkeys(("digest", "name", "url", "phash", "qr"), pl.String)
        rows = pl.DataFrame(self._rows, schema=schema).with_row_index("turn")
        shows = ("turn", "phash", "qr")
        named = rows.select(pictures.name_of(pl.col("url")).alias("address"), "digest", *shows)  # fmt: skip
        alone = named.filter(pl.col("digest").n_unique().over("address") == 1)
        found = pl.concat(
            [
                rows.select(pl.format("sha256:{}", "digest").alias("address"), *shows),
                rows.select(
                    pictures.address_of(pl.col("url")).alias("address"), *shows
                ),
                alone.select("address", *shows),
            ]
        )
        return contracts.PICTURES.check(
            found.filter(pl.col("address").is_not_null())
            .sort("address", "turn")
            .unique("address", keep="last", maintain_order=True)
            .select(
                "address",
                "phash",
                "qr",
                pl.lit(self._seen_at, contracts.TIME).alias("seen_at"),
            )
        )

    def keep(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Store what the pictures show; later imports win."""
        new = self.pictures()
        if new.is_empty():
            return
        with connect.transaction(connection):
            old = load.read(connection, contracts.PICTURES)
            kept = old.join(new, on="address", how="anti")
            load.replace(connection, contracts.PICTURES, pl.concat([kept, new]))
