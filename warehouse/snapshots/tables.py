"""The tables of a snapshot: which there are, and what they hold of the working database.

In: names of views. Out: SQL over the working database, with ``$as_of`` where it matters, and the order of its rows.

Invariants: the order is a full one, the one in which analysts mostly look, so the same data give the same table. Texts of
complaints and comments come from ``core.masked_texts`` only, so one that nobody looked at is left out; and an indicator
that no public sighting shows is left out too.
"""

from __future__ import annotations

from warehouse import contracts

#: The views of CONTRACT section 5, in its order, then ours.
VIEWS = (
    "posts", "signals", "amounts", "sightings", "indicators", "sellers", "reasons", "edges", "networks",
    "network_changes", "complaints", "cases", "verdicts", "appeals", "revocations", "watchlist", "watchlist_changes",
    "policy_conflicts", "keyword_suggestions", "fetches", "sources", "runs", "rejects", "quality",
    "labels", "bundles",
)  # fmt: skip

#: Latest crawl of each post by a moment.
_LATER_CRAWLS = "(select {key}, max(crawled_at) as crawled_at from raw.crawls where crawled_at <= $as_of group by all)"

#: First archived answer by its digest.
_EVIDENCE = """(
        select sha256, arg_min(warc_file || '#' || sha256, (fetched_at, warc_file)) as ref
        from core.evidence
        where fetched_at <= $as_of and erased_at is null
        group by all
    )"""

#: What stands for title and text as they are shown.
_CONTENT_DIGEST = """case
            when masked.post_id is not null then md5_number(coalesce(masked.title, chr(30)) || chr(31) || coalesce(masked.text, chr(30)))
            when posts.kind in ('complaint', 'comment') then 0
            else posts.content_digest
        end as content_digest"""

_POSTS = """
    select
        reads.post_id,
        posts.platform,
        posts.kind,
        posts.seller_id,
        posts.url,
        posts.published_at,
        reads.first_crawled_at,
        greatest(posts.crawled_at, later_crawls.crawled_at) as last_crawled_at,
        case when posts.kind in ('complaint', 'comment') then masked.title else coalesce(masked.title, posts.title) end as title,
        case when posts.kind in ('complaint', 'comment') then masked.text else coalesce(masked.text, posts.text) end as text,
        reads.stance,
        reads.stance_probability,
        reads.is_on_topic,
        reads.template_id,
        evidence.ref as evidence_ref,
        {content_digest}
    from {reads} as reads
    inner join raw.posts as posts using (post_id, crawled_at)
    left join {later_crawls} as later_crawls using (post_id)
    left join core.masked_texts as masked using (post_id)
    left join {evidence} as evidence on evidence.sha256 = posts.evidence_sha256
    where posts.crawled_at <= $as_of
"""
_PARTS = {"evidence": _EVIDENCE, "content_digest": _CONTENT_DIGEST}
_BY_ID = {"later_crawls": _LATER_CRAWLS.format(key="post_id"), **_PARTS}
POSTS = _POSTS.format(reads="core.post_reads", **_BY_ID)

#: What rows of posts are compared by, beside columns: digests of what core.post_reads gives, and of what raw.posts does.
POST_DIGESTS = {
    "read": "hash(post_id, first_crawled_at, stance, stance_probability, is_on_topic, template_id)",
    "said": "hash(platform, kind, seller_id, url, published_at)",
}
POST_COMPARED = (*POST_DIGESTS, "evidence_ref", "content_digest", "last_crawled_at")

#: Those of all posts, and their ``place``, the row of core.post_reads that a post comes from. Joined by digests, and of each row only
#: digests: with the columns themselves it took twice the time.
PLACED_POSTS = """
    select
        reads.place,
        reads.read,
        posts.said,
        evidence.ref as evidence_ref,
        {content_digest},
        greatest(posts.crawled_at, later_crawls.crawled_at) as last_crawled_at
    from (
        select rowid as place, hash(post_id) as post, hash(post_id, crawled_at) as version, {read} as read from core.post_reads
    ) as reads
    inner join (
        select
            hash(post_id, crawled_at) as version, crawled_at, kind, content_digest, evidence_sha256, {said} as said
        from raw.posts
        where crawled_at <= $as_of
    ) as posts using (version)
    left join {later_crawls} as later_crawls using (post)
    left join (select hash(post_id) as post, post_id, title, text from core.masked_texts) as masked using (post)
    left join {evidence} as evidence on evidence.sha256 = posts.evidence_sha256
""".format(  # noqa: S608 -- built from constants
    later_crawls=_LATER_CRAWLS.format(key="hash(post_id) as post"),
    **_PARTS,
    **POST_DIGESTS,
)

#: The same of the posts whose places are in ``differing``: joining a few with their texts costs a tenth of joining all.
FEW_POSTS = _POSTS.format(reads="(from core.post_reads where rowid in (select place from differing))", **_BY_ID)  # fmt: skip

#: Columns of the posts' table in a snapshot. ``content_digest`` stands for ``title`` and ``text`` where rows are compared.
POST_COLUMNS = (
    "post_id", "platform", "kind", "seller_id", "url", "published_at", "first_crawled_at", "last_crawled_at", "title",
    "text", "stance", "stance_probability", "is_on_topic", "template_id", "evidence_ref", "content_digest",
)  # fmt: skip

#: Made after the sightings, of which it keeps the indicators.
_INDICATORS = """
    select
        kind, value, seller_count, post_count, platform_count, network_id, first_seen_at, last_seen_at, is_hub,
        is_allowlisted
    from core.indicators
    semi join snapshot.core.sightings using (kind, value)
"""

#: A decision is current when it is its author's latest on the target, as of the snapshot.
_VERDICTS = """
    select
        verdict_id, target, verdict, note, author, decided_at,
        row_number() over (partition by target, author order by decided_at desc, verdict_id desc) = 1 as is_current
    from core.verdicts
    where decided_at <= $as_of
"""

_APPEALS = """
    select
        appeal_id, target,
        case when decided_at <= $as_of then state else 'open' end as state,
        note, author, opened_at,
        row_number() over (partition by target order by opened_at desc, appeal_id desc) = 1 as is_current,
        entity, value, due_at,
        case when decided_at <= $as_of then decided_at end as decided_at,
        case when decided_at <= $as_of then decided_by end as decided_by,
        case when decided_at <= $as_of then decision_note end as decision_note
    from core.appeals
    where opened_at <= $as_of
"""

_REVOCATIONS = """
    select revocation_id, entry_id, entity, value, note, author, decided_at
    from core.revocations
    where decided_at <= $as_of
"""

#: How analysts mostly look: by seller, network, entity or time. Ties are broken by the other columns.
_ORDER = {
    "posts": "seller_id, published_at, post_id",
    "verdicts": "decided_at, verdict_id",
    "appeals": "opened_at, appeal_id",
    "revocations": "decided_at, revocation_id",
    "signals": "seller_id, post_id, signal, field, span_start, span_end",
    "amounts": "seller_id, post_id, field, span_start, span_end",
    "sightings": "seller_id, post_id nulls first, kind, value, field, seen_at, raw",
    "edges": "src, dst",
    "network_changes": "network_id, run_id, event, detail",
    "complaints": "network_id, seller_id, post_id",
    "watchlist": "entity, value, listed_at, entry_id",
    "policy_conflicts": "platform, post_id, rule_id",
    "fetches": "fetched_at, source, url_or_file, run_id",
    "runs": "started_at, run_id",
    "rejects": "seen_at, source, file, line, field, reason",
    "quality": "run_id, check_name",
}

_SPECIAL = {
    "posts": POSTS,
    "indicators": _INDICATORS,
    "verdicts": _VERDICTS,
    "appeals": _APPEALS,
    "revocations": _REVOCATIONS,
}

_CONTRACTS = {
    contract.name.removeprefix("core."): contract
    for contract in vars(contracts).values()
    if isinstance(contract, contracts.Contract)
}


def columns(view: str) -> tuple[str, ...]:
    """Columns of a view's table, in order."""
    return POST_COLUMNS if view == "posts" else tuple(_CONTRACTS[view].columns)


def order(view: str) -> str:
    """In which order its rows are stored, as after ``order by``."""
    return _ORDER.get(view) or ", ".join(_CONTRACTS[view].key)


def query(view: str, *, with_staged_release: bool = False) -> str:
    """SQL that gives the rows of a snapshot's table from the working database, in any order, with $as_of where it matters."""
    if view in _SPECIAL:
        return _SPECIAL[view]
    names = ", ".join(columns(view))
    source = f"core.{view}"
    if with_staged_release and view == "watchlist":
        source = "core.staged_watchlist"
    elif with_staged_release and view == "watchlist_changes":
        source = f"(select {names} from core.watchlist_changes union all select {names} from core.staged_changes)"  # noqa: S608 -- names come from contracts
    return f"select {names} from {source}"  # noqa: S608 -- names come from contracts
