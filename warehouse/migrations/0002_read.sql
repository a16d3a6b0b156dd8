-- What the texts say: the cache by document, and the posts known at as_of.

create table core.doc_signals (
    doc_id varchar not null,
    signal varchar not null,
    voice varchar,
    field varchar not null,
    span_text varchar,
    span_start bigint not null,
    span_end bigint not null
);
comment on table core.doc_signals is 'Cache: tropes in a document. Grain: document, trope and span. Retention: dropped when the reader or the pack changes.';
comment on column core.doc_signals.doc_id is 'Document: md5 of title, unit separator (U+001F) and text, null counting as ''''.';
comment on column core.doc_signals.signal is 'Trope of the scheme, one of the names in CONTRACT section 9.';
comment on column core.doc_signals.voice is 'Who says it: asserted (the author as its own pitch), quoted (told of others) or negated (denied).';
comment on column core.doc_signals.field is 'title or text.';
comment on column core.doc_signals.span_text is 'The characters of the span as written.';
comment on column core.doc_signals.span_start is 'First character of the span, counted from 0 in the field.';
comment on column core.doc_signals.span_end is 'Character after the span, counted from 0 in the field.';

create table core.doc_amounts (
    doc_id varchar not null,
    yuan decimal(18, 2),
    yuan_max decimal(18, 2),
    is_approximate boolean,
    role varchar,
    period varchar,
    voice varchar,
    field varchar not null,
    span_text varchar,
    span_start bigint not null,
    span_end bigint not null
);
comment on table core.doc_amounts is 'Cache: sums of money in a document. Grain: document and span. Retention: dropped when the reader or the pack changes.';
comment on column core.doc_amounts.doc_id is 'Document: md5 of title, unit separator (U+001F) and text, null counting as ''''.';
comment on column core.doc_amounts.yuan is 'Amount in yuan; of a range the lower bound. Null when no figure could be read.';
comment on column core.doc_amounts.yuan_max is 'Upper bound in yuan. Null when one figure or an open range was meant.';
comment on column core.doc_amounts.is_approximate is 'Whether the post is vague about the figure.';
comment on column core.doc_amounts.role is 'What the wording says the money is: agency_fee, price, promised_income, loss or other.';
comment on column core.doc_amounts.period is 'What the amount is per: none, day, month or year.';
comment on column core.doc_amounts.voice is 'Who says it: asserted (the author as its own pitch), quoted (told of others) or negated (denied).';
comment on column core.doc_amounts.field is 'title or text.';
comment on column core.doc_amounts.span_text is 'The characters of the span as written.';
comment on column core.doc_amounts.span_start is 'First character of the span, counted from 0 in the field.';
comment on column core.doc_amounts.span_end is 'Character after the span, counted from 0 in the field.';

create table core.doc_contacts (
    doc_id varchar not null,
    kind varchar not null,
    value varchar not null,
    raw varchar,
    field varchar not null,
    ownership varchar,
    confidence double,
    span_start bigint not null,
    span_end bigint not null
);
comment on table core.doc_contacts is 'Cache: contacts in a document. Grain: document, contact and span. Retention: dropped when the reader or the pack changes.';
comment on column core.doc_contacts.doc_id is 'Document: md5 of title, unit separator (U+001F) and text, null counting as ''''.';
comment on column core.doc_contacts.kind is 'Kind of the indicator, one of the names in CONTRACT section 1.';
comment on column core.doc_contacts.value is 'Canonical value of the indicator.';
comment on column core.doc_contacts.raw is 'The contact as the post writes it. Null when it stood in a structured field.';
comment on column core.doc_contacts.field is 'title or text.';
comment on column core.doc_contacts.ownership is 'What the wording alone says: own or mentioned.';
comment on column core.doc_contacts.confidence is 'How sure the reading is, 0 to 1.';
comment on column core.doc_contacts.span_start is 'First character of the span, counted from 0 in the field.';
comment on column core.doc_contacts.span_end is 'Character after the span, counted from 0 in the field.';

create table core.doc_stances (
    doc_id varchar not null,
    is_on_topic boolean,
    offer double,
    vendor double,
    report double,
    complaint double,
    other double,
    reader_version varchar not null,
    pack_version varchar not null
);
comment on table core.doc_stances is 'Cache: stance of a document by its wording alone, and the mark that the document was read. Grain: document. Retention: dropped when the reader or the pack changes.';
comment on column core.doc_stances.doc_id is 'Document: md5 of title, unit separator (U+001F) and text, null counting as ''''.';
comment on column core.doc_stances.is_on_topic is 'Whether the wording is about the pack''s trade.';
comment on column core.doc_stances.offer is 'Log-odds of the stance offer; higher is likelier.';
comment on column core.doc_stances.vendor is 'Log-odds of the stance vendor; higher is likelier.';
comment on column core.doc_stances.report is 'Log-odds of the stance report; higher is likelier.';
comment on column core.doc_stances.complaint is 'Log-odds of the stance complaint; higher is likelier.';
comment on column core.doc_stances.other is 'Log-odds of the stance other; higher is likelier.';
comment on column core.doc_stances.reader_version is 'Version of the reader that read the document.';
comment on column core.doc_stances.pack_version is 'Name and version of the pack it was read with.';

create table core.post_reads (
    post_id varchar not null,
    crawled_at timestamptz,
    first_crawled_at timestamptz,
    doc_id varchar,
    stance varchar,
    stance_probability double,
    is_on_topic boolean,
    template_id varchar
);
comment on table core.post_reads is 'How each post known at as_of reads. Grain: post. Retention: rebuilt every run.';
comment on column core.post_reads.post_id is 'Post as platform:native_id.';
comment on column core.post_reads.crawled_at is 'With post_id names the version in raw.posts, UTC.';
comment on column core.post_reads.first_crawled_at is 'First crawl of any version, UTC.';
comment on column core.post_reads.doc_id is 'Document: md5 of title, unit separator (U+001F) and text, null counting as ''''.';
comment on column core.post_reads.stance is 'What the post is doing: offer, vendor, report, complaint or other.';
comment on column core.post_reads.stance_probability is 'How sure the stance is, 0 to 1.';
comment on column core.post_reads.is_on_topic is 'Whether the post is about the pack''s trade.';
comment on column core.post_reads.template_id is 'Family of near-duplicate texts. Null when the text is unlike all others or families were not built.';

create table core.signals (
    post_id varchar not null,
    seller_id varchar,
    signal varchar not null,
    voice varchar,
    field varchar not null,
    span_text varchar,
    span_start bigint not null,
    span_end bigint not null
);
comment on table core.signals is 'Tropes in posts known at as_of. Grain: post, trope and span. Retention: rebuilt every run.';
comment on column core.signals.post_id is 'Post as platform:native_id.';
comment on column core.signals.seller_id is 'Account as platform:native_id.';
comment on column core.signals.signal is 'Trope of the scheme, one of the names in CONTRACT section 9.';
comment on column core.signals.voice is 'Who says it: asserted (the author as its own pitch), quoted (told of others) or negated (denied).';
comment on column core.signals.field is 'Where it stands: title or text.';
comment on column core.signals.span_text is 'The characters of the span as written.';
comment on column core.signals.span_start is 'First character of the span, counted from 0 in the field.';
comment on column core.signals.span_end is 'Character after the span, counted from 0 in the field.';

create table core.amounts (
    post_id varchar not null,
    seller_id varchar,
    yuan decimal(18, 2),
    yuan_max decimal(18, 2),
    is_approximate boolean,
    role varchar,
    period varchar,
    voice varchar,
    field varchar not null,
    span_text varchar,
    span_start bigint not null,
    span_end bigint not null
);
comment on table core.amounts is 'Sums of money in posts known at as_of. Grain: post and span. Retention: rebuilt every run.';
comment on column core.amounts.post_id is 'Post as platform:native_id.';
comment on column core.amounts.seller_id is 'Account as platform:native_id.';
comment on column core.amounts.yuan is 'Amount in yuan; of a range the lower bound. Null when no figure could be read.';
comment on column core.amounts.yuan_max is 'Upper bound in yuan. Null when one figure or an open range was meant.';
comment on column core.amounts.is_approximate is 'Whether the post is vague about the figure.';
comment on column core.amounts.role is 'agency_fee, price, promised_income, loss or other.';
comment on column core.amounts.period is 'What the amount is per: none, day, month or year.';
comment on column core.amounts.voice is 'Who says it: asserted (the author as its own pitch), quoted (told of others) or negated (denied).';
comment on column core.amounts.field is 'Where it stands: title or text.';
comment on column core.amounts.span_text is 'The characters of the span as written.';
comment on column core.amounts.span_start is 'First character of the span, counted from 0 in the field.';
comment on column core.amounts.span_end is 'Character after the span, counted from 0 in the field.';

create table core.sightings (
    post_id varchar,
    seller_id varchar,
    kind varchar,
    value varchar,
    raw varchar,
    field varchar,
    ownership varchar,
    confidence double,
    seen_at timestamptz
);
comment on table core.sightings is 'Indicators in posts and profiles known at as_of. Grain: post or profile and indicator. Retention: rebuilt every run.';
comment on column core.sightings.post_id is 'Post as platform:native_id. Null for a profile.';
comment on column core.sightings.seller_id is 'Account as platform:native_id.';
comment on column core.sightings.kind is 'Kind of the indicator, one of the names in CONTRACT section 1.';
comment on column core.sightings.value is 'Canonical value of the indicator.';
comment on column core.sightings.raw is 'The contact as the post writes it. Null when it stood in a structured field.';
comment on column core.sightings.field is 'Where it stands: title, text, bio, name, media, link, mention, listing, ad, complaint or identifiers.';
comment on column core.sightings.ownership is 'own (a way to reach the seller) or mentioned.';
comment on column core.sightings.confidence is 'How sure the reading is, 0 to 1.';
comment on column core.sightings.seen_at is 'Crawl that showed it, UTC.';

create table core.masked_texts (
    post_id varchar not null,
    title varchar,
    text varchar
);
comment on table core.masked_texts is 'Complaint texts as analysts may see them: contacts that belong to no seller are masked. Grain: post. Retention: rebuilt every run.';
comment on column core.masked_texts.post_id is 'Post as platform:native_id.';
comment on column core.masked_texts.title is 'Masked title. Null when the post has none.';
comment on column core.masked_texts.text is 'Masked text. Null when the post has none.';
