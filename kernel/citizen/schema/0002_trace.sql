-- +goose Up
-- Whose tombstone it is: what the inbound log holds of an erased follower is found by it.
alter table citizen_tombstone add column follower_id {big};
create index citizen_tombstone_follower on citizen_tombstone (follower_id) where follower_id is not null;
