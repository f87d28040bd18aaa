-- +goose Up
-- Messages by template: WeChat answers with a number, and tells later under it what came of them.
alter table outbound add column msg_id {big} not null default 0;
alter table outbound add column began_at {big} not null default 0;     -- wall, of the first attempt
alter table outbound add column delivered_at {big} not null default 0; -- civil, as WeChat told
create index outbound_msg on outbound (account_id, msg_id) where msg_id <> 0;
