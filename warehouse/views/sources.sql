create view analyst.sources as
select
    source,
    state,
    why,
    last_ok_at,
    record_count,
    usual_record_count,
    canary_ok
from core.sources;

comment on view analyst.sources is 'State of each source after the latest run. Grain: source.';
comment on column analyst.sources.source is 'Name of the source.';
comment on column analyst.sources.state is 'green, yellow or red.';
comment on column analyst.sources.why is 'Explanation for a person.';
comment on column analyst.sources.last_ok_at is 'Latest successful fetch, UTC. Null when there was none.';
comment on column analyst.sources.record_count is 'Number of records that came out.';
comment on column analyst.sources.usual_record_count is 'Usual number of records by the source''s own history. Null without a history.';
comment on column analyst.sources.canary_ok is 'Whether the canary query found what it must. Null when the source has none.';
