-- What learning keeps: imported labels, which bundle scored when, shadow scores, and yesterday's shapes to compare with.

create table core.labels (
    label_id varchar not null,
    target varchar,
    verdict varchar,
    source varchar,
    note varchar,
    decided_at timestamptz
);
comment on table core.labels is 'Labels from imported lists: they teach, they list nobody, and a reviewer''s verdict on the same target beats them. Grain: label; append only. Retention: kept.';
comment on column core.labels.label_id is 'Digest of target, verdict, source and time.';
comment on column core.labels.target is 'Seller as platform:native_id.';
comment on column core.labels.verdict is 'fraud, benign or unsure.';
comment on column core.labels.source is 'Who says so: the name of the list.';
comment on column core.labels.note is 'What the list says about it. Null when it says nothing.';
comment on column core.labels.decided_at is 'When it was known, UTC.';

create table core.bundles (
    run_id varchar not null,
    version varchar not null,
    event varchar not null,
    as_of timestamptz,
    author varchar,
    gate varchar
);
comment on table core.bundles is 'What became of trained bundles: the champion of a moment is the newest one promoted by then and not rolled back. Grain: run, bundle and event. Retention: kept.';
comment on column core.bundles.run_id is 'Run or command that made it so.';
comment on column core.bundles.version is 'The bundle, models/<version>/.';
comment on column core.bundles.event is 'promoted, shadow (trained, but it did not take over), rolled_back or refused (foreign or damaged).';
comment on column core.bundles.as_of is 'Limit of knowledge of the run, UTC.';
comment on column core.bundles.author is 'Who decided, for what a person did. Null for the night.';
comment on column core.bundles.gate is 'Numbers of the gate and why, JSON.';

create table core.shadow_scores (
    seller_id varchar not null,
    scam_probability double,
    model_version varchar
);
comment on table core.shadow_scores is 'What tonight''s challenger would have said, where it did not take over. Grain: scored seller. Retention: rebuilt every run.';
comment on column core.shadow_scores.seller_id is 'Account as platform:native_id.';
comment on column core.shadow_scores.scam_probability is 'Probability by the challenger, 0 to 1, without calibration.';
comment on column core.shadow_scores.model_version is 'Bundle of the challenger.';

create table core.profiles (
    as_of timestamptz not null,
    feature varchar not null,
    sellers bigint,
    edges double[],
    shares double[]
);
comment on table core.profiles is 'Shape of each feature over recently seen sellers, to tell drift. Grain: night and feature. Retention: 60 days.';
comment on column core.profiles.as_of is 'Night, UTC.';
comment on column core.profiles.feature is 'Feature of the catalogue, or scam_probability.';
comment on column core.profiles.sellers is 'Number of sellers behind it.';
comment on column core.profiles.edges is 'Inner borders of the bins, rising; the same as in the profile it was compared with.';
comment on column core.profiles.shares is 'Share of sellers per bin, null values in the last one; they add up to 1.';

create table core.drift (
    check_name varchar not null,
    value double,
    maximum double,
    why varchar,
    next_step varchar
);
comment on table core.drift is 'How far tonight differs from a week before. Grain: check. Retention: rebuilt every run.';
comment on column core.drift.check_name is 'drift:features, drift:scores or drift:terms.';
comment on column core.drift.value is 'Largest population stability index, or number of new terms. Null when there is nothing to compare with.';
comment on column core.drift.maximum is 'Above it the check is red.';
comment on column core.drift.why is 'What was found.';
comment on column core.drift.next_step is 'What to do about it.';
