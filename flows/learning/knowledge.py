"""What is known of the sellers at a moment: the frames that scoring, training, evaluation and backtests start from."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features import behaviour, policy
from features import pack as pack_module
from features.writing import plain
from models import dataset, labels
from models.knowledge import evidence, hindsight, seen
from models.language import kindred
from warehouse import contracts, load

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

#: Posts that are no offers whose wording is looked at, at most: enough to tell what everybody says.
MOST_OTHERS = 40_000
_READ = (
    contracts.POST_READS,
    contracts.SIGNALS,
    contracts.AMOUNTS,
    contracts.SIGHTINGS,
    contracts.EDGES,
    contracts.NETWORK_MEMBERS,
    contracts.COMPLAINTS,
)


@dataclass(frozen=True)
class Known:
    """Frames as of a moment.

    Attributes:
        pack: The scheme.
        as_of: The moment.
        posts: As from ``load.posts_with_texts``.
        read: Frames of the reading and linking stages, in the order that ``behaviour.seller_features`` takes them.
        conflicts: contracts.POLICY_CONFLICTS.
        standing: contracts.STANDING.
        facts: contracts.SELLER_FACTS.
        verdicts: As from ``labels.combined``.
    """

    pack: pack_module.Pack
    as_of: datetime
    posts: pl.DataFrame
    read: tuple[pl.DataFrame, ...]
    conflicts: pl.DataFrame
    standing: pl.DataFrame
    facts: pl.DataFrame
    verdicts: pl.DataFrame

    @property
    def members(self) -> pl.DataFrame:
        """contracts.NETWORK_MEMBERS."""
        return self.read[5]

    @property
    def complaints(self) -> pl.DataFrame:
        """contracts.COMPLAINTS."""
        return self.read[6]

    @functools.cached_property
    def texts(self) -> pl.DataFrame:
        """``post_id``, ``text`` (normalised, lower case) of all offers and of a fair sample of all else, by post_id."""
        rows = (
            self.posts.select("post_id", "title", "text")
            .join(self.read[0].select("post_id", "stance"), on="post_id")
            .sort("post_id")
        )
        is_offer = pl.col("stance") == "offer"
        others = rows.filter(~is_offer)
        rows = pl.concat(
            [
                rows.filter(is_offer),
                others.gather_every(max(1, -(-others.height // MOST_OTHERS))),
            ]
        ).sort("post_id")
        written = rows.select(
            pl.concat_str("title", "text", separator="\n", ignore_nulls=True).fill_null(
                ""
            )
        ).to_series()
        lower = [text for _, text in plain.normalised(written.to_list())]
        return rows.select("post_id", pl.Series("text", lower, dtype=pl.String))

    @functools.cached_property
    def features(self) -> pl.DataFrame:
        """``behaviour.seller_features`` with ``wording_likeness`` filled in."""
        plain_features = behaviour.seller_features(
            self.posts,
            *self.read,
            as_of=self.as_of,
            fee_bands=self.pack.fee_bands,
            policy_conflicts=self.conflicts,
            standing=self.standing,
        )
        believed = seen.first_beliefs(
            plain_features, self.facts, pack=self.pack, verdicts=self.verdicts
        )
        rows = (
            self.posts.select("post_id", "seller_id")
            .join(self.read[0].select("post_id", "stance", "is_on_topic"), on="post_id")
            .join(
                self.facts.select("seller_id", dataset.groups(self.facts)),
                on="seller_id",
            )
            .join(self.texts, on="post_id")
            .sort("post_id")
        )
        found = kindred.likeness(rows, rows["text"].to_list(), believed)
        return kindred.with_likeness(plain_features, found)

    @functools.cached_property
    def before(self) -> hindsight.Hindsight:
        """What complaints teach: sellers that were complained of since, as they were ``hindsight.HORIZON`` ago."""
        sellers = hindsight.complained(
            self.complaints, self.read[0], self.facts, self.verdicts, as_of=self.as_of
        )
        if sellers.height < hindsight.LEAST:
            return hindsight.nothing(self.pack.rules)
        moment = self.as_of - hindsight.HORIZON
        reads, signals, amounts, sightings, edges, members, complaints = self.read
        known_edges = edges.filter(pl.col("first_seen_at") <= moment)
        linked = pl.concat([known_edges["src"], known_edges["dst"]]).unique()
        earlier = behaviour.seller_features(
            self.posts,
            reads,
            signals,
            amounts,
            sightings,
            known_edges,
            # Whom nothing linked by then was in nobody's network.
            members.filter(pl.col("seller_id").is_in(linked.implode())),
            complaints,
            as_of=moment,
            fee_bands=self.pack.fee_bands,
            policy_conflicts=self.conflicts,
        )
        return hindsight.hindsight(sellers, earlier, self.facts, self.pack.rules)

    @functools.cached_property
    def pointers(self) -> pl.DataFrame:
        """As from ``evidence.evidence_posts``."""
        return evidence.evidence_posts(
            self.posts,
            *self.read,
            as_of=self.as_of,
            policy_conflicts=self.conflicts,
        )


def gather(
    connection: duckdb.DuckDBPyConnection, *, pack_name: str, as_of: datetime
) -> Known:
    """Read what the stages before left in the working database.

    Args:
        connection: The working database, read and linked as of ``as_of``.
        pack_name: The scheme.
        as_of: Knowledge limit.
    """
    pack = pack_module.load_pack(pack_name)
    posts = load.posts_with_texts(connection, as_of)
    read = tuple(load.read(connection, contract) for contract in _READ)
    reads, signals, amounts, _, _, members, complaints = read
    return Known(
        pack=pack,
        as_of=as_of,
        posts=posts,
        read=read,
        conflicts=policy.conflicts(posts, reads, signals, pack=pack),
        standing=load.read(connection, contracts.STANDING),
        facts=behaviour.seller_facts(
            posts, reads, signals, amounts, members, complaints, as_of=as_of
        ),
        verdicts=labels.combined(
            load.read(connection, contracts.VERDICTS),
            load.read(connection, contracts.LABELS),
            as_of=as_of,
        ),
    )
