create view analyst.appeals as
select
    appeal_id,
    target,
    state,
    note,
    author,
    opened_at,
    is_current,
    entity,
    value,
    due_at,
    decided_at,
    decided_by,
    decision_note
from core.appeals;

comment on view analyst.appeals is 'Objections against entries, with their answer. Grain: appeal. Empty until somebody appeals.';
comment on column analyst.appeals.appeal_id is 'The appeal.';
comment on column analyst.appeals.target is 'Entry it is against.';
comment on column analyst.appeals.state is 'open, upheld or rejected.';
comment on column analyst.appeals.note is 'Text of the appeal.';
comment on column analyst.appeals.author is 'Who filed it: subject, or the person who received it.';
comment on column analyst.appeals.opened_at is 'When it was opened, UTC.';
comment on column analyst.appeals.is_current is 'Whether it is the latest appeal against its entry.';
comment on column analyst.appeals.entity is 'Entity of that entry: seller, or the kind of an indicator.';
comment on column analyst.appeals.value is 'Value of that entry: seller id, or canonical value of the indicator.';
comment on column analyst.appeals.due_at is 'When an answer is due, UTC: 14 days after opened_at.';
comment on column analyst.appeals.decided_at is 'When it was decided, UTC. Null while it is open.';
comment on column analyst.appeals.decided_by is 'Who decided. Null while it is open.';
comment on column analyst.appeals.decision_note is 'Reason of the decision. Null while it is open.';
