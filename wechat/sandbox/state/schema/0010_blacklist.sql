-- +goose Up
alter table contact add column blocked bigint not null default 0; -- order in the blacklist; 0: not in it
alter table contact add column muted {bool} not null default false; -- the citizen does not take the account's messages
create index contact_blacklist on contact (account, blocked) where blocked > 0;
