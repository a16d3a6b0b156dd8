"""The life of watchlist entries: listing, staying, leaving, coming back; and what changed between two lists.

In: the list that consumers have, and the night's candidates (``rules``). Out: contracts.WATCHLIST with every entry ever
listed, and the changes (ADD, MOD, DEL) that lead from the one list to the other.

Invariants: pure, and a function of its inputs alone, so the same night gives the same list. An entry keeps its id while
it is active; what left and comes back gets a new one, because leaving is final for whoever acted on it. Replaying all
changes from empty gives the active list.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse import collector, contracts, errors
from warehouse.watchlist.listing import decisions, rules

if TYPE_CHECKING:
    from datetime import datetime

#: A change of one of these, or of the day of ``expires_at``, is a MOD.
WATCHED = ("band", "network_id", "reasons", "display_name", "status")

_SORT = ("entity", "value", "listed_at", "entry_id")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list and why entries left it.

    Attributes:
        watchlist: contracts.WATCHLIST, sorted by (entity, value, listed_at, entry_id). ``release_id`` is null on rows
            that belong to the release being made; ``release.stamp`` fills it.
        leaving: ``entry_id``, ``why``: one row per entry that leaves with this release.
    """

    watchlist: pl.DataFrame
    leaving: pl.DataFrame


@collector.paused()
def entries(
    *,
    sellers: pl.DataFrame,
    reasons: pl.DataFrame,
    owners: pl.DataFrame,
    sightings: pl.DataFrame,
    indicators: pl.DataFrame,
    posts: pl.DataFrame,
    verdicts: pl.DataFrame,
    allowlist: pl.DataFrame,
    previous: pl.DataFrame,
    as_of: datetime,
    threshold: float,
    appeals: pl.DataFrame | None = None,
    revocations: pl.DataFrame | None = None,
) -> Listing:
    """The watchlist at a moment.

    Args:
        sellers: contracts.SELLERS of the night.
        reasons: contracts.REASONS of the night.
        owners: ``kind``, ``value``, ``seller_id``: corroborated owners of indicators (``features.graph.corroboration.corroborated``).
        sightings: contracts.SIGHTINGS of the night.
        indicators: contracts.INDICATORS of the night.
        posts: ``post_id``, ``seller_id``, ``doc_id`` of the posts known at ``as_of``; more columns are ignored.
        verdicts: contracts.VERDICTS; decisions after ``as_of`` are ignored, ``is_current`` is not used.
        allowlist: contracts.ALLOWLIST; decisions after ``as_of`` are ignored.
        previous: contracts.WATCHLIST that consumers have; empty for the first release.
        as_of: Limit of knowledge, with a time zone.
        threshold: Least probability of band ``high``.
        appeals: contracts.APPEALS; answers after ``as_of`` are ignored. Null for none.
        revocations: contracts.REVOCATIONS; decisions after ``as_of`` are ignored. Null for none.

    Returns:
        Listing. Empty in, empty out.

    Raises:
        InputError: ``as_of`` has no time zone.
    """
    if as_of.tzinfo is None:
        message = f"as_of {as_of} has no time zone. Pass an aware time."
        raise errors.InputError(message)
    people = decisions.decisions(
        verdicts=verdicts,
        allowlist=allowlist,
        appeals=contracts.APPEALS.empty() if appeals is None else appeals,
        revocations=contracts.REVOCATIONS.empty()
        if revocations is None
        else revocations,
        as_of=as_of,
    )
    active = {(row["entity"], row["value"]): row for row in _active(previous).values()}
    listings = {
        (entity, value): count
        for entity, value, count in previous.group_by("entity", "value").len().rows()
    }
    found, refused = rules.candidates(
        sellers=sellers,
        reasons=reasons,
        owners=owners,
        sightings=sightings,
        indicators=indicators,
        posts=posts.select(list(rules.POSTS)),
        people=people,
        listed_before=set(active),
        as_of=as_of,
        threshold=threshold,
    )
    listed = _listed(found, active, listings, lines=_Lines(posts), as_of=as_of)
    statuses, leaving = {}, []
    for key, row in active.items():
        if key in found:
            continue
        why = refused.get(key, "unknown: no longer seen by any source")
        if row["expires_at"] <= as_of and not decisions.is_decision(why):
            # What proved it may be over its own retention by now; it had to leave all the same, and of itself.
            why = rules.expired(key[0], row["last_seen_at"])
        statuses[row["entry_id"]] = (
            "expired" if why.startswith("expired") else "revoked"
        )
        leaving.append({"entry_id": row["entry_id"], "why": why})
    left = previous.filter(pl.col("status") != "active")
    leaves = previous.filter(pl.col("entry_id").is_in(list(statuses))).with_columns(
        pl.col("entry_id").replace_strict(statuses, return_dtype=pl.String()).alias("status"),
        pl.lit(None, pl.String()).alias("release_id"),
    )  # fmt: skip
    watchlist = pl.concat([listed, left, leaves]).sort(_SORT)
    reasons_left = pl.DataFrame(leaving, schema={"entry_id": pl.String(), "why": pl.String()})  # fmt: skip
    return Listing(contracts.WATCHLIST.check(watchlist), reasons_left.sort("entry_id"))


def _listed(
    found: dict[rules.Key, rules.Candidate],
    active: dict[rules.Key, dict[str, Any]],
    listings: dict[rules.Key, int],
    *,
    lines: dict[str, str],
    as_of: datetime,
) -> pl.DataFrame:
    """contracts.WATCHLIST of the entries that are listed, column by column: row by row took ten times as long."""
    before = [active.get(key) for key in found]
    said = found.values()
    # Few sets of reasons serve all entries, and a list of lists is taken over list by list.
    sets = {reasons: place for place, reasons in enumerate({each.reasons: None for each in said})}  # fmt: skip
    columns = {
        "entry_id": [old["entry_id"] if old else entry_id(key, listings.get(key, 0)) for key, old in zip(found, before, strict=True)],
        "entity": [entity for entity, _ in found],
        "value": [value for _, value in found],
        "display_name": [each.display_name for each in said],
        "network_id": [each.network_id for each in said],
        "scam_probability": [each.scam_probability for each in said],
        "band": [each.band for each in said],
        "reasons": pl.Series(list(map(list, sets)), dtype=contracts.TEXTS).gather([sets[each.reasons] for each in said]),
        "evidence_count": [len(each.evidence) for each in said],
        "evidence_sha256": [evidence_digest(each.evidence, lines) for each in said],
        "listed_at": [old["listed_at"] if old else as_of for old in before],
        "last_seen_at": [each.last_seen_at for each in said],
        "expires_at": [each.last_seen_at + rules.lifetime(entity) for (entity, _), each in found.items()],
        "status": ["active"] * len(found),
        "release_id": [None] * len(found),
    }  # fmt: skip
    return pl.DataFrame(columns, schema=dict(contracts.WATCHLIST.columns))


def revoked(
    previous: pl.DataFrame, *, people: decisions.Decisions, owners: pl.DataFrame
) -> Listing:
    """The last list without what people's decisions keep off: nothing is added, and what stays says the same.

    Args:
        previous: contracts.WATCHLIST that consumers have.
        people: What people decided.
        owners: contracts.CORROBORATED: an indicator leaves with any of its owners.

    Returns:
        Listing; ``leaving`` is empty when nothing has to go.
    """
    held: dict[rules.Key, list[str]] = {}
    for kind, value, seller_id in owners.select("kind", "value", "seller_id").rows():
        held.setdefault((kind, value), []).append(seller_id)
    leaving = []
    listed = previous.filter(pl.col("status") == "active")
    for entry, entity, value in listed.select("entry_id", "entity", "value").rows():
        refusal = people.refusal((entity, value)) or people.owner_refusal(
            held.get((entity, value), [])
        )
        if refusal is not None:
            leaving.append({"entry_id": entry, "why": refusal})
    gone = pl.DataFrame(leaving, schema={"entry_id": pl.String(), "why": pl.String()})
    is_active = pl.col("status") == "active"
    leaves = pl.col("entry_id").is_in(gone["entry_id"].implode())
    watchlist = previous.with_columns(
        pl.when(leaves).then(pl.lit("revoked")).otherwise("status").alias("status"),
        pl.when(~is_active).then("release_id").alias("release_id"),
    )
    return Listing(
        contracts.WATCHLIST.check(watchlist.sort(_SORT)), gone.sort("entry_id")
    )


def changes(
    previous: pl.DataFrame,
    current: pl.DataFrame,
    *,
    release_id: str,
    leaving: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What leads from one list to the next.

    Args:
        previous: contracts.WATCHLIST that consumers have.
        current: contracts.WATCHLIST of the release being made.
        release_id: That release.
        leaving: ``entry_id``, ``why`` for entries that leave; their status is the reason where it says nothing.

    Returns:
        contracts.WATCHLIST_CHANGES sorted by entry_id. ADD: becomes active. MOD: stays active, and a column of WATCHED
        or the day of ``expires_at`` differs; ``why`` names them. DEL: is active no more.
    """
    whys = dict(leaving.select("entry_id", "why").rows()) if leaving is not None else {}
    before = _active(previous)
    after = _active(current)
    status = dict(current.select("entry_id", "status").rows())
    rows = []
    for entry, row in after.items():
        if entry not in before:
            rows.append(
                (release_id, entry, "ADD", f"listed: {', '.join(row['reasons'])}")
            )
            continue
        old = before[entry]
        changed = [name for name in WATCHED if old[name] != row[name]]
        if old["expires_at"].date() != row["expires_at"].date():
            changed.append("expires_at")
        if changed:
            rows.append((release_id, entry, "MOD", f"changed: {', '.join(changed)}"))
    rows += [
        (release_id, entry, "DEL", whys.get(entry) or status.get(entry) or "unknown: not in the list")
        for entry in before
        if entry not in after
    ]  # fmt: skip
    frame = pl.DataFrame(
        rows, schema=dict(contracts.WATCHLIST_CHANGES.columns), orient="row"
    )
    return contracts.WATCHLIST_CHANGES.check(frame.sort("entry_id"))


def entry_id(key: rules.Key, earlier: int) -> str:
    """Id of an entry: the same for the same entity, value and number of earlier listings, on every machine."""
    text = "\x1f".join([*key, str(earlier)])
    return f"wl-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def evidence_digest(post_ids: tuple[str, ...], lines: dict[str, str]) -> str:
    """SHA-256 over a line for each of the sorted posts: its id, a tab, the digest of its text (its doc_id; '' where unknown).

    Args:
        post_ids: Posts that prove an entry.
        lines: Line by id of posts, also of those that are not known.
    """
    said = "".join(map(lines.__getitem__, sorted(post_ids)))
    return hashlib.sha256(said.encode()).hexdigest()


class _Lines(dict[str, str]):
    """The line of each post, for ``evidence_digest``: an entry's posts are often another's too."""

    def __init__(self, posts: pl.DataFrame) -> None:
        line = pl.concat_str("post_id", pl.lit("\t"), "doc_id", pl.lit("\n"))
        known = posts.drop_nulls("doc_id").select("post_id", line.alias("line"))
        super().__init__(zip(known["post_id"].to_list(), known["line"].to_list(), strict=True))  # fmt: skip

    def __missing__(self, post_id: str) -> str:
        return f"{post_id}\t\n"


def _active(watchlist: pl.DataFrame) -> dict[str, dict[str, Any]]:
    rows = watchlist.filter(pl.col("status") == "active").iter_rows(named=True)
    return {row["entry_id"]: row for row in rows}
