-- What sources answered, and where it lies under evidence/.

create table core.evidence (
    sha256 varchar not null,
    warc_file varchar not null,
    source varchar,
    url_or_file varchar not null,
    fetched_at timestamptz,
    size bigint,
    run_id varchar,
    erased_at timestamptz
);
comment on table core.evidence is 'Answers archived under evidence/, and tombstones of those whose retention is over. Grain: archived answer. Retention: kept; the answers themselves as long as [evidence] keep_days says (180 days).';
comment on column core.evidence.sha256 is 'SHA-256 of the body as archived, 64 hex digits; WARC-Payload-Digest of its record.';
comment on column core.evidence.warc_file is 'Name of the WARC file under evidence/.';
comment on column core.evidence.source is 'Name of the source.';
comment on column core.evidence.url_or_file is 'Address without signed parts, or name of the dropped file or of the entry in it.';
comment on column core.evidence.fetched_at is 'When the answer came, UTC.';
comment on column core.evidence.size is 'Bytes of the body as archived.';
comment on column core.evidence.run_id is 'Run that archived it.';
comment on column core.evidence.erased_at is 'When the file was removed because its retention was over, UTC by the run''s as_of. Null while it is there.';
