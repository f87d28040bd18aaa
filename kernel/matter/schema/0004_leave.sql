-- +goose Up

-- matter_asked is the staff who are named in what is still to come of an open matter although it is not their turn: who
-- signs after others, and in whose name another does it. With those whose turn it is they have to find a new hand before
-- they leave.
create table matter_asked (
    matter_id {big} not null references matter (id),
    staff_id  {big} not null references staff (id),
    primary key (matter_id, staff_id)
);
create index matter_asked_staff on matter_asked (staff_id);

-- The matters whose time of keeping ends first.
create index matter_closed on matter (kind, closed_at, id) where closed_at > 0;
