-- Who was erased, and how long what is logged is kept.

create table core.forgotten (
    salt varchar not null,
    digest varchar not null,
    forgotten_at timestamptz not null,
    author varchar not null,
    note varchar not null,
    post_count bigint not null,
    answer_count bigint not null
);
comment on table core.forgotten is 'Erasures, without saying who was erased: records of that account crawled before the erasure never come back. Grain: erasure. Retention: kept.';
comment on column core.forgotten.salt is 'Random text, so that equal accounts have no equal digests.';
comment on column core.forgotten.digest is 'SHA-256 of the salt and the seller id, hexadecimal.';
comment on column core.forgotten.forgotten_at is 'When it was erased, UTC; what is crawled later is a new matter.';
comment on column core.forgotten.author is 'Who erased it.';
comment on column core.forgotten.note is 'Why it was erased.';
comment on column core.forgotten.post_count is 'Number of posts erased with it.';
comment on column core.forgotten.answer_count is 'Number of archived answers erased with it.';

comment on table raw.posts is 'Every version of every post, as crawled. Grain: post and crawl that found the content changed. Source: import records (CONTRACT section 3). Null means the source did not say. Retention: until nobody saw the post for [retention] posts_days; comments and complaints, which are bystanders'' own, bystanders_days; erased by forget.';
comment on table raw.crawls is 'Later crawls that found a version unchanged. Grain: post and crawl. Retention: as long as the post.';
comment on table core.fetches is 'What was asked of each source and what came back. Grain: request or dropped file. Retention: [retention] logs_days.';
comment on table core.rejects is 'Records that were refused. Grain: rejected record. Retention: [retention] rejects_days.';
comment on table core.quality is 'Checks of each run. Grain: check and run. Retention: [retention] logs_days.';
