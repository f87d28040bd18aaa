-- +goose Up

alter table flow add column edited_by {big} not null default 0;    -- staff who changed the draft last; 0: the house
