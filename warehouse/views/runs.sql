create view analyst.runs as
select
    run_id,
    as_of,
    started_at,
    ended_at,
    state,
    exit_code,
    release_id,
    is_sandbox,
    stage_seconds
from core.runs;

comment on view analyst.runs is 'Runs of the nightly job. Grain: run. The run that made this snapshot stands as it was when the snapshot was made.';
comment on column analyst.runs.run_id is 'The run.';
comment on column analyst.runs.as_of is 'Limit of knowledge of the run, UTC.';
comment on column analyst.runs.started_at is 'When it began, UTC.';
comment on column analyst.runs.ended_at is 'When it ended, UTC. Null while it is running or when it was killed.';
comment on column analyst.runs.state is 'How it ended, or running.';
comment on column analyst.runs.exit_code is 'Exit code (CONTRACT section 2). Null while it is running or when it was killed.';
comment on column analyst.runs.release_id is 'Release it made visible. Null when it made none.';
comment on column analyst.runs.is_sandbox is 'Whether its data are invented.';
comment on column analyst.runs.stage_seconds is 'Seconds spent per stage, as a JSON object. Null until it ended.';
