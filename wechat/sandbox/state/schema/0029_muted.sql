-- +goose Up
-- A message to many leaves out who does not want any, without looking at everybody.
create index contact_muted on contact (account) where muted;
