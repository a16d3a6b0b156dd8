-- What was crawled, as crawled.

create schema if not exists raw;
create schema if not exists core;

create table raw.posts (
    post_id varchar not null,
    crawled_at timestamptz not null,
    platform varchar,
    kind varchar,
    seller_id varchar,
    source varchar,
    url varchar,
    transport varchar,
    query varchar,
    published_at timestamptz,
    published_precision varchar,
    title varchar,
    text varchar,
    text_truncated boolean,
    parent_id varchar,
    repost_of varchar,
    author_id_kind varchar,
    author_handle varchar,
    author_name varchar,
    author_bio varchar,
    author_url varchar,
    author_verified varchar,
    author_verified_raw varchar,
    author_followers bigint,
    author_following bigint,
    author_posts bigint,
    author_created_at timestamptz,
    author_region varchar,
    hashtags varchar[],
    mentions varchar[],
    links varchar[],
    live_is_live boolean,
    live_room_id varchar,
    media struct("url" varchar, "kind" varchar, "sha256" varchar, "phash" varchar, "ocr" varchar, "qr" varchar)[],
    views bigint,
    likes bigint,
    comments bigint,
    shares bigint,
    collects bigint,
    sales bigint,
    listing_price_yuan decimal(18, 2),
    listing_sales_text varchar,
    listing_shop_id varchar,
    listing_shop_name varchar,
    listing_company varchar,
    listing_uscc varchar,
    listing_is_promoted boolean,
    complaint_target varchar,
    complaint_target_id varchar,
    complaint_amount_yuan decimal(18, 2),
    complaint_issues varchar[],
    complaint_demand varchar,
    complaint_status varchar,
    ad_advertiser varchar,
    ad_payer varchar,
    ad_first_shown timestamptz,
    ad_last_shown timestamptz,
    identifiers struct("kind" varchar, "value" varchar, "field" varchar)[],
    evidence_sha256 varchar,
    extra varchar,
    content_digest uhugeint not null,
    doc_id varchar not null,
    profile_doc_id varchar,
    ocr_doc_ids varchar[] not null
);
comment on table raw.posts is 'Every version of every post, as crawled. Grain: post and crawl that found the content changed. Source: import records (CONTRACT section 3). Null means the source did not say. Retention: kept until erased by forget.';
comment on column raw.posts.post_id is 'Post as platform:native_id.';
comment on column raw.posts.crawled_at is 'First crawl that showed this version, UTC. The version is known from then on.';
comment on column raw.posts.platform is 'Slug of the platform, as in the first part of the ids.';
comment on column raw.posts.kind is 'post, listing, article, live, comment, complaint or profile.';
comment on column raw.posts.seller_id is 'Author account as platform:native_id; bystanders as a keyed hash.';
comment on column raw.posts.source is 'Source or file that gave this version.';
comment on column raw.posts.url is 'Public address. Null when the source gives none.';
comment on column raw.posts.transport is 'How it was fetched: api, web, rss or export. Null when not said.';
comment on column raw.posts.query is 'Search words that found it. Null when none did.';
comment on column raw.posts.published_at is 'The source''s claim of when it was published, UTC. Null when it gives none.';
comment on column raw.posts.published_precision is 'How exact published_at is: second, minute, day, relative or none.';
comment on column raw.posts.title is 'Title as crawled. Null when the post has none.';
comment on column raw.posts.text is 'Text as crawled. Null when the post has none.';
comment on column raw.posts.text_truncated is 'Whether the source cut the text. Null when not said.';
comment on column raw.posts.parent_id is 'Post that this one comments on. Null when it is no comment.';
comment on column raw.posts.repost_of is 'Post that this one repeats. Null when it is no repost.';
comment on column raw.posts.author_id_kind is 'What the account id is: native, handle, domain, feed or anonymous.';
comment on column raw.posts.author_handle is 'Handle of the account. Null when not shown.';
comment on column raw.posts.author_name is 'Display name of the account. Null when not shown.';
comment on column raw.posts.author_bio is 'Self-description of the account. Null when not shown.';
comment on column raw.posts.author_url is 'Address of the account page. Null when not shown.';
comment on column raw.posts.author_verified is 'none, personal, business, government or media. Null when not said.';
comment on column raw.posts.author_verified_raw is 'The platform''s own words of verification. Null when not said.';
comment on column raw.posts.author_followers is 'Number of followers. Null when not shown.';
comment on column raw.posts.author_following is 'Number of accounts it follows. Null when not shown.';
comment on column raw.posts.author_posts is 'Number of posts of the account. Null when not shown.';
comment on column raw.posts.author_created_at is 'When the account was opened, UTC. Null when not shown.';
comment on column raw.posts.author_region is 'Region the platform shows. Null when not shown.';
comment on column raw.posts.hashtags is 'Hashtags without the sign, in order.';
comment on column raw.posts.mentions is 'Accounts named in the text, in order.';
comment on column raw.posts.links is 'Addresses linked, in order.';
comment on column raw.posts.live_is_live is 'Whether the room was live. Null when the post is no room.';
comment on column raw.posts.live_room_id is 'Room id. Null when the post is no room.';
comment on column raw.posts.media is 'Images and videos in order: address, kind, digest, perceptual hash (16 hex digits), text read from it, QR payload.';
comment on column raw.posts.views is 'Number of views the source shows. Null when it shows none.';
comment on column raw.posts.likes is 'Number of likes the source shows. Null when it shows none.';
comment on column raw.posts.comments is 'Number of comments the source shows. Null when it shows none.';
comment on column raw.posts.shares is 'Number of shares the source shows. Null when it shows none.';
comment on column raw.posts.collects is 'Number of collects the source shows. Null when it shows none.';
comment on column raw.posts.sales is 'Number of sales the source shows. Null when it shows none.';
comment on column raw.posts.listing_price_yuan is 'Asked price in yuan. Null when the post is no listing.';
comment on column raw.posts.listing_sales_text is 'Sales as the platform words them. Null when not shown.';
comment on column raw.posts.listing_shop_id is 'Shop id. Null when not shown.';
comment on column raw.posts.listing_shop_name is 'Shop name. Null when not shown.';
comment on column raw.posts.listing_company is 'Company the platform names for the shop. Null when not shown.';
comment on column raw.posts.listing_uscc is 'Unified social credit code of that company. Null when not shown.';
comment on column raw.posts.listing_is_promoted is 'Whether it is a paid placement. Null when not said.';
comment on column raw.posts.complaint_target is 'Whom the complaint is about, as written. Null when the post is no complaint.';
comment on column raw.posts.complaint_target_id is 'The target''s id on the complaint site. Null when not shown.';
comment on column raw.posts.complaint_amount_yuan is 'Sum in dispute in yuan. Null when not said.';
comment on column raw.posts.complaint_issues is 'Issues ticked by the complainant.';
comment on column raw.posts.complaint_demand is 'What is demanded. Null when not said.';
comment on column raw.posts.complaint_status is 'State of the complaint at its site. Null when not said.';
comment on column raw.posts.ad_advertiser is 'Advertiser named by the ad library. Null when the post is no ad.';
comment on column raw.posts.ad_payer is 'Who paid for the ad. Null when not said.';
comment on column raw.posts.ad_first_shown is 'First day the ad was shown, UTC. Null when not said.';
comment on column raw.posts.ad_last_shown is 'Last day the ad was shown, UTC. Null when not said.';
comment on column raw.posts.identifiers is 'Registry numbers and the like that the source gives in fields of their own: kind, value, field.';
comment on column raw.posts.evidence_sha256 is 'Digest of the archived answer. Null when nothing was archived.';
comment on column raw.posts.extra is 'Fields of the record that are not known here, as JSON. Null when there were none.';
comment on column raw.posts.content_digest is 'md5 of all columns that describe the post; equal digests mean an unchanged post. How it was fetched (source, transport, query, evidence) does not count.';
comment on column raw.posts.doc_id is 'Document of title and text: md5 of title, unit separator (U+001F) and text, null counting as ''''.';
comment on column raw.posts.profile_doc_id is 'Document of author_name and author_bio. Null when both are missing.';
comment on column raw.posts.ocr_doc_ids is 'Documents of the texts read from images, in the order of media.';

create table raw.crawls (
    post_id varchar not null,
    crawled_at timestamptz not null
);
comment on table raw.crawls is 'Later crawls that found a version unchanged. Grain: post and crawl. Retention: kept until erased by forget.';
comment on column raw.crawls.post_id is 'Post as platform:native_id.';
comment on column raw.crawls.crawled_at is 'The later crawl, UTC.';
