create view analyst.signals as
select
    post_id,
    seller_id,
    signal,
    voice,
    field,
    span_text,
    span_start,
    span_end
from core.signals;

comment on view analyst.signals is 'Tropes of the scheme in posts. Grain: post, trope and span.';
comment on column analyst.signals.post_id is 'Post as platform:native_id.';
comment on column analyst.signals.seller_id is 'Account as platform:native_id.';
comment on column analyst.signals.signal is 'Trope of the scheme, one of the names in CONTRACT section 9.';
comment on column analyst.signals.voice is 'Who says it: asserted (the author as its own pitch), quoted (told of others) or negated (denied).';
comment on column analyst.signals.field is 'Where it stands: title or text.';
comment on column analyst.signals.span_text is 'The characters of the span as written.';
comment on column analyst.signals.span_start is 'First character of the span, counted from 0 in the field.';
comment on column analyst.signals.span_end is 'Character after the span, counted from 0 in the field.';
