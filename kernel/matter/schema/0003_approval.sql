-- +goose Up

-- A change of rule waits in the state asked until somebody else approves it (running) or it is dropped.
alter table matter_recompute add column approved_by {big} not null default 0; -- staff; 0: nobody had to
alter table matter_recompute add column approved_at {big} not null default 0; -- wall
