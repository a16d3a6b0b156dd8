-- Families of near-duplicate texts: what is known of each distinct text, so that a night compares only what is new.

create table core.copies (
    copy bigint not null,
    name ubigint,
    doc_id varchar,
    thinning bigint,
    shingles uinteger[]
);
comment on table core.copies is 'Distinct texts without what sellers swap (places, sums, contacts), as sets of hashes. Grain: distinct set. Retention: as long as a document that says it; made again when the signatures change.';
comment on column core.copies.copy is 'Number in order of arrival, from 1.';
comment on column core.copies.name is 'Hash of the set; the template_id of a family is made of its first copy''s.';
comment on column core.copies.doc_id is 'First document that says it.';
comment on column core.copies.thinning is 'How often the set of a long text was halved.';
comment on column core.copies.shingles is 'Hashes of three neighbouring characters, ascending.';

create table core.doc_copies (
    doc_id varchar not null,
    copy bigint,
    signature_version varchar
);
comment on table core.doc_copies is 'Which copy each document of a post is; all versions of posts. Grain: document. Retention: as long as the document; made again when the signatures change.';
comment on column core.doc_copies.doc_id is 'Document: md5 of title, unit separator (U+001F) and text, null counting as ''''.';
comment on column core.doc_copies.copy is 'Its copy. Null when the text is too short to be compared.';
comment on column core.doc_copies.signature_version is 'Version of the code that made the signature.';

create table core.copy_bands (
    band ubigint not null,
    copy bigint not null
);
comment on table core.copy_bands is 'What later copies are looked up by: the first copies of every band. Grain: band and copy. Retention: as core.copies.';
comment on column core.copy_bands.band is 'Hash that near-duplicates have in common with high probability.';
comment on column core.copy_bands.copy is 'Copy that has it.';

create table core.copy_pairs (
    later bigint not null,
    earlier bigint not null,
    similarity double
);
comment on table core.copy_pairs is 'Verified near-duplicates. Grain: pair of copies. Retention: as core.copies.';
comment on column core.copy_pairs.later is 'Copy that arrived later.';
comment on column core.copy_pairs.earlier is 'Copy that was known before.';
comment on column core.copy_pairs.similarity is 'Share of their shingles that both hold, 0 to 1.';

create table core.copy_families (
    copy bigint not null,
    template_id varchar
);
comment on table core.copy_families is 'Family of each copy that is like another. Grain: copy. Retention: as core.copies.';
comment on column core.copy_families.copy is 'The copy.';
comment on column core.copy_families.template_id is 'Its family, named by the family''s first copy.';

create table core.template_changes (
    template_id varchar,
    run_id varchar,
    event varchar,
    into_template_id varchar,
    copy_count bigint
);
comment on table core.template_changes is 'Families whose texts got another template_id. Grain: old family, new family and run. Retention: kept.';
comment on column core.template_changes.template_id is 'Family that texts left.';
comment on column core.template_changes.run_id is 'Run in which they did.';
comment on column core.template_changes.event is 'merged_into (all of it left) or moved_to (some of it).';
comment on column core.template_changes.into_template_id is 'Family that they are in now.';
comment on column core.template_changes.copy_count is 'How many distinct texts.';

create table core.shingle_counts (
    name varchar not null,
    copy_count bigint,
    counts blob
);
comment on table core.shingle_counts is 'How common shingles are: one row. Grain: count. Retention: as core.copies.';
comment on column core.shingle_counts.name is 'What is counted: copies.';
comment on column core.shingle_counts.copy_count is 'Number of copies counted.';
comment on column core.shingle_counts.counts is '2**20 little-endian 32-bit numbers: copies by the first 20 bits of their shingles.';

comment on column core.sightings.confidence is 'How sure the reading is, 0 to 1; of texts and pictures (template, image) how specific they are.';
