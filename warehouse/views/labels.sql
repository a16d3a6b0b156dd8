create view analyst.labels as
select
    label_id,
    target,
    verdict,
    source,
    note,
    decided_at
from core.labels;

comment on view analyst.labels is 'Labels from imported lists; they teach and list nobody. Grain: label. Empty until a list is imported.';
comment on column analyst.labels.label_id is 'Digest of target, verdict, source and time.';
comment on column analyst.labels.target is 'Seller as platform:native_id.';
comment on column analyst.labels.verdict is 'fraud, benign or unsure.';
comment on column analyst.labels.source is 'Who says so: the name of the list.';
comment on column analyst.labels.note is 'What the list says about it. Null when it says nothing.';
comment on column analyst.labels.decided_at is 'When it was known, UTC.';
