-- What an unchanged answer is recognised by.

create table core.validators (
    source varchar not null,
    url varchar not null,
    etag varchar,
    last_modified varchar,
    parser varchar
);
comment on table core.validators is 'What servers gave with answers that were read whole, so that unchanged ones need not be sent again. Grain: source × address. Retention: kept.';
comment on column core.validators.source is 'Name of the source that was asked.';
comment on column core.validators.url is 'Address that was asked.';
comment on column core.validators.etag is 'ETag of its last answer, as given; null when there was none.';
comment on column core.validators.last_modified is 'Last-Modified of its last answer, as given; null when there was none.';
comment on column core.validators.parser is 'Digest of the parsers that read the answer: others ask for it anew.';
