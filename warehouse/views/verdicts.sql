create view analyst.verdicts as
select
    verdict_id,
    target,
    verdict,
    note,
    author,
    decided_at,
    is_current
from core.verdicts;

comment on view analyst.verdicts is 'Decisions of people. Grain: decision. Empty until somebody decides.';
comment on column analyst.verdicts.verdict_id is 'The decision.';
comment on column analyst.verdicts.target is 'What it is about: an id of a seller, network, case or entry.';
comment on column analyst.verdicts.verdict is 'fraud, benign or unsure.';
comment on column analyst.verdicts.note is 'Reason in the words of the author. Null when none was given.';
comment on column analyst.verdicts.author is 'Who decided.';
comment on column analyst.verdicts.decided_at is 'When it was decided, UTC.';
comment on column analyst.verdicts.is_current is 'Whether it is its author''s latest on this target.';
