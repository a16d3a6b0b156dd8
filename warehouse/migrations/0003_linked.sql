-- Who belongs together.

create table core.indicators (
    kind varchar not null,
    value varchar not null,
    seller_count bigint,
    post_count bigint,
    platform_count bigint,
    network_id varchar,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    is_hub boolean,
    is_allowlisted boolean
);
comment on table core.indicators is 'Indicators of posts and profiles known at as_of. Grain: kind and value. Retention: rebuilt every run.';
comment on column core.indicators.kind is 'Kind of the indicator, one of the names in CONTRACT section 1.';
comment on column core.indicators.value is 'Canonical value of the indicator.';
comment on column core.indicators.seller_count is 'Number of distinct sellers that show it.';
comment on column core.indicators.post_count is 'Number of posts, 0 or more.';
comment on column core.indicators.platform_count is 'Number of distinct platforms.';
comment on column core.indicators.network_id is 'Network that owns it. Null when none or several do.';
comment on column core.indicators.first_seen_at is 'First crawl that showed it, UTC. Null when unknown.';
comment on column core.indicators.last_seen_at is 'Latest crawl that showed it, UTC. Null when unknown.';
comment on column core.indicators.is_hub is 'Whether it belongs to too many unrelated sellers, or to a platform or hotline, and so joins nobody.';
comment on column core.indicators.is_allowlisted is 'Whether a person cleared it.';

create table core.edges (
    src varchar not null,
    dst varchar not null,
    weight double,
    evidence struct("kind" varchar, "value" varchar, "weight" double)[],
    first_seen_at timestamptz,
    last_seen_at timestamptz
);
comment on table core.edges is 'Pairs of sellers that share indicators. Grain: unordered pair, src < dst. Retention: rebuilt every run.';
comment on column core.edges.src is 'First seller of the pair.';
comment on column core.edges.dst is 'Second seller of the pair.';
comment on column core.edges.weight is 'Strength, above 0: rarer indicators weigh more.';
comment on column core.edges.evidence is 'Shared indicators: kind, value, weight.';
comment on column core.edges.first_seen_at is 'When both had shown a shared indicator, UTC.';
comment on column core.edges.last_seen_at is 'Latest crawl that showed it, UTC. Null when unknown.';

create table core.network_members (
    network_id varchar,
    seller_id varchar not null
);
comment on table core.network_members is 'Who belongs to which network. Grain: seller in a network of two or more. Retention: replaced every run; the ids carry over.';
comment on column core.network_members.network_id is 'Network as of this run; ids stay the same from night to night.';
comment on column core.network_members.seller_id is 'Account as platform:native_id.';

create table core.networks (
    network_id varchar not null,
    display_name varchar,
    seller_count bigint,
    platform_count bigint,
    indicator_count bigint,
    scam_probability double,
    max_fee_yuan decimal(18, 2),
    complaint_count bigint,
    claimed_loss_yuan decimal(18, 2),
    first_seen_at timestamptz,
    last_seen_at timestamptz
);
comment on table core.networks is 'Networks: sellers joined by shared indicators. Grain: network. Retention: rebuilt every run.';
comment on column core.networks.network_id is 'Network as of this run; ids stay the same from night to night.';
comment on column core.networks.display_name is 'Name for people. Null when no member has one.';
comment on column core.networks.seller_count is 'Number of distinct sellers.';
comment on column core.networks.platform_count is 'Number of distinct platforms.';
comment on column core.networks.indicator_count is 'Number of indicators that join it.';
comment on column core.networks.scam_probability is 'Highest probability among its members, 0 to 1. Null when none is scored.';
comment on column core.networks.max_fee_yuan is 'Largest agency fee asserted, in yuan. Null when none was named.';
comment on column core.networks.complaint_count is 'Number of complaints linked to it, 0 or more.';
comment on column core.networks.claimed_loss_yuan is 'Sum of the amounts in linked complaints, in yuan. Null when none names one.';
comment on column core.networks.first_seen_at is 'First crawl that showed it, UTC. Null when unknown.';
comment on column core.networks.last_seen_at is 'Latest crawl that showed it, UTC. Null when unknown.';

create table core.network_changes (
    network_id varchar,
    run_id varchar,
    event varchar,
    detail varchar
);
comment on table core.network_changes is 'What happened to networks. Grain: network, run and event. Retention: kept.';
comment on column core.network_changes.network_id is 'Network it happened to.';
comment on column core.network_changes.run_id is 'Run that wrote the row.';
comment on column core.network_changes.event is 'created, grew, merged_into, split_from, renamed, dormant or revived.';
comment on column core.network_changes.detail is 'Other network, names or counts of the event. Null when there is nothing to add.';

create table core.complaints (
    post_id varchar,
    target varchar,
    amount_yuan decimal(18, 2),
    demand varchar,
    status varchar,
    network_id varchar,
    seller_id varchar,
    link_reason varchar,
    link_confidence double
);
comment on table core.complaints is 'Complaints and whom they are linked to. Grain: complaint and linked seller or network. Retention: rebuilt every run.';
comment on column core.complaints.post_id is 'The complaint, as platform:native_id.';
comment on column core.complaints.target is 'Whom it is about, as written. Null when not said.';
comment on column core.complaints.amount_yuan is 'Sum in dispute in yuan. Null when not said.';
comment on column core.complaints.demand is 'What is demanded. Null when not said.';
comment on column core.complaints.status is 'State at the complaint site. Null when not said.';
comment on column core.complaints.network_id is 'Linked network. Null when none.';
comment on column core.complaints.seller_id is 'Linked seller. Null when none.';
comment on column core.complaints.link_reason is 'Why it is linked. Null when it is not.';
comment on column core.complaints.link_confidence is 'How sure the link is, 0 to 1. Null when it is not linked.';
