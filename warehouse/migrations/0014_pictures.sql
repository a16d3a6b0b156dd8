-- Pictures that lie beside saved answers: what they show, not their bytes.

create table core.pictures (
    address varchar not null,
    phash varchar,
    qr varchar,
    seen_at timestamptz
);
comment on table core.pictures is 'What dropped pictures show. Grain: name by which records find one. Retention: kept.';
comment on column core.pictures.address is 'Host and path of its address, sha256: and the digest of its bytes, or name: and a file name that only one picture of its drop has.';
comment on column core.pictures.phash is 'Perceptual hash, 16 hex digits.';
comment on column core.pictures.qr is 'Payload of the first QR code in it. Null when it holds none.';
comment on column core.pictures.seen_at is 'When it was imported, UTC.';
