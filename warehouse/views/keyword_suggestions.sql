create view analyst.keyword_suggestions as
select
    term,
    network_count,
    post_count,
    burst,
    example_post_id
from core.keyword_suggestions;

comment on view analyst.keyword_suggestions is 'Terms that burst inside high-scoring networks and that no search keyword covers. Grain: term. Empty where none were looked for.';
comment on column analyst.keyword_suggestions.term is 'The term.';
comment on column analyst.keyword_suggestions.network_count is 'Number of networks that use it.';
comment on column analyst.keyword_suggestions.post_count is 'Number of posts, 0 or more.';
comment on column analyst.keyword_suggestions.burst is 'How much more often than before, 1 is as usual.';
comment on column analyst.keyword_suggestions.example_post_id is 'Post that uses it.';
