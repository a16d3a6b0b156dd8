create view analyst.posts as
select
    post_id,
    platform,
    kind,
    seller_id,
    url,
    published_at,
    first_crawled_at,
    last_crawled_at,
    title,
    text,
    stance,
    stance_probability,
    is_on_topic,
    template_id,
    evidence_ref
from core.posts;

comment on view analyst.posts is 'Posts as they read at as_of, newest version. Grain: post. Start here to see what was said.';
comment on column analyst.posts.post_id is 'Post as platform:native_id.';
comment on column analyst.posts.platform is 'Slug of the platform, as in the first part of the ids.';
comment on column analyst.posts.kind is 'post, listing, article, live, comment, complaint or profile.';
comment on column analyst.posts.seller_id is 'Author account as platform:native_id; bystanders as a keyed hash.';
comment on column analyst.posts.url is 'Public address. Null when the source gives none.';
comment on column analyst.posts.published_at is 'The source''s claim of when it was published, UTC. Null when it gives none.';
comment on column analyst.posts.first_crawled_at is 'First crawl of the post, UTC.';
comment on column analyst.posts.last_crawled_at is 'Latest crawl of the post by as_of, UTC.';
comment on column analyst.posts.title is 'Title of the newest version; in complaints, contacts that belong to no seller are masked. Null when the post has none.';
comment on column analyst.posts.text is 'Text of the newest version; in complaints, contacts that belong to no seller are masked. Null when the post has none.';
comment on column analyst.posts.stance is 'What the post is doing: offer, vendor, report, complaint or other.';
comment on column analyst.posts.stance_probability is 'How sure the stance is, 0 to 1.';
comment on column analyst.posts.is_on_topic is 'Whether the post is about the pack''s trade.';
comment on column analyst.posts.template_id is 'Family of near-duplicate texts. Null when the text is unlike all others or families were not built.';
comment on column analyst.posts.evidence_ref is 'Archived answer that this version was read from: name of a WARC file under evidence/, #, SHA-256 of the body. Null when none is archived or its retention is over.';
