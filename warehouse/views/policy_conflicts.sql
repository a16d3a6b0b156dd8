create view analyst.policy_conflicts as
select
    post_id,
    platform,
    rule_id,
    rule_title,
    in_force_from,
    span_text
from core.policy_conflicts;

comment on view analyst.policy_conflicts is 'Claims that contradict a platform''s rule in force on that date. Grain: post and rule. Empty where no policy timeline was read.';
comment on column analyst.policy_conflicts.post_id is 'Post as platform:native_id.';
comment on column analyst.policy_conflicts.platform is 'Slug of the platform, as in the first part of the ids.';
comment on column analyst.policy_conflicts.rule_id is 'The rule.';
comment on column analyst.policy_conflicts.rule_title is 'Title of the rule.';
comment on column analyst.policy_conflicts.in_force_from is 'When the rule came into force, UTC.';
comment on column analyst.policy_conflicts.span_text is 'The claim as written.';
