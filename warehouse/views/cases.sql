create view analyst.cases as
select
    case_id,
    network_id,
    seller_id,
    state,
    opened_at,
    priority,
    why
from core.cases;

comment on view analyst.cases is 'What waits for a reviewer, and what was decided. Grain: case. Empty until cases are opened.';
comment on column analyst.cases.case_id is 'The case.';
comment on column analyst.cases.network_id is 'Network under review. Null when a lone seller is.';
comment on column analyst.cases.seller_id is 'Lone seller under review. Null when a network is.';
comment on column analyst.cases.state is 'open, decided or reopened.';
comment on column analyst.cases.opened_at is 'When it was opened, UTC.';
comment on column analyst.cases.priority is 'Order of work; higher comes first.';
comment on column analyst.cases.why is 'Why it is worth a look.';
