-- Whose indicators may be listed.

create table core.corroborated (
    kind varchar not null,
    value varchar not null,
    seller_id varchar not null
);
comment on table core.corroborated is 'Owners of indicators that are sure enough to be listed: shown in an own profile, site or registry entry, or owned by two sellers of one network. Grain: indicator and owner. Retention: rebuilt every run.';
comment on column core.corroborated.kind is 'Kind of the indicator, one of the names in CONTRACT section 1.';
comment on column core.corroborated.value is 'Canonical value of the indicator.';
comment on column core.corroborated.seller_id is 'Account that owns it.';
