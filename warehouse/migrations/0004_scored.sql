-- Who is what, how sure, and why.

create table core.scores (
    seller_id varchar not null,
    scam_probability double,
    probability_low double,
    probability_high double,
    score_source varchar,
    is_calibrated boolean,
    model_version varchar
);
comment on table core.scores is 'Scores of the night. Grain: scored seller. Retention: rebuilt every run.';
comment on column core.scores.seller_id is 'Account as platform:native_id.';
comment on column core.scores.scam_probability is 'Probability of an agency-fee solicitation of the scam kind, 0 to 1. Null when not scored.';
comment on column core.scores.probability_low is 'Lower end of the 90 % interval, 0 to 1. Null when not scored.';
comment on column core.scores.probability_high is 'Upper end of the 90 % interval, 0 to 1. Null when not scored.';
comment on column core.scores.score_source is 'What gave the score: model or rules. Null when not scored.';
comment on column core.scores.is_calibrated is 'Whether the probability was calibrated on held-out labels. Null when not scored.';
comment on column core.scores.model_version is 'Bundle or rules version behind the score. Null when not scored.';

create table core.sellers (
    seller_id varchar not null,
    platform varchar,
    name varchar,
    url varchar,
    network_id varchar,
    role varchar,
    scam_probability double,
    probability_low double,
    probability_high double,
    score_source varchar,
    is_calibrated boolean,
    band varchar,
    max_fee_yuan decimal(18, 2),
    post_count bigint,
    offer_count bigint,
    complaint_count bigint,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    model_version varchar,
    run_id varchar
);
comment on table core.sellers is 'Sellers known at as_of. Grain: seller. Retention: rebuilt every run.';
comment on column core.sellers.seller_id is 'Account as platform:native_id.';
comment on column core.sellers.platform is 'Slug of the platform, as in the first part of the ids.';
comment on column core.sellers.name is 'Latest display name. Null when not shown.';
comment on column core.sellers.url is 'Address of the account page. Null when not shown.';
comment on column core.sellers.network_id is 'Network the seller belongs to. Null when alone.';
comment on column core.sellers.role is 'seller, vendor, reporter, complainant or other.';
comment on column core.sellers.scam_probability is 'Probability that the seller runs an agency-fee solicitation of the scam kind, 0 to 1. Null for reporters, complainants and others whom nothing ties to an offer.';
comment on column core.sellers.probability_low is 'Lower end of the 90 % interval, 0 to 1. Null when not scored.';
comment on column core.sellers.probability_high is 'Upper end of the 90 % interval, 0 to 1. Null when not scored.';
comment on column core.sellers.score_source is 'What gave the score: model or rules. Null when not scored.';
comment on column core.sellers.is_calibrated is 'Whether the probability was calibrated on held-out labels. Null when not scored.';
comment on column core.sellers.band is 'high, medium or low by the configured thresholds. Null when not scored.';
comment on column core.sellers.max_fee_yuan is 'Largest agency fee asserted, in yuan. Null when none was named.';
comment on column core.sellers.post_count is 'Number of posts, 0 or more.';
comment on column core.sellers.offer_count is 'Number of posts with stance offer, 0 or more.';
comment on column core.sellers.complaint_count is 'Number of complaints linked to it, 0 or more.';
comment on column core.sellers.first_seen_at is 'First crawl that showed it, UTC. Null when unknown.';
comment on column core.sellers.last_seen_at is 'Latest crawl that showed it, UTC. Null when unknown.';
comment on column core.sellers.model_version is 'Bundle or rules version behind the score. Null when not scored.';
comment on column core.sellers.run_id is 'Run that wrote the row.';

create table core.reasons (
    seller_id varchar not null,
    rank bigint not null,
    reason varchar,
    family varchar,
    text_zh varchar,
    text_en varchar,
    contribution double,
    evidence_post_id varchar
);
comment on table core.reasons is 'Why a seller has its score. Grain: scored seller and reason. Retention: rebuilt every run.';
comment on column core.reasons.seller_id is 'Account as platform:native_id.';
comment on column core.reasons.rank is 'Place among the reasons, 1 is the strongest.';
comment on column core.reasons.reason is 'Code of the reason.';
comment on column core.reasons.family is 'trope, money, behaviour, link, complaint or policy.';
comment on column core.reasons.text_zh is 'The reason in Chinese.';
comment on column core.reasons.text_en is 'The reason in English.';
comment on column core.reasons.contribution is 'What it adds to the log-odds; negative speaks for the seller.';
comment on column core.reasons.evidence_post_id is 'Post that shows the reason. Null when the reason rests on no single post.';

create table core.policy_conflicts (
    post_id varchar,
    platform varchar,
    rule_id varchar,
    rule_title varchar,
    in_force_from timestamptz,
    span_text varchar
);
comment on table core.policy_conflicts is 'Claims that contradict a platform''s rule in force on that date. Grain: post and rule. Retention: rebuilt every run.';
comment on column core.policy_conflicts.post_id is 'Post as platform:native_id.';
comment on column core.policy_conflicts.platform is 'Slug of the platform, as in the first part of the ids.';
comment on column core.policy_conflicts.rule_id is 'The rule.';
comment on column core.policy_conflicts.rule_title is 'Title of the rule.';
comment on column core.policy_conflicts.in_force_from is 'When the rule came into force, UTC.';
comment on column core.policy_conflicts.span_text is 'The claim as written.';

create table core.keyword_suggestions (
    term varchar not null,
    network_count bigint,
    post_count bigint,
    burst double,
    example_post_id varchar
);
comment on table core.keyword_suggestions is 'Terms that burst inside high-scoring networks and that no search keyword covers. Grain: term. Retention: rebuilt every run.';
comment on column core.keyword_suggestions.term is 'The term.';
comment on column core.keyword_suggestions.network_count is 'Number of networks that use it.';
comment on column core.keyword_suggestions.post_count is 'Number of posts, 0 or more.';
comment on column core.keyword_suggestions.burst is 'How much more often than before, 1 is as usual.';
comment on column core.keyword_suggestions.example_post_id is 'Post that uses it.';
