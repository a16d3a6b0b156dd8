create view analyst.networks as
select
    network_id,
    display_name,
    seller_count,
    platform_count,
    indicator_count,
    scam_probability,
    max_fee_yuan,
    complaint_count,
    claimed_loss_yuan,
    first_seen_at,
    last_seen_at,
    is_dormant
from core.networks;

comment on view analyst.networks is 'Sellers joined by shared indicators: what an investigator calls a ring. Grain: network.';
comment on column analyst.networks.network_id is 'Network as of this run; ids stay the same from night to night.';
comment on column analyst.networks.display_name is 'Name for people. Null when no member has one.';
comment on column analyst.networks.seller_count is 'Number of distinct sellers.';
comment on column analyst.networks.platform_count is 'Number of distinct platforms.';
comment on column analyst.networks.indicator_count is 'Number of indicators that join it.';
comment on column analyst.networks.scam_probability is 'Highest probability among its members, 0 to 1. Null when none is scored.';
comment on column analyst.networks.max_fee_yuan is 'Largest agency fee asserted, in yuan. Null when none was named.';
comment on column analyst.networks.complaint_count is 'Number of complaints linked to it, 0 or more.';
comment on column analyst.networks.claimed_loss_yuan is 'Sum of the amounts in linked complaints, in yuan. Null when none names one.';
comment on column analyst.networks.first_seen_at is 'First crawl that showed it, UTC. Null when unknown.';
comment on column analyst.networks.last_seen_at is 'Latest crawl that showed it, UTC. Null when unknown.';
comment on column analyst.networks.is_dormant is 'Whether no post of any member was seen for 90 days.';
