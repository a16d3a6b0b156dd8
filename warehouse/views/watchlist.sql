create view analyst.watchlist as
select
    entry_id,
    entity,
    value,
    display_name,
    network_id,
    scam_probability,
    band,
    reasons,
    evidence_count,
    evidence_sha256,
    listed_at,
    last_seen_at,
    expires_at,
    status,
    release_id
from core.watchlist;

comment on view analyst.watchlist is 'Every entry ever listed, with its latest state; lists hold the active ones. Grain: entry.';
comment on column analyst.watchlist.entry_id is 'Watchlist entry. The same entity and value listed again after leaving gets a new id.';
comment on column analyst.watchlist.entity is 'seller, or the kind of an indicator.';
comment on column analyst.watchlist.value is 'Seller id, or canonical value of the indicator.';
comment on column analyst.watchlist.display_name is 'Name for people. Null when there is none.';
comment on column analyst.watchlist.network_id is 'Network at the time of the release. Null when alone.';
comment on column analyst.watchlist.scam_probability is 'Highest probability behind the entry, 0 to 1. Null when a verdict listed an unscored seller.';
comment on column analyst.watchlist.band is 'Band of that probability. Null when a verdict listed an unscored seller.';
comment on column analyst.watchlist.reasons is 'Codes of the reasons, sorted.';
comment on column analyst.watchlist.evidence_count is 'Number of posts that prove it.';
comment on column analyst.watchlist.evidence_sha256 is 'Digest over the sorted ids of those posts and the digests of their texts.';
comment on column analyst.watchlist.listed_at is 'When it was listed, UTC.';
comment on column analyst.watchlist.last_seen_at is 'Latest crawl that showed the seller or the indicator in use, UTC.';
comment on column analyst.watchlist.expires_at is 'When it leaves unless seen again, UTC: 90 days after last_seen_at, phone and wechat 45.';
comment on column analyst.watchlist.status is 'active, expired or revoked.';
comment on column analyst.watchlist.release_id is 'Release the row belongs to: for an active entry the newest, otherwise the one it left with.';
