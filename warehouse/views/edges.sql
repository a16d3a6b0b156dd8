create view analyst.edges as
select
    src,
    dst,
    weight,
    evidence,
    first_seen_at,
    last_seen_at
from core.edges;

comment on view analyst.edges is 'Pairs of sellers that share indicators. Grain: unordered pair, src < dst.';
comment on column analyst.edges.src is 'First seller of the pair.';
comment on column analyst.edges.dst is 'Second seller of the pair.';
comment on column analyst.edges.weight is 'Strength, above 0: rarer indicators weigh more.';
comment on column analyst.edges.evidence is 'Shared indicators: kind, value, weight.';
comment on column analyst.edges.first_seen_at is 'When both had shown a shared indicator, UTC.';
comment on column analyst.edges.last_seen_at is 'Latest crawl that showed it, UTC. Null when unknown.';
