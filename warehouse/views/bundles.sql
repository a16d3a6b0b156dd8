create view analyst.bundles as
select
    run_id,
    version,
    event,
    as_of,
    author,
    gate
from core.bundles;

comment on view analyst.bundles is 'What became of trained bundles, with the numbers of the gate. Grain: run, bundle and event. Empty while the rules score and nothing was trained.';
comment on column analyst.bundles.run_id is 'Run or command that made it so.';
comment on column analyst.bundles.version is 'The bundle, models/<version>/.';
comment on column analyst.bundles.event is 'promoted, shadow, rolled_back or refused.';
comment on column analyst.bundles.as_of is 'Limit of knowledge of the run, UTC.';
comment on column analyst.bundles.author is 'Who decided, for what a person did. Null for the night.';
comment on column analyst.bundles.gate is 'Numbers of the gate and why, JSON.';
