-- +goose Up

-- civil_move is every forward move of the civil clock, which only the demo and tests make. All replicas read the newest.
create table civil_move (
    id        {id},
    offset_ms bigint not null, -- how far civil time is ahead of wall time
    moved_at  bigint not null  -- wall, ms
);
