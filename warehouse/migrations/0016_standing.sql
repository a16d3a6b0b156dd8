-- How a seller stands in its ring.

create table core.standing (
    seller_id varchar not null,
    coreness bigint,
    block_density double,
    fraud_closeness double,
    link_kind_count bigint
);
comment on table core.standing is 'Place of sellers in their rings. Grain: seller that shares a value with another of its ring. Retention: rebuilt every run.';
comment on column core.standing.seller_id is 'Account as platform:native_id.';
comment on column core.standing.coreness is 'Largest k for which it is in a part of its ring where every account shows k shared values and every value is shown by k accounts, 1 or more.';
comment on column core.standing.block_density is 'Mean weight of ties in the densest block of its ring, values that many show counting less; 0 outside that block.';
comment on column core.standing.fraud_closeness is 'Chance, 0 to 1, that a walk along shared values ends at another account that people confirmed as fraud.';
comment on column core.standing.link_kind_count is 'Kinds of values that it shares with others of its ring, 1 or more.';

create table core.network_traces (
    network_id varchar not null,
    kind varchar not null,
    value varchar not null
);
comment on table core.network_traces is 'Values by which networks that ended are known again. Grain: network id ever used and value. Retention: as long as networks.';
comment on column core.network_traces.network_id is 'Network as of its last night.';
comment on column core.network_traces.kind is 'Kind of the value, one of the names in CONTRACT section 1.';
comment on column core.network_traces.value is 'Value in the form that links (the registrable name of a domain, the number of a mobile used as WeChat id).';

alter table core.networks add column is_dormant boolean;
comment on column core.networks.is_dormant is 'Whether no post of any member was seen for 90 days.';
