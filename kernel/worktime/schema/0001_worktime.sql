-- +goose Up
-- A version of what a calendar is made of: the State Council's list of a year (unit_id 0, name the year), a unit's local days
-- or its opening hours. The highest number of a kind, unit and name counts; nothing is ever changed.
create table worktime_version (
    id         {id},
    kind       text   not null, -- year | local | hours
    unit_id    {big}  not null, -- 0 for a year
    name       text   not null, -- the year; '' else
    number     {big}  not null, -- 1, 2, …
    content    {json} not null,
    reason     text   not null,
    created_by {big}  not null,
    created_at {big}  not null
);
create unique index worktime_version_number on worktime_version (kind, unit_id, name, number);
