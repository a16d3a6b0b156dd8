-- Ids of networks that are no longer in use, so that they come back with their members and never name another network.

create table core.network_history (
    network_id varchar not null,
    seller_id varchar not null,
    state varchar
);
comment on table core.network_history is 'Network ids that are no longer in use, with their last members. Grain: network and seller. Retention: kept as long as networks are.';
comment on column core.network_history.network_id is 'Network that is gone; never given to another, and back when its members are.';
comment on column core.network_history.seller_id is 'Account that was among its last members.';
comment on column core.network_history.state is 'dormant or merged.';
