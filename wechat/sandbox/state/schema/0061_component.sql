-- +goose Up
-- When the last ticket was pushed to a third-party platform (wall): a restart neither repeats nor forgets one.
alter table component add column ticket_at bigint not null default 0;

-- What is pushed to a third-party platform: with an account a copy of its message, without one a notice of WeChat's.
alter table delivery add column component bigint not null default 0;
