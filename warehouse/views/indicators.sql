create view analyst.indicators as
select
    kind,
    value,
    seller_count,
    post_count,
    platform_count,
    network_id,
    first_seen_at,
    last_seen_at,
    is_hub,
    is_allowlisted
from core.indicators;

comment on view analyst.indicators is 'Reusable contacts and infrastructure values. Grain: kind and value.';
comment on column analyst.indicators.kind is 'Kind of the indicator, one of the names in CONTRACT section 1.';
comment on column analyst.indicators.value is 'Canonical value of the indicator.';
comment on column analyst.indicators.seller_count is 'Number of distinct sellers that show it.';
comment on column analyst.indicators.post_count is 'Number of posts, 0 or more.';
comment on column analyst.indicators.platform_count is 'Number of distinct platforms.';
comment on column analyst.indicators.network_id is 'Network that owns it. Null when none or several do.';
comment on column analyst.indicators.first_seen_at is 'First crawl that showed it, UTC. Null when unknown.';
comment on column analyst.indicators.last_seen_at is 'Latest crawl that showed it, UTC. Null when unknown.';
comment on column analyst.indicators.is_hub is 'Whether it belongs to too many unrelated sellers, or to a platform or hotline, and so joins nobody.';
comment on column analyst.indicators.is_allowlisted is 'Whether a person cleared it.';
