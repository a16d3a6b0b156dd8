create view analyst.watchlist_changes as
select
    release_id,
    entry_id,
    op,
    why
from core.watchlist_changes;

comment on view analyst.watchlist_changes is 'What each release changed. Grain: entry and release. Replaying all from empty gives the list.';
comment on column analyst.watchlist_changes.release_id is 'Release that made the change.';
comment on column analyst.watchlist_changes.entry_id is 'Watchlist entry. The same entity and value listed again after leaving gets a new id.';
comment on column analyst.watchlist_changes.op is 'ADD, MOD or DEL.';
comment on column analyst.watchlist_changes.why is 'Code and explanation of the change.';
