-- What people decided and what was released.

create table core.verdicts (
    verdict_id varchar not null,
    target varchar,
    verdict varchar,
    note varchar,
    author varchar,
    decided_at timestamptz,
    is_current boolean
);
comment on table core.verdicts is 'Decisions of people. Grain: decision; append only. Retention: kept.';
comment on column core.verdicts.verdict_id is 'The decision.';
comment on column core.verdicts.target is 'What it is about: an id of a seller, network, case or entry.';
comment on column core.verdicts.verdict is 'fraud, benign or unsure.';
comment on column core.verdicts.note is 'Reason in the words of the author. Null when none was given.';
comment on column core.verdicts.author is 'Who decided.';
comment on column core.verdicts.decided_at is 'When it was decided, UTC.';
comment on column core.verdicts.is_current is 'Whether it is its author''s latest on this target.';

create table core.appeals (
    appeal_id varchar not null,
    target varchar,
    state varchar,
    note varchar,
    author varchar,
    opened_at timestamptz,
    is_current boolean
);
comment on table core.appeals is 'Objections against entries. Grain: appeal. Retention: kept.';
comment on column core.appeals.appeal_id is 'The appeal.';
comment on column core.appeals.target is 'Entry it is against.';
comment on column core.appeals.state is 'open, upheld or rejected.';
comment on column core.appeals.note is 'Text of the appeal or of the decision. Null when none was given.';
comment on column core.appeals.author is 'Who wrote it.';
comment on column core.appeals.opened_at is 'When it was opened, UTC.';
comment on column core.appeals.is_current is 'Whether it is the latest state of the appeal.';

create table core.allowlist (
    kind varchar not null,
    value varchar not null,
    note varchar,
    author varchar,
    decided_at timestamptz
);
comment on table core.allowlist is 'Values that a person cleared: never listed, never join sellers. Grain: kind and value. Retention: kept.';
comment on column core.allowlist.kind is 'Kind of the indicator, one of the names in CONTRACT section 1.';
comment on column core.allowlist.value is 'Canonical value of the indicator.';
comment on column core.allowlist.note is 'Reason in the words of the author. Null when none was given.';
comment on column core.allowlist.author is 'Who decided.';
comment on column core.allowlist.decided_at is 'When it was decided, UTC.';

create table core.cases (
    case_id varchar not null,
    network_id varchar,
    seller_id varchar,
    state varchar,
    opened_at timestamptz,
    priority double,
    why varchar
);
comment on table core.cases is 'What is put before a reviewer. Grain: case. Retention: kept.';
comment on column core.cases.case_id is 'The case.';
comment on column core.cases.network_id is 'Network under review. Null when a lone seller is.';
comment on column core.cases.seller_id is 'Lone seller under review. Null when a network is.';
comment on column core.cases.state is 'open, decided or reopened.';
comment on column core.cases.opened_at is 'When it was opened, UTC.';
comment on column core.cases.priority is 'Order of work; higher comes first.';
comment on column core.cases.why is 'Why it is worth a look.';

create table core.watchlist (
    entry_id varchar not null,
    entity varchar,
    value varchar,
    display_name varchar,
    network_id varchar,
    scam_probability double,
    band varchar,
    reasons varchar[],
    evidence_count bigint,
    evidence_sha256 varchar,
    listed_at timestamptz,
    last_seen_at timestamptz,
    expires_at timestamptz,
    status varchar,
    release_id varchar
);
comment on table core.watchlist is 'Entries as of the release that consumers see. Grain: entry ever listed. Retention: kept.';
comment on column core.watchlist.entry_id is 'Watchlist entry. The same entity and value listed again after leaving gets a new id.';
comment on column core.watchlist.entity is 'seller, or the kind of an indicator.';
comment on column core.watchlist.value is 'Seller id, or canonical value of the indicator.';
comment on column core.watchlist.display_name is 'Name for people. Null when there is none.';
comment on column core.watchlist.network_id is 'Network at the time of the release. Null when alone.';
comment on column core.watchlist.scam_probability is 'Highest probability behind the entry, 0 to 1. Null when a verdict listed an unscored seller.';
comment on column core.watchlist.band is 'Band of that probability. Null when a verdict listed an unscored seller.';
comment on column core.watchlist.reasons is 'Codes of the reasons, sorted.';
comment on column core.watchlist.evidence_count is 'Number of posts that prove it.';
comment on column core.watchlist.evidence_sha256 is 'Digest over the sorted ids of those posts and the digests of their texts.';
comment on column core.watchlist.listed_at is 'When it was listed, UTC.';
comment on column core.watchlist.last_seen_at is 'Latest crawl that showed the seller or the indicator in use, UTC.';
comment on column core.watchlist.expires_at is 'When it leaves unless seen again, UTC: 90 days after last_seen_at, phone and wechat 45.';
comment on column core.watchlist.status is 'active, expired or revoked.';
comment on column core.watchlist.release_id is 'Release the row belongs to: for an active entry the newest, otherwise the one it left with.';

create table core.watchlist_changes (
    release_id varchar not null,
    entry_id varchar not null,
    op varchar,
    why varchar
);
comment on table core.watchlist_changes is 'What each release changed; replaying all from empty gives the list. Grain: entry and release. Retention: kept.';
comment on column core.watchlist_changes.release_id is 'Release that made the change.';
comment on column core.watchlist_changes.entry_id is 'Watchlist entry. The same entity and value listed again after leaving gets a new id.';
comment on column core.watchlist_changes.op is 'ADD, MOD or DEL.';
comment on column core.watchlist_changes.why is 'Code and explanation of the change.';

create table core.releases (
    release_id varchar not null,
    previous_release_id varchar,
    run_id varchar not null,
    as_of timestamptz not null,
    entry_count bigint not null,
    state varchar not null
);
comment on table core.releases is 'Releases and how far they got (see warehouse/watchlist/ledger.py). Grain: release. Retention: kept.';
comment on column core.releases.release_id is 'The release.';
comment on column core.releases.previous_release_id is 'Release before it. Null for the first.';
comment on column core.releases.run_id is 'Run that staged it.';
comment on column core.releases.as_of is 'Limit of knowledge, UTC.';
comment on column core.releases.entry_count is 'Number of active entries.';
comment on column core.releases.state is 'staged or confirmed.';

create table core.staged_watchlist (
    entry_id varchar not null,
    entity varchar,
    value varchar,
    display_name varchar,
    network_id varchar,
    scam_probability double,
    band varchar,
    reasons varchar[],
    evidence_count bigint,
    evidence_sha256 varchar,
    listed_at timestamptz,
    last_seen_at timestamptz,
    expires_at timestamptz,
    status varchar,
    release_id varchar
);
comment on table core.staged_watchlist is 'The watchlist of the release being made, until it is visible. Grain: entry ever listed. Retention: emptied when the release is confirmed or rolled back.';
comment on column core.staged_watchlist.entry_id is 'Watchlist entry. The same entity and value listed again after leaving gets a new id.';
comment on column core.staged_watchlist.entity is 'seller, or the kind of an indicator.';
comment on column core.staged_watchlist.value is 'Seller id, or canonical value of the indicator.';
comment on column core.staged_watchlist.display_name is 'Name for people. Null when there is none.';
comment on column core.staged_watchlist.network_id is 'Network at the time of the release. Null when alone.';
comment on column core.staged_watchlist.scam_probability is 'Highest probability behind the entry, 0 to 1. Null when a verdict listed an unscored seller.';
comment on column core.staged_watchlist.band is 'Band of that probability. Null when a verdict listed an unscored seller.';
comment on column core.staged_watchlist.reasons is 'Codes of the reasons, sorted.';
comment on column core.staged_watchlist.evidence_count is 'Number of posts that prove it.';
comment on column core.staged_watchlist.evidence_sha256 is 'Digest over the sorted ids of those posts and the digests of their texts.';
comment on column core.staged_watchlist.listed_at is 'When it was listed, UTC.';
comment on column core.staged_watchlist.last_seen_at is 'Latest crawl that showed the seller or the indicator in use, UTC.';
comment on column core.staged_watchlist.expires_at is 'When it leaves unless seen again, UTC: 90 days after last_seen_at, phone and wechat 45.';
comment on column core.staged_watchlist.status is 'active, expired or revoked.';
comment on column core.staged_watchlist.release_id is 'Release the row belongs to: for an active entry the newest, otherwise the one it left with.';

create table core.staged_changes (
    release_id varchar not null,
    entry_id varchar not null,
    op varchar,
    why varchar
);
comment on table core.staged_changes is 'The changes of the release being made, until it is visible. Grain: entry and release. Retention: emptied when the release is confirmed or rolled back.';
comment on column core.staged_changes.release_id is 'Release being made.';
comment on column core.staged_changes.entry_id is 'Watchlist entry. The same entity and value listed again after leaving gets a new id.';
comment on column core.staged_changes.op is 'ADD, MOD or DEL.';
comment on column core.staged_changes.why is 'Code and explanation of the change.';
