create view analyst.appeals as
select
    appeal_id,
    target,
    state,
    note,
    author,
    opened_at,
    is_current
from core.appeals;

comment on view analyst.appeals is 'Objections against entries. Grain: appeal. Empty until somebody appeals.';
comment on column analyst.appeals.appeal_id is 'The appeal.';
comment on column analyst.appeals.target is 'Entry it is against.';
comment on column analyst.appeals.state is 'open, upheld or rejected.';
comment on column analyst.appeals.note is 'Text of the appeal or of the decision. Null when none was given.';
comment on column analyst.appeals.author is 'Who wrote it.';
comment on column analyst.appeals.opened_at is 'When it was opened, UTC.';
comment on column analyst.appeals.is_current is 'Whether it is the latest state of the appeal.';
