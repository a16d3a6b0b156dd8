create view analyst.network_changes as
select
    network_id,
    run_id,
    event,
    detail
from core.network_changes;

comment on view analyst.network_changes is 'What happened to networks. Grain: network, run and event.';
comment on column analyst.network_changes.network_id is 'Network it happened to.';
comment on column analyst.network_changes.run_id is 'Run that wrote the row.';
comment on column analyst.network_changes.event is 'created, grew, merged_into, split_from, renamed, dormant or revived.';
comment on column analyst.network_changes.detail is 'Other network, names or counts of the event. Null when there is nothing to add.';
