"""What anybody can copy: text families, pictures, names. When they join sellers, alone or together.

In: groups of claims (``holders.groups``) of copied kinds, and what contacts already join. Out: the keys that join by
themselves, the pairs of keys that do so together, and the hubs among them.

A contact points at whoever answers it. A text, a picture or a name points at nobody: it is evidence only as far as it is
specific (``confidence`` of the sighting, 0–1) and as far as nobody unrelated shows it. Hence three rules:

* A copied key joins **alone** only from ``JOIN_ALONE`` on: kind strength × specificity.
* Weaker ones join **together**: two sellers that share two of them, of different kinds, whose chances to be accidental
  multiply up (noisy or) to ``JOIN_ALONE``. Evidence of one kind counts half the second time: who copies one slogan copies
  another.
* Whatever is copied **never merges what contacts made**: a key that covers ``MAX_CONTACT_GROUPS`` groups that contacts
  hold together, or ``MAX_COPY_GROUPS`` that rarer copies do, is a hub, and so is one that strays of several groups show
  (``MAX_STRAYED_GROUPS``); a single member of another ring is left out. A viral slogan may be shown by any number of
  rings, and an advertisement that the whole trade copies by a few members of each.

Invariants: linear in claims, because joint keys are made from at most ``MAX_KEYS`` keys a seller; the order of rows
changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.graph import components

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Copied kinds. A decoded code is no copy: whoever scans it reaches its owner.
KINDS = ("template", "image", "brand")
#: How much one shared value of a kind says when it is as specific as can be.
STRENGTHS = {"template": 0.8, "image": 0.8, "brand": 0.3}
JOIN_ALONE = 0.4
#: Less than this says nothing even in company.
MIN_STRENGTH = 0.05
#: So many of a seller's copied keys, the strongest, are tried together.
MAX_KEYS = 8
MAX_CONTACT_GROUPS = 2
MAX_COPY_GROUPS = 4
#: A group that shows a key in a smaller share of its members than this, or in one of three or more, only has strays among
#: the holders. They stay where contacts put them; a key that lives from such strays is a hub.
MIN_COVERAGE = 0.25
MAX_STRAYED_SHARE = 0.25
#: Strays of so many groups that rarer copies made, and so large a share of the holders: the copy is the trade's.
MAX_STRAYED_GROUPS, MIN_STRAYED_SHARE = 3, 0.1
#: Specificities are judged in steps, the most specific first; each step sees what the ones before it joined.
STEPS = (0.85, 0.7, 0.5, 0.0)
#: Below this share of offering holders a copy is the trade's or everybody's.
MIN_OFFERING_SHARE = 0.5
UNRELATED_GROUPS = 4


def is_copied() -> pl.Expr:
    """Whether a claim's ``kind`` is one that anybody can copy."""
    return pl.col("kind").is_in(KINDS)


def strength() -> pl.Expr:
    """How much a shared value of a copied kind says: kind strength × ``confidence``."""
    return pl.col("kind").replace_strict(
        STRENGTHS, default=0.0, return_dtype=pl.Float64
    ) * pl.col("confidence")


def is_variant() -> pl.Expr:
    """Whether a claim's ``value`` is a mistake in common copy (``pitches.variant_sightings``)."""
    return (pl.col("kind") == "template") & pl.col("value").str.contains(
        r"^t[0-9a-f]{16}-"
    )


def together(strengths: Iterable[tuple[str, float]]) -> float:
    """How much several copied values that two sellers share say, 0–1 (noisy or over the two best, see above).

    Args:
        strengths: Kind and strength of each.
    """
    ranked = sorted(strengths, key=lambda each: (-each[1], each[0]))
    best = ranked[0][1] if ranked else 0.0
    for place, (kind, strength) in enumerate(ranked):
        for other, weaker in ranked[place + 1 :]:
            again = weaker if kind != other else weaker / 2
            best = max(best, 1 - (1 - strength) * (1 - again))
    return best


def split(
    rows: pl.DataFrame, contacts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Which copied keys join, and which are hubs.

    Args:
        rows: ``key``, ``group``, ``seller_id``, ``kind``, ``value``, ``confidence``, ``side``, ``private_count`` of
            copied kinds, groups of one left out.
        contacts: ``seller_id``, ``component``: what contacts join, hubs left out (``components.joined_by``).

    Returns:
        Rows that join by themselves; pairs of rows that join together (``joint_rows``); sorted distinct hub keys.
    """
    sure = rows.with_columns(
        pl.col("confidence").mean().over("key", "group").round(6).alias("specificity")
    ).with_columns(
        (
            pl.col("kind").replace_strict(STRENGTHS, return_dtype=pl.Float64)
            * pl.col("specificity")
        ).alias("strength")
    )
    # A mistake in a copy is judged after the copy, whose holders it would otherwise part into pairs.
    sure = sure.with_columns(
        pl.when(is_variant()).then(0.0).otherwise("specificity").alias("turn")
    )
    is_alone = pl.col("strength") >= JOIN_ALONE
    joined = contacts
    accepted: list[pl.DataFrame] = []
    hubs: list[pl.Series] = []
    rest = sure.filter(is_alone)
    for least in STEPS:
        step = rest.filter(pl.col("turn") >= least)
        rest = rest.filter(pl.col("turn") < least)
        if step.is_empty():
            continue
        kept, found = _judged(step, contacts, joined)
        hubs.append(found)
        accepted.append(kept)
        joined = _extended(joined, kept, ["key", "group"])
    weak = sure.filter(~is_alone & (pl.col("strength") >= MIN_STRENGTH))
    kept, found = _judged(weak, contacts, joined)
    hubs.append(found)
    together, _ = _judged(joint_rows(kept), contacts, joined)
    alone = pl.concat([sure.clear(), *accepted])
    return (
        alone.select(rows.columns),
        together,
        pl.concat(hubs).unique().sort(),
    )


def joint_rows(weak: pl.DataFrame) -> pl.DataFrame:
    """Pairs of weak keys that two sellers or more share and that say enough together.

    Args:
        weak: As ``rows`` of ``split`` with ``strength``.

    Returns:
        One row per (``first``, ``second``, ``group``, ``seller_id``), ``first`` < ``second`` two keys; ``key`` is an
        integer that stands for the three; ``side``, ``private_count``, ``kind`` (of the first) and ``specificity`` as in
        ``weak``. Groups of one are left out.
    """
    ranked = (
        weak.sort(
            "seller_id",
            "group",
            "strength",
            "key",
            descending=[False, False, True, False],
        )
        .with_columns(pl.int_range(pl.len()).over("seller_id", "group").alias("rank"))
        .filter(pl.col("rank") < MAX_KEYS)
    )
    pairs = ranked.join(
        ranked.select("seller_id", "group", "key", "kind", "strength"),
        on=["seller_id", "group"],
        suffix="_two",
    ).filter(pl.col("key") < pl.col("key_two"))
    again = pl.when(pl.col("kind") == pl.col("kind_two")).then(0.5).otherwise(1.0)
    together = 1 - (1 - pl.max_horizontal("strength", "strength_two")) * (
        1 - again * pl.min_horizontal("strength", "strength_two")
    )
    same = ["key", "key_two", "group"]
    return (
        pairs.filter((together >= JOIN_ALONE) & (pl.len().over(same) > 1))
        .with_columns(pl.struct(same).rank("dense").alias("joint"))
        .select(
            pl.col("joint").alias("key"),
            pl.col("key").alias("first"),
            pl.col("key_two").alias("second"),
            "group",
            "seller_id",
            "kind",
            "side",
            "private_count",
            "specificity",
        )
        .filter(pl.len().over("key") > 1)
        .sort("key", "seller_id")
    )


def _judged(
    rows: pl.DataFrame, contacts: pl.DataFrame, joined: pl.DataFrame
) -> tuple[pl.DataFrame, pl.Series]:
    """Rows without hubs and without holders whom the key would carry from one ring to another; and the hubs.

    A key *covers* a group that contacts (or rarer copies) made if enough of it shows the key (``MIN_COVERAGE``).
    """
    held = rows.unique(["key", "seller_id"], keep="first", maintain_order=True).select(
        "key", "seller_id", "side"
    )
    for name, base in (("contact", contacts), ("copy", joined)):
        sizes = base.select(
            "seller_id",
            pl.col("component").alias(f"{name}_group"),
            pl.len().over("component").alias(f"{name}_size"),
        )
        shown = pl.len().over("key", f"{name}_group")
        size = pl.col(f"{name}_size")
        held = (
            held.join(sizes, on="seller_id", how="left")
            .with_columns(
                pl.col(f"{name}_group").fill_null(pl.col("seller_id")),
                pl.col(f"{name}_size").fill_null(1),
            )
            .with_columns(
                (pl.col(f"{name}_size") > 1).alias(f"{name}_bound"),
                ((shown >= MIN_COVERAGE * size) & (shown > (size > 2))).alias(
                    f"{name}_covered"
                ),
            )
        )
    strayed = pl.col("contact_bound") & ~pl.col("contact_covered")
    led_away = pl.col("copy_bound") & ~pl.col("copy_covered")
    judged = held.group_by("key").agg(
        (pl.col("side") == "offering").mean().alias("offering_share"),
        pl.col("copy_group").n_unique().alias("groups"),
        strayed.mean().alias("strayed_share"),
        led_away.mean().alias("led_away_share"),
        pl.col("copy_group").filter(led_away).n_unique().alias("led_away_groups"),
        *(
            pl.col(f"{name}_group")
            .filter(pl.col(f"{name}_bound") & pl.col(f"{name}_covered"))
            .n_unique()
            .alias(f"{name}_groups")
            for name in ("contact", "copy")
        ),
    )
    hubs = judged.filter(
        (pl.col("contact_groups") >= MAX_CONTACT_GROUPS)
        | (pl.col("copy_groups") >= MAX_COPY_GROUPS)
        | (pl.col("strayed_share") > MAX_STRAYED_SHARE)
        | (
            (pl.col("led_away_groups") >= MAX_STRAYED_GROUPS)
            & (pl.col("led_away_share") >= MIN_STRAYED_SHARE)
        )
        | (
            (pl.col("offering_share") < MIN_OFFERING_SHARE)
            & (pl.col("groups") >= UNRELATED_GROUPS)
        )
    )["key"].sort()
    kept = rows.filter(~pl.col("key").is_in(hubs.implode())).join(
        held.filter(strayed | led_away).select("key", "seller_id"),
        on=["key", "seller_id"],
        how="anti",
    )
    return kept.filter(pl.len().over("key", "group") > 1), hubs


def _extended(
    joined: pl.DataFrame, rows: pl.DataFrame, same: list[str]
) -> pl.DataFrame:
    """What was joined, joined further by these rows."""
    node = pl.concat_str([pl.col(name).cast(pl.String) for name in same], separator=":")
    return components.joined_by(
        pl.concat([joined["seller_id"], rows["seller_id"]]),
        pl.concat(
            [joined["component"], rows.select(pl.lit("key:") + node).to_series()]
        ),
    )
