create view analyst.sightings as
select
    post_id,
    seller_id,
    kind,
    value,
    raw,
    field,
    ownership,
    confidence,
    seen_at
from core.sightings;

comment on view analyst.sightings is 'Indicators in posts and profiles. Grain: post or profile and indicator.';
comment on column analyst.sightings.post_id is 'Post as platform:native_id. Null for a profile.';
comment on column analyst.sightings.seller_id is 'Account as platform:native_id.';
comment on column analyst.sightings.kind is 'Kind of the indicator, one of the names in CONTRACT section 1.';
comment on column analyst.sightings.value is 'Canonical value of the indicator.';
comment on column analyst.sightings.raw is 'The contact as the post writes it. Null when it stood in a structured field.';
comment on column analyst.sightings.field is 'Where it stands: title, text, bio, name, media, link, mention, listing, ad, complaint or identifiers.';
comment on column analyst.sightings.ownership is 'own (a way to reach the seller) or mentioned.';
comment on column analyst.sightings.confidence is 'How sure the reading is, 0 to 1; of texts and pictures (template, image) how specific they are.';
comment on column analyst.sightings.seen_at is 'Crawl that showed it, UTC.';
