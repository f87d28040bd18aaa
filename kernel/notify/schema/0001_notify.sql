-- +goose Up
create table send_window (
	follower_id {big}   not null references follower (id),
	kind        text    not null,                      -- message | menu | follow | scan
	opened_at   {big}   not null,                      -- civil
	expires_at  {big}   not null,                      -- civil
	allowed     integer not null,
	used        integer not null,
	primary key (follower_id, kind)
);

create table outbound (
	id             {id},
	account_id     {big}   not null references account (id),
	follower_id    {big}   not null references follower (id),
	channel        text    not null,                   -- custom
	kind           text    not null,                   -- text, image, news, …
	source         text    not null,                   -- what wanted it: conversation:5
	dedupe         text    not null,
	payload_sealed {blob},                             -- null: sent, or erased
	state          text    not null,                   -- held | queued | sending | sent | refused | uncertain
	window_kind    text    not null default '',        -- which allowance it took, '' none
	window_opened  {big}   not null default 0,
	attempts       integer not null default 0,
	code           integer not null default 0,         -- WeChat's
	rid            text    not null default '',
	problem        text    not null default '',        -- message key
	due_at         {big}   not null default 0,         -- civil, of what is held
	created_at     {big}   not null,                   -- civil
	sending_at     {big}   not null default 0,         -- wall
	settled_at     {big}   not null default 0          -- civil
);
create unique index outbound_dedupe on outbound (account_id, dedupe);
create index outbound_follower on outbound (follower_id, id);
create index outbound_due on outbound (due_at) where state = 'held';
create index outbound_sending on outbound (sending_at) where state = 'sending';
create index outbound_uncertain on outbound (account_id, id) where state = 'uncertain';
