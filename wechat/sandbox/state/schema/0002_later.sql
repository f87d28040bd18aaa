-- +goose Up
-- What falls due in civil time; a row is gone once it was done.
create table later (
    n      {id},
    due_at bigint not null,
    kind   text not null,
    doc    {json} not null
);
create index later_due on later (due_at, n);
