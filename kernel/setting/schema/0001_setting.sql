-- +goose Up
-- A value that somebody gave a setting. unit_id and account_id are 0 where it is not for a single unit or account; a
-- unit's value holds for its whole subtree.
create table setting_value (
    name       text not null,
    unit_id    {big} not null default 0,
    account_id {big} not null default 0,
    value      text not null,
    version    {big} not null,
    updated_at {big} not null,
    updated_by {big} not null,
    primary key (name, unit_id, account_id),
    check (unit_id = 0 or account_id = 0)
);
