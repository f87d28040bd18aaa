-- +goose Up

alter table flow_version add column matter_id {big} not null default 0;     -- of its review; 0: none was asked for
alter table flow_version add column settled_by {big} not null default 0;    -- staff who let it go live or not; 0: who made it
create index flow_version_matter on flow_version (matter_id);
