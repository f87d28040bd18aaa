-- +goose Up

-- matter_wait is the open matters that wait for whoever holds a permission in a unit, under that unit and all that stand
-- above it: a grant over any of them finds them as one range. '' is whoever works in the unit. Sealed matters wait for
-- their parties only.
create table matter_wait (
    matter_id  {big}  not null references matter (id),
    unit_id    {big}  not null references unit (id),
    permission text   not null,
    review     {bool} not null,  -- it is a review, which is not for whoever opened the matter
    yellow_at  {big}  not null,
    due_at     {big}  not null,
    primary key (matter_id, unit_id, permission)
);
create index matter_wait_due on matter_wait (unit_id, permission, due_at, matter_id);

-- matter_catchup is what rows of an older release still lack: open matters after an id. A sweep fills them in.
create table matter_catchup (
    name     text  primary key,
    after_id {big} not null
);
insert into matter_catchup (name, after_id) select 'wait', 0 where exists (select 1 from matter where closed_at = 0);
