-- Objections with their clock and decision, and entries that a person took off.

alter table core.appeals add column entity varchar;
alter table core.appeals add column value varchar;
alter table core.appeals add column due_at timestamptz;
alter table core.appeals add column decided_at timestamptz;
alter table core.appeals add column decided_by varchar;
alter table core.appeals add column decision_note varchar;
comment on column core.appeals.target is 'Entry it is against.';
comment on column core.appeals.state is 'open, upheld or rejected.';
comment on column core.appeals.note is 'Text of the appeal.';
comment on column core.appeals.author is 'Who filed it: subject, or the person who received it.';
comment on column core.appeals.is_current is 'Whether it is the latest appeal against its entry.';
comment on column core.appeals.entity is 'Entity of that entry: seller, or the kind of an indicator.';
comment on column core.appeals.value is 'Value of that entry: seller id, or canonical value of the indicator.';
comment on column core.appeals.due_at is 'When an answer is due, UTC: 14 days after opened_at.';
comment on column core.appeals.decided_at is 'When it was decided, UTC. Null while it is open.';
comment on column core.appeals.decided_by is 'Who decided. Null while it is open.';
comment on column core.appeals.decision_note is 'Reason of the decision. Null while it is open.';

create table core.revocations (
    revocation_id varchar not null,
    entry_id varchar,
    entity varchar,
    value varchar,
    note varchar,
    author varchar,
    decided_at timestamptz
);
comment on table core.revocations is 'Entries that a person took off the list. Grain: decision; append only. Retention: kept.';
comment on column core.revocations.revocation_id is 'The decision.';
comment on column core.revocations.entry_id is 'Watchlist entry that was taken off.';
comment on column core.revocations.entity is 'Its entity: seller, or the kind of an indicator.';
comment on column core.revocations.value is 'Its value: seller id, or canonical value of the indicator. Stays off until a later fraud verdict on it.';
comment on column core.revocations.note is 'Reason in the words of the author.';
comment on column core.revocations.author is 'Who decided.';
comment on column core.revocations.decided_at is 'When it was decided, UTC.';
