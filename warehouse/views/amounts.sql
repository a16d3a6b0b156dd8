create view analyst.amounts as
select
    post_id,
    seller_id,
    yuan,
    yuan_max,
    is_approximate,
    role,
    period,
    voice,
    span_text
from core.amounts;

comment on view analyst.amounts is 'Sums of money in posts. Grain: post and amount.';
comment on column analyst.amounts.post_id is 'Post as platform:native_id.';
comment on column analyst.amounts.seller_id is 'Account as platform:native_id.';
comment on column analyst.amounts.yuan is 'Amount in yuan; of a range the lower bound. Null when no figure could be read.';
comment on column analyst.amounts.yuan_max is 'Upper bound in yuan. Null when one figure or an open range was meant.';
comment on column analyst.amounts.is_approximate is 'Whether the post is vague about the figure.';
comment on column analyst.amounts.role is 'agency_fee, price, promised_income, loss or other.';
comment on column analyst.amounts.period is 'What the amount is per: none, day, month or year.';
comment on column analyst.amounts.voice is 'Who says it: asserted (the author as its own pitch), quoted (told of others) or negated (denied).';
comment on column analyst.amounts.span_text is 'The characters of the span as written.';
