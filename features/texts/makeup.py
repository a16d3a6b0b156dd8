"""What a text is made of: its characters, and what reading finds in it; numbers for a learner.

In: any texts and a pack. Out: one row of Float32 columns per text, in order. Invariants: pure; a row depends on its own text
and the pack alone; no missing values: an empty text has zeros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from features import catalogue, reading, stance
from features.texts import grams
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features import pack as pack_module

#: Shapes that are counted (``grams.views``): digit, Latin letter, Han, other sign, space.
_SHAPES: Final = {"digit": "0", "latin": "a", "han": "一", "sign": "#", "space": " "}
#: Runs whose number and longest length are told.
_RUNS: Final = {
    "digit": "0+",
    "latin": "a+",
    "code": "[0a]+",
    "han": "一+",
    "other": "[^0a一 ]+",
}
_ROLES: Final = ("agency_fee", "price", "promised_income", "loss", "other")
_KINDS: Final = ("wechat", "qq", "phone", "email", "domain", "url", "telegram")


def characters(texts: Sequence[str | None]) -> pl.DataFrame:
    """Length, kinds of characters and of runs, repetition, and the share that is disguised."""
    cut = [_sound(text) for text in texts]
    seen = grams.views(cut)
    disguised = [
        sum(map(str.__ne__, text.lower(), plain)) + abs(len(text) - len(plain))
        for text, plain in zip(cut, seen["plain"], strict=True)
    ]
    frame = pl.DataFrame(
        {
            "text": cut,
            "shape": seen["shape"],
            "disguised": disguised,
            "letters": [len(set(text)) for text in cut],
            "shapes": [len(set(text)) for text in seen["shape"]],
            "commonest": [max(map(text.count, set(text)), default=0) for text in cut],
        },
        schema_overrides={"text": pl.String, "shape": pl.String},
    )
    shape = pl.col("shape")
    size = pl.col("text").str.len_chars()
    per = pl.max_horizontal(size, 1)
    runs = {
        name: shape.str.extract_all(pattern).list.eval(pl.element().str.len_chars())
        for name, pattern in _RUNS.items()
    }
    counted = {
        name: shape.str.count_matches(sign, literal=True)
        for name, sign in _SHAPES.items()
    }
    return frame.select(
        size.alias("length"),
        size.log1p().alias("length_log"),
        pl.col("letters").alias("distinct_count"),
        (pl.col("letters") / per).alias("distinct_share"),
        pl.col("shapes").alias("shape_count"),
        (pl.col("commonest") / per).alias("commonest_share"),
        pl.col("disguised").alias("disguised_count"),
        (pl.col("disguised") / per).alias("disguised_share"),
        *(one.alias(f"{name}_count") for name, one in counted.items()),
        *((one / per).alias(f"{name}_share") for name, one in counted.items()),
        *(one.list.len().alias(f"{name}_run_count") for name, one in runs.items()),
        *(
            one.list.max().fill_null(0).alias(f"{name}_run_max")
            for name, one in runs.items()
        ),
    ).cast(pl.Float32)


def told(texts: Sequence[str | None], *, pack: pack_module.Pack) -> pl.DataFrame:
    """What production's reading finds: odds of each stance, signals, amounts by role, contacts by kind and ownership."""
    number = len(texts)
    ids = pl.Series("doc_id", [f"{at:012d}" for at in range(number)], dtype=pl.String)
    documents = pl.DataFrame(
        {
            "doc_id": ids,
            "title": pl.Series([None] * number, dtype=pl.String),
            "text": pl.Series([_sound(text) for text in texts], dtype=pl.String),
        }
    )
    found = reading.read_documents(documents, pack=pack)
    contracts.DOC_STANCES.check(found.stances)
    is_asserted = pl.col("voice") == "asserted"
    parts = (
        found.stances.select(
            "doc_id", pl.col("is_on_topic"), *(pl.col(name) for name in stance.STANCES)
        ),
        _counts(found.signals.filter(is_asserted), "signal", catalogue.SIGNALS),
        _counts(found.amounts, "role", _ROLES),
        _counts(found.contacts, "kind", _KINDS),
        _counts(found.contacts, "ownership", ("own", "mentioned")),
    )
    out = pl.DataFrame({"doc_id": ids})
    for part in parts:
        out = out.join(part, on="doc_id", how="left", maintain_order="left")
    return out.drop("doc_id").cast(pl.Float32).fill_null(0.0)


def _sound(text: str | None) -> str:
    """The text as far as it is looked at, without lone surrogates, which Polars refuses."""
    cut = (text or "")[: grams.TEXT_LIMIT]
    return cut.encode("utf-8", "replace").decode("utf-8")


def _counts(rows: pl.DataFrame, column: str, values: Sequence[str]) -> pl.DataFrame:
    """How many rows of a document have each value."""
    return rows.group_by("doc_id").agg(
        (pl.col(column) == value).sum().alias(f"{value}_{column}") for value in values
    )
