-- +goose Up
-- How the blacklist of a row stands with WeChat: '' never told, telling, told, local (the account may not), failed.
alter table follower add column block_state text not null default '';
alter table follower add column block_problem {big} not null default 0; -- WeChat's code of a failure
alter table follower add column block_at {big} not null default 0;      -- wall; when blocked or its state changed last
