create view analyst.fetches as
select
    source,
    url_or_file,
    fetch_status,
    http_status,
    record_count,
    reject_count,
    reason,
    fetched_at,
    run_id
from core.fetches;

comment on view analyst.fetches is 'What was asked of each source and what came back. Grain: request or dropped file.';
comment on column analyst.fetches.source is 'Name of the source.';
comment on column analyst.fetches.url_or_file is 'Address without signed parts, or name of the dropped file.';
comment on column analyst.fetches.fetch_status is 'ok, empty, blocked, login_wall, rate_limited, gone, schema_drift, robots_disallowed, not_authorised or error. Only ok and empty are success.';
comment on column analyst.fetches.http_status is 'Status code. Null for a file or when no answer came.';
comment on column analyst.fetches.record_count is 'Number of records that came out.';
comment on column analyst.fetches.reject_count is 'Number of records refused.';
comment on column analyst.fetches.reason is 'Explanation for a person. Null when there is nothing to explain.';
comment on column analyst.fetches.fetched_at is 'When the answer came, UTC.';
comment on column analyst.fetches.run_id is 'Run that asked.';
