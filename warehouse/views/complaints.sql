create view analyst.complaints as
select
    post_id,
    target,
    amount_yuan,
    demand,
    status,
    network_id,
    seller_id,
    link_reason,
    link_confidence
from core.complaints;

comment on view analyst.complaints is 'Complaints and whom they are linked to. Grain: complaint and linked seller or network.';
comment on column analyst.complaints.post_id is 'The complaint, as platform:native_id.';
comment on column analyst.complaints.target is 'Whom it is about, as written. Null when not said.';
comment on column analyst.complaints.amount_yuan is 'Sum in dispute in yuan. Null when not said.';
comment on column analyst.complaints.demand is 'What is demanded. Null when not said.';
comment on column analyst.complaints.status is 'State at the complaint site. Null when not said.';
comment on column analyst.complaints.network_id is 'Linked network. Null when none.';
comment on column analyst.complaints.seller_id is 'Linked seller. Null when none.';
comment on column analyst.complaints.link_reason is 'Why it is linked. Null when it is not.';
comment on column analyst.complaints.link_confidence is 'How sure the link is, 0 to 1. Null when it is not linked.';
