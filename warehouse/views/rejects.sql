create view analyst.rejects as
select
    source,
    file,
    line,
    field,
    reason,
    seen_at,
    run_id
from core.rejects;

comment on view analyst.rejects is 'Records that were refused. Grain: rejected record.';
comment on column analyst.rejects.source is 'Name of the source.';
comment on column analyst.rejects.file is 'File or address that held the record.';
comment on column analyst.rejects.line is 'Line, counted from 1. Null where the source has no lines.';
comment on column analyst.rejects.field is 'Field that is wrong. Null when the record could not be read at all.';
comment on column analyst.rejects.reason is 'What is wrong with it.';
comment on column analyst.rejects.seen_at is 'When it was refused, UTC.';
comment on column analyst.rejects.run_id is 'Run that refused it.';
