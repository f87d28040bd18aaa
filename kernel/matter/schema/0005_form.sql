-- +goose Up

-- The form of which a definition speaks is snapshotted with it: a later version must not change what runs.
alter table matter_flow add column form text not null default '';         -- JSON; '' for none
alter table matter_flow add column form_id {big} not null default 0;      -- of form, which may be gone: unchecked
create index matter_flow_form on matter_flow (form_id) where form_id <> 0;

-- matter_file is the files that came with a matter's events: given in a field, or as evidence. Their bytes are kept by form,
-- encrypted with a key each.
create table matter_file (
    code      text primary key,   -- of form_file
    matter_id {big} not null references matter (id),
    event_id  {big} not null,     -- that brought it; unchecked, like an event's matter
    field     text  not null,     -- of the form; '' for evidence
    personal  {bool} not null     -- goes with the person who is erased
);
create index matter_file_matter on matter_file (matter_id);
