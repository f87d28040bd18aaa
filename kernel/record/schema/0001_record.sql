-- +goose Up
-- What was said, once, by its SHA-256.
create table record_content (
    digest text primary key,
    body   {blob} not null
);

-- From when until when it was public. until_at is null while it is.
create table record_interval (
    id         {id},
    kind       text not null,
    object_id  {big} not null,
    account_id {big} not null,
    digest     text not null references record_content(digest),
    from_at    {big} not null,
    until_at   {big}
);
create index record_interval_object on record_interval(kind, object_id, from_at);
create index record_interval_account on record_interval(account_id, kind, from_at);
create unique index record_interval_open on record_interval(kind, object_id) where until_at is null;
