create view analyst.revocations as
select
    revocation_id,
    entry_id,
    entity,
    value,
    note,
    author,
    decided_at
from core.revocations;

comment on view analyst.revocations is 'Entries that a person took off the list. Grain: decision. Empty until somebody does.';
comment on column analyst.revocations.revocation_id is 'The decision.';
comment on column analyst.revocations.entry_id is 'Watchlist entry that was taken off.';
comment on column analyst.revocations.entity is 'Its entity: seller, or the kind of an indicator.';
comment on column analyst.revocations.value is 'Its value: seller id, or canonical value of the indicator. Stays off until a later fraud verdict on it.';
comment on column analyst.revocations.note is 'Reason in the words of the author.';
comment on column analyst.revocations.author is 'Who decided.';
comment on column analyst.revocations.decided_at is 'When it was decided, UTC.';
