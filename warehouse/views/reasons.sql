create view analyst.reasons as
select
    seller_id,
    rank,
    reason,
    family,
    text_zh,
    text_en,
    contribution,
    evidence_post_id
from core.reasons;

comment on view analyst.reasons is 'Why a seller has its score. Grain: scored seller and reason.';
comment on column analyst.reasons.seller_id is 'Account as platform:native_id.';
comment on column analyst.reasons.rank is 'Place among the reasons, 1 is the strongest.';
comment on column analyst.reasons.reason is 'Code of the reason.';
comment on column analyst.reasons.family is 'trope, money, behaviour, link, complaint or policy.';
comment on column analyst.reasons.text_zh is 'The reason in Chinese.';
comment on column analyst.reasons.text_en is 'The reason in English.';
comment on column analyst.reasons.contribution is 'What it adds to the log-odds; negative speaks for the seller.';
comment on column analyst.reasons.evidence_post_id is 'Post that shows the reason. Null when the reason rests on no single post.';
