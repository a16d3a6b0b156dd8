-- How the runs went.

create table core.runs (
    run_id varchar not null,
    as_of timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    state varchar,
    exit_code bigint,
    release_id varchar,
    is_sandbox boolean,
    stage_seconds varchar
);
comment on table core.runs is 'Runs of the nightly job. Grain: run. Retention: kept.';
comment on column core.runs.run_id is 'The run.';
comment on column core.runs.as_of is 'Limit of knowledge of the run, UTC.';
comment on column core.runs.started_at is 'When it began, UTC.';
comment on column core.runs.ended_at is 'When it ended, UTC. Null while it is running or when it was killed.';
comment on column core.runs.state is 'How it ended, or running.';
comment on column core.runs.exit_code is 'Exit code (CONTRACT section 2). Null while it is running or when it was killed.';
comment on column core.runs.release_id is 'Release it made visible. Null when it made none.';
comment on column core.runs.is_sandbox is 'Whether its data are invented.';
comment on column core.runs.stage_seconds is 'Seconds spent per stage, as a JSON object. Null until it ended.';

create table core.sources (
    source varchar not null,
    state varchar,
    why varchar,
    last_ok_at timestamptz,
    record_count bigint,
    usual_record_count bigint,
    canary_ok boolean
);
comment on table core.sources is 'State of each source after the latest run. Grain: source. Retention: replaced every run.';
comment on column core.sources.source is 'Name of the source.';
comment on column core.sources.state is 'green, yellow or red.';
comment on column core.sources.why is 'Explanation for a person.';
comment on column core.sources.last_ok_at is 'Latest successful fetch, UTC. Null when there was none.';
comment on column core.sources.record_count is 'Number of records that came out.';
comment on column core.sources.usual_record_count is 'Usual number of records by the source''s own history. Null without a history.';
comment on column core.sources.canary_ok is 'Whether the canary query found what it must. Null when the source has none.';

create table core.fetches (
    source varchar,
    url_or_file varchar,
    fetch_status varchar,
    http_status bigint,
    record_count bigint,
    reject_count bigint,
    reason varchar,
    fetched_at timestamptz,
    run_id varchar
);
comment on table core.fetches is 'What was asked of each source and what came back. Grain: request or dropped file. Retention: kept.';
comment on column core.fetches.source is 'Name of the source.';
comment on column core.fetches.url_or_file is 'Address without signed parts, or name of the dropped file.';
comment on column core.fetches.fetch_status is 'ok, empty, blocked, login_wall, rate_limited, gone, schema_drift, robots_disallowed, not_authorised or error. Only ok and empty are success.';
comment on column core.fetches.http_status is 'Status code. Null for a file or when no answer came.';
comment on column core.fetches.record_count is 'Number of records that came out.';
comment on column core.fetches.reject_count is 'Number of records refused.';
comment on column core.fetches.reason is 'Explanation for a person. Null when there is nothing to explain.';
comment on column core.fetches.fetched_at is 'When the answer came, UTC.';
comment on column core.fetches.run_id is 'Run that asked.';

create table core.rejects (
    source varchar,
    file varchar,
    line bigint,
    field varchar,
    reason varchar,
    seen_at timestamptz,
    run_id varchar
);
comment on table core.rejects is 'Records that were refused. Grain: rejected record. Retention: kept.';
comment on column core.rejects.source is 'Name of the source.';
comment on column core.rejects.file is 'File or address that held the record.';
comment on column core.rejects.line is 'Line, counted from 1. Null where the source has no lines.';
comment on column core.rejects.field is 'Field that is wrong. Null when the record could not be read at all.';
comment on column core.rejects.reason is 'What is wrong with it.';
comment on column core.rejects.seen_at is 'When it was refused, UTC.';
comment on column core.rejects.run_id is 'Run that refused it.';

create table core.quality (
    check_name varchar not null,
    run_id varchar not null,
    value double,
    minimum double,
    maximum double,
    state varchar,
    why varchar,
    next_step varchar
);
comment on table core.quality is 'Checks of each run. Grain: check and run. Retention: kept.';
comment on column core.quality.check_name is 'What was checked, with the source or table after a colon.';
comment on column core.quality.run_id is 'Run that was checked.';
comment on column core.quality.value is 'What was found. Null when there was nothing to measure.';
comment on column core.quality.minimum is 'Least that passes. Null when there is none.';
comment on column core.quality.maximum is 'Most that passes. Null when there is none.';
comment on column core.quality.state is 'green, yellow (look at it) or red (stops the release).';
comment on column core.quality.why is 'What the value means.';
comment on column core.quality.next_step is 'What to do now. Null when green.';
