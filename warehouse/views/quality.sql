create view analyst.quality as
select
    check_name,
    run_id,
    value,
    minimum,
    maximum,
    state,
    why,
    next_step
from core.quality;

comment on view analyst.quality is 'Checks of each run. Grain: check and run.';
comment on column analyst.quality.check_name is 'What was checked, with the source or table after a colon.';
comment on column analyst.quality.run_id is 'Run that was checked.';
comment on column analyst.quality.value is 'What was found. Null when there was nothing to measure.';
comment on column analyst.quality.minimum is 'Least that passes. Null when there is none.';
comment on column analyst.quality.maximum is 'Most that passes. Null when there is none.';
comment on column analyst.quality.state is 'green, yellow (look at it) or red (stops the release).';
comment on column analyst.quality.why is 'What the value means.';
comment on column analyst.quality.next_step is 'What to do now. Null when green.';
