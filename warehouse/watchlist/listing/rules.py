"""Who and what may stand on the watchlist at a moment, by CONTRACT sections 1 and 6.

In: the night's sellers, reasons, owners of indicators and people's decisions. Out: candidates, each with what an entry
says of it, and for everything else the reason why it may not be listed.

The rules. A *seller* is listed with band ``high`` and reasons of two families that speak against it, or by a ``fraud``
verdict. An *indicator* is listed when its ownership is corroborated and a listed seller owns it, or by a ``fraud``
verdict on it. A ``benign`` verdict keeps off a seller and every indicator it owns, whatever network it merges into,
because it is kept under the seller's own id; so do an upheld appeal and a revocation, until a later ``fraud`` verdict on
the same. Hubs and allowlisted values are never listed. Nothing is listed without a
post that proves it, or past its expiry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from warehouse.watchlist.listing import decisions

if TYPE_CHECKING:
    from datetime import datetime

SELLER = decisions.SELLER

#: Families that the reasons of a scored entry must come from.
FAMILIES = 2

#: Kinds that only mean something in this database, so nobody else could act on them.
PRIVATE_KINDS = ("template",)

#: How long an entry stays after it was last seen. Numbers are given to new people after a while.
LIFETIME = timedelta(days=90)
LIFETIME_RECYCLED = timedelta(days=45)
RECYCLED_KINDS = ("phone", "wechat")

#: Reason codes of entries beside those of the model.
REVIEWED = "reviewed_fraud"
OWNED = "owned_by_listed_seller"
SHARED = "shared_in_network"

#: Which post holds what: input of the evidence digest.
POSTS = {"post_id": pl.String(), "seller_id": pl.String(), "doc_id": pl.String()}

Key = decisions.Key


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an entry says of one seller or indicator.

    Attributes:
        display_name: Name for people, or null.
        network_id: Null when alone.
        scam_probability: 0 to 1, or null for an unscored seller.
        band: Band of that probability, or null.
        reasons: Codes, sorted.
        evidence: Posts that prove it, sorted; never empty.
        last_seen_at: Latest crawl or publication that showed it.
    """

    display_name: str | None
    network_id: str | None
    scam_probability: float | None
    band: str | None
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    last_seen_at: datetime


def lifetime(entity: str) -> timedelta:
    """How long an entry of this entity stays after it was last seen."""
    return LIFETIME_RECYCLED if entity in RECYCLED_KINDS else LIFETIME


def candidates(
    *,
    sellers: pl.DataFrame,
    reasons: pl.DataFrame,
    owners: pl.DataFrame,
    sightings: pl.DataFrame,
    indicators: pl.DataFrame,
    posts: pl.DataFrame,
    people: decisions.Decisions,
    listed_before: set[Key],
    as_of: datetime,
    threshold: float,
) -> tuple[dict[Key, Candidate], dict[Key, str]]:
    """What may be listed, and why what was listed before may not.

    Args:
        sellers: contracts.SELLERS.
        reasons: contracts.REASONS.
        owners: ``kind``, ``value``, ``seller_id`` of indicators with corroborated ownership
            (``features.graph.corroboration.corroborated``).
        sightings: contracts.SIGHTINGS; an owner counts only where a sighting of its own shows the value.
        indicators: contracts.INDICATORS; for hubs and cleared values.
        posts: Columns of POSTS, one row per post known at ``as_of``.
        people: What people decided (``decisions.decisions``).
        listed_before: (entity, value) of the active entries that consumers have.
        as_of: Limit of knowledge; what is past its expiry then is left out.
        threshold: Least probability of band ``high``.

    Returns:
        Candidates by (entity, value); and a code with an explanation for what is in ``listed_before`` or close to being
        listed, and is no candidate.
    """
    found, refused = _sellers(
        sellers,
        reasons,
        posts,
        people=people,
        listed_before=listed_before,
        threshold=threshold,
    )
    _drop_expired(found, refused, as_of)
    more, more_refused = _indicators(
        _held(owners, sightings, sellers, as_of),
        indicators,
        listed=found,
        expired={
            value for (_, value), why in refused.items() if why.startswith("expired")
        },
        people=people,
        listed_before=listed_before,
    )
    _drop_expired(more, more_refused, as_of)
    return found | more, refused | more_refused


def expired(entity: str, last_seen_at: datetime) -> str:
    """Why an entry of this entity expired."""
    return f"expired: last seen {last_seen_at:%Y-%m-%d}, listed for {lifetime(entity).days} days after that"


def _drop_expired(
    found: dict[Key, Candidate], refused: dict[Key, str], as_of: datetime
) -> None:
    for key in list(found):
        if found[key].last_seen_at + lifetime(key[0]) <= as_of:
            refused[key] = expired(key[0], found.pop(key).last_seen_at)


def _sellers(
    sellers: pl.DataFrame,
    reasons: pl.DataFrame,
    posts: pl.DataFrame,
    *,
    people: decisions.Decisions,
    listed_before: set[Key],
    threshold: float,
) -> tuple[dict[Key, Candidate], dict[Key, str]]:
    support = (
        reasons.filter(pl.col("contribution") > 0)
        .group_by("seller_id")
        .agg(
            pl.col("family").n_unique().alias("family_count"),
            pl.col("reason").unique().sort().alias("codes"),
            pl.col("evidence_post_id").drop_nulls().unique().sort().alias("proof"),
        )
    )
    fraud = [target for target, said in people.said.items() if said == "fraud"]
    before = [value for entity, value in listed_before if entity == SELLER]
    is_high = (pl.col("band") == "high") & (pl.col("scam_probability") >= threshold)
    rows = (
        sellers.with_columns(
            is_high.fill_null(value=False).alias("is_high"),
            pl.col("seller_id").is_in(fraud).alias("is_fraud"),
        )
        .filter(
            pl.col("is_high") | pl.col("is_fraud") | pl.col("seller_id").is_in(before)
        )
        .join(support, on="seller_id", how="left")
        .sort("seller_id")
    )
    # A person may judge a seller that the model gave no reasons for; then all that it posted is the evidence.
    posted = dict(
        posts.join(rows.filter("is_fraud"), on="seller_id", how="semi")
        .group_by("seller_id")
        .agg(pl.col("post_id").unique().sort())
        .rows()
    )
    found: dict[Key, Candidate] = {}
    refused: dict[Key, str] = {}
    for row in rows.iter_rows(named=True):
        key = (SELLER, row["seller_id"])
        proof = row["proof"] or posted.get(row["seller_id"]) or ()
        refusal = people.refusal(key)
        if refusal is not None:
            refused[key] = refusal
        elif row["scam_probability"] is None and not row["is_fraud"]:
            refused[key] = "score_gone: no longer scored"
        elif not row["is_high"] and not row["is_fraud"]:
            refused[key] = (
                f"score_fell: {row['scam_probability']:.3f} is not in band high"
            )
        elif (row["family_count"] or 0) < FAMILIES and not row["is_fraud"]:
            refused[key] = (
                f"reasons_fell: reasons of {row['family_count'] or 0} families, {FAMILIES} are needed"
            )
        elif not proof or row["last_seen_at"] is None:
            refused[key] = "evidence_gone: no post proves it"
        else:
            codes = {*(row["codes"] or ()), *((REVIEWED,) if row["is_fraud"] else ())}
            found[key] = Candidate(
                display_name=row["name"],
                network_id=row["network_id"],
                scam_probability=row["scam_probability"],
                band=row["band"],
                reasons=tuple(sorted(codes)),
                evidence=tuple(proof),
                last_seen_at=row["last_seen_at"],
            )
    return found, refused


@dataclass(frozen=True, slots=True)
class _Held:
    """An indicator that somebody owns for sure.

    Attributes:
        owners: Its owners, sorted.
        networks: Network of each owner that has one.
        seen_at: Latest crawl that showed it as an owner's.
        proof: Posts in which owners show it, in any order, perhaps twice.
    """

    owners: tuple[str, ...]
    networks: tuple[str, ...]
    seen_at: datetime
    proof: tuple[str, ...]


def _held(
    owners: pl.DataFrame,
    sightings: pl.DataFrame,
    sellers: pl.DataFrame,
    as_of: datetime,
) -> dict[Key, _Held]:
    """Indicators with corroborated owners; a value somebody merely pasted has none."""
    own = (
        sightings.filter(
            pl.col("ownership") == "own",
            pl.col("seen_at") <= as_of,
            ~pl.col("kind").is_in(PRIVATE_KINDS),
        )
        .select("kind", "value", "seller_id", "seen_at", "post_id")
        .join(owners.unique(), on=["kind", "value", "seller_id"], how="semi")
    )
    names = (
        own.select("kind", "value", "seller_id")
        .unique()
        .join(sellers.select("seller_id", "network_id"), on="seller_id", how="left")
        .sort("kind", "value", "seller_id")
        .group_by("kind", "value", maintain_order=True)
        .agg("seller_id", pl.col("network_id").drop_nulls())
    )
    shown = own.group_by("kind", "value").agg(
        pl.col("seen_at").max(), pl.col("post_id").drop_nulls()
    )
    return {
        (kind, value): _Held(tuple(held_by), tuple(networks), seen_at, tuple(proof))
        for kind, value, held_by, networks, seen_at, proof in names.join(
            shown, on=["kind", "value"], maintain_order="left"
        ).iter_rows()
    }


def _indicators(
    held: dict[Key, _Held],
    indicators: pl.DataFrame,
    *,
    listed: dict[Key, Candidate],
    expired: set[str],
    people: decisions.Decisions,
    listed_before: set[Key],
) -> tuple[dict[Key, Candidate], dict[Key, str]]:
    hubs = set(indicators.filter("is_hub").select("kind", "value").rows())
    cleared = set(indicators.filter("is_allowlisted").select("kind", "value").rows())
    found: dict[Key, Candidate] = {}
    refused: dict[Key, str] = {}
    for key in {*held, *(key for key in listed_before if key[0] != SELLER)}:
        known = held.get(key)
        owners = known.owners if known is not None else ()
        is_reviewed = people.said.get(decisions.target(key)) == "fraud"
        refusal = people.refusal(key) or people.owner_refusal(owners)
        if refusal is not None:
            refused[key] = refusal
        elif key in cleared:
            refused[key] = "allowlisted: cleared by a person"
        elif key in hubs:
            refused[key] = "hub: serves too many to point at anybody"
        elif known is None:
            refused[key] = "ownership_fell: its ownership is not corroborated any more"
        elif not is_reviewed and not any((SELLER, owner) in listed for owner in owners):
            is_old = any(owner in expired for owner in owners)
            refused[key] = (
                "expired: the seller that owns it expired"
                if is_old
                else "owner_left: no seller that owns it is listed"
            )
        else:
            candidate = _indicator(key, known, listed, is_reviewed=is_reviewed)
            if candidate.evidence:
                found[key] = candidate
            else:
                refused[key] = "evidence_gone: no post proves it"
    return found, refused


def _indicator(
    key: Key,
    held: _Held,
    listed: dict[Key, Candidate],
    *,
    is_reviewed: bool,
) -> Candidate:
    owners = [
        listed[SELLER, owner] for owner in held.owners if (SELLER, owner) in listed
    ]
    strongest = max(
        owners, key=lambda owner: owner.scam_probability or 0.0, default=None
    )
    names = set(held.networks)
    codes = [
        code
        for code, holds in (
            (REVIEWED, is_reviewed),
            (OWNED, owners),
            (SHARED, len(names) < len(held.networks)),
        )
        if holds
    ]
    proof = set(held.proof).union(*(owner.evidence for owner in owners))
    return Candidate(
        display_name=key[1],
        network_id=min(
            names, key=lambda name: (-held.networks.count(name), name), default=None
        ),
        scam_probability=strongest.scam_probability if strongest else None,
        band=strongest.band if strongest else None,
        reasons=tuple(sorted(codes)),
        evidence=tuple(sorted(proof)),
        last_seen_at=held.seen_at,
    )
