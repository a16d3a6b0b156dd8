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
