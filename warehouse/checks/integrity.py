"""What must never be true of a run's tables: rows that point nowhere, knowledge from the future, scores without a why.

In: nothing. Out: SQL per check, which counts the rows that break it; ``quality`` runs them.

Invariant: every query counts 0 on an empty database and on a sound one, whatever the data, and so do all that point at nothing
(``digests``).
"""

from __future__ import annotations

#: Check → what is counted, which must be none. $as_of is bound where it stands.
BROKEN = {
    "integrity:future": (
        "select count(*) from core.post_reads where crawled_at > $as_of",
        "posts that were not known yet at as_of",
    ),
    "integrity:members": (
        "select count(*) from core.network_members anti join core.networks using (network_id)",
        "members of networks that do not exist",
    ),
    "integrity:sellers": (
        (
            "select count(*) from core.sellers as s left join core.network_members as m using (seller_id)"
            " where s.network_id is distinct from m.network_id"
        ),
        "sellers whose network is not the one they are a member of",
    ),
    "integrity:edges": (
        (
            "select count(*) from core.edges where src >= dst or weight <= 0 or coalesce(len(evidence), 0) = 0"
            " or src not in (select seller_id from core.sellers) or dst not in (select seller_id from core.sellers)"
        ),
        "links that are not ordered, have no why, or join unknown sellers",
    ),
    "integrity:scores": (
        (
            "select count(*) from core.sellers where scam_probability not between 0 and 1"
            " or isnan(scam_probability) or probability_low > scam_probability or probability_high < scam_probability"
        ),
        "scores outside 0 to 1 or outside their own interval",
    ),
    "integrity:reasons": (
        "select count(*) from core.sellers as s anti join core.reasons using (seller_id) where s.scam_probability is not null",
        "scores without a reason",
    ),
    "integrity:silent": (
        "select count(*) from core.sellers where role in ('reporter', 'complainant') and scam_probability is not null",
        "reporters or complainants with a score",
    ),
    "integrity:unmasked": (
        (
            "select count(*) from core.post_reads inner join raw.posts using (post_id, crawled_at)"
            " anti join core.masked_texts using (post_id) where kind in ('complaint', 'comment')"
        ),
        "complaints or comments whose text was not looked at for private contacts",
    ),
    "integrity:masked": (
        (
            "select count(*) from core.masked_texts as m inner join core.post_reads using (post_id)"
            " inner join raw.posts as p using (post_id, crawled_at)"
            " where length(m.text) is distinct from length(p.text) or length(m.title) is distinct from length(p.title)"
        ),
        "masked texts that are not as long as the text, so that spans would point elsewhere",
    ),
}

#: Rows that point at others, of which none may point at nothing: digests of what may be pointed at, and by check those of
#: what points there, and what it is then.
POINTING = (
    (
        "select hash(post_id) as digest from core.post_reads",
        {
            "integrity:signals": (
                "select hash(post_id) as digest from core.signals",
                "signals of posts that are not known",
            ),
            "integrity:amounts": (
                "select hash(post_id) as digest from core.amounts",
                "amounts of posts that are not known",
            ),
            "integrity:sightings": (
                "select hash(post_id) as digest from core.sightings where post_id is not null",
                "sightings in posts that are not known",
            ),
            "integrity:reason_posts": (
                "select hash(evidence_post_id) as digest from core.reasons where evidence_post_id is not null",
                "reasons that point at posts that are not known",
            ),
        },
    ),
    (
        "select hash(doc_id) as digest from core.doc_stances",
        {
            "integrity:unread": (
                "select hash(doc_id) as digest from core.post_reads",
                "posts whose text was never read",
            ),
        },
    ),
)

#: What is wrong with posts that are counted with their fields (``quality``): those without the version that was read.
UNSTORED = ("integrity:post_reads", "posts that were read but are not stored in that version")  # fmt: skip

#: Digests of the versions that were read, and of those stored, of which the last two bits say what they have.
VERSIONS = (
    "select hash(post_id, crawled_at) // 4 * 4 as digest from core.post_reads",
    """select hash(post_id, crawled_at) // 4 * 4 + (published_at is not null)::utinyint + 2 * (author_name is not null)::utinyint
        as digest
    from raw.posts""",
)
