-- +goose Up

create table flow (
	id          {id},
	key         text   not null,
	unit_id     {big}  references unit (id),        -- null: of the whole house
	kind        text   not null,
	title       text   not null,                    -- of the draft
	draft       {json} not null,
	live        {big}  not null default 0,          -- number of the live version; 0: none
	seed        text   not null default '',         -- digest of the shipped text that was seen last
	created_at  {big}  not null,                    -- wall
	updated_at  {big}  not null,
	version     {big}  not null default 1
);
create unique index flow_key on flow (key);
create index flow_unit on flow (unit_id, id);

-- flow_version is what was published or came with a release; its content never changes.
create table flow_version (
	id           {id},
	flow_id      {big}  not null references flow (id),
	number       {big}  not null,
	content      {json} not null,
	digest       text   not null,
	origin       text   not null,                   -- local | shipped
	state        text   not null,                   -- live | retired | offered
	made_by      {big}  not null,                   -- staff; 0: the house
	made_at      {big}  not null,                   -- wall
	retired_at   {big}  not null default 0
);
create unique index flow_version_number on flow_version (flow_id, number);
