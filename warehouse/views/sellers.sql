create view analyst.sellers as
select
    seller_id,
    platform,
    name,
    url,
    network_id,
    role,
    scam_probability,
    probability_low,
    probability_high,
    score_source,
    is_calibrated,
    band,
    max_fee_yuan,
    post_count,
    offer_count,
    complaint_count,
    first_seen_at,
    last_seen_at,
    model_version,
    run_id
from core.sellers;

comment on view analyst.sellers is 'Accounts, with score and band. Grain: seller.';
comment on column analyst.sellers.seller_id is 'Account as platform:native_id.';
comment on column analyst.sellers.platform is 'Slug of the platform, as in the first part of the ids.';
comment on column analyst.sellers.name is 'Latest display name. Null when not shown.';
comment on column analyst.sellers.url is 'Address of the account page. Null when not shown.';
comment on column analyst.sellers.network_id is 'Network the seller belongs to. Null when alone.';
comment on column analyst.sellers.role is 'seller, vendor, reporter, complainant or other.';
comment on column analyst.sellers.scam_probability is 'Probability that the seller runs an agency-fee solicitation of the scam kind, 0 to 1. Null for reporters, complainants and others whom nothing ties to an offer.';
comment on column analyst.sellers.probability_low is 'Lower end of the 90 % interval, 0 to 1. Null when not scored.';
comment on column analyst.sellers.probability_high is 'Upper end of the 90 % interval, 0 to 1. Null when not scored.';
comment on column analyst.sellers.score_source is 'What gave the score: model or rules. Null when not scored.';
comment on column analyst.sellers.is_calibrated is 'Whether the probability was calibrated on held-out labels. Null when not scored.';
comment on column analyst.sellers.band is 'high, medium or low by the configured thresholds. Null when not scored.';
comment on column analyst.sellers.max_fee_yuan is 'Largest agency fee asserted, in yuan. Null when none was named.';
comment on column analyst.sellers.post_count is 'Number of posts, 0 or more.';
comment on column analyst.sellers.offer_count is 'Number of posts with stance offer, 0 or more.';
comment on column analyst.sellers.complaint_count is 'Number of complaints linked to it, 0 or more.';
comment on column analyst.sellers.first_seen_at is 'First crawl that showed it, UTC. Null when unknown.';
comment on column analyst.sellers.last_seen_at is 'Latest crawl that showed it, UTC. Null when unknown.';
comment on column analyst.sellers.model_version is 'Bundle or rules version behind the score. Null when not scored.';
comment on column analyst.sellers.run_id is 'Run that wrote the row.';
