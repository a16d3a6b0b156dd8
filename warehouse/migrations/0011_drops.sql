-- Which files of the drop folders were read.

create table core.drops (
    source varchar not null,
    sha256 varchar not null,
    file varchar,
    imported_at timestamptz,
    run_id varchar
);
comment on table core.drops is 'Files of the drop folders that were read, so that none is read twice. Grain: source × content of a file. Retention: kept.';
comment on column core.drops.source is 'Name of the source whose folder it lay in.';
comment on column core.drops.sha256 is 'SHA-256 of the file as it lay there, 64 hex digits.';
comment on column core.drops.file is 'Its name then.';
comment on column core.drops.imported_at is 'When it was read, UTC, by the run''s as_of.';
comment on column core.drops.run_id is 'Run under which its records stand in fetches, rejects and evidence.';
