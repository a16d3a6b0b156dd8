-- When an answer that is only told to be unchanged was last seen whole.

alter table core.validators add column read_at timestamptz;
comment on column core.validators.read_at is 'When the answer was last sent whole, UTC; null for one of before this was noted. After seven nights it is asked for whole again.';
