-- +goose Up
create table account_spent (
	account_id {big}   not null references account (id),
	path       text    not null,
	day        text    not null,                       -- civil, on which WeChat said that it is used up
	code       integer not null,
	rid        text    not null,
	at         {big}   not null,                       -- wall
	primary key (account_id, path)
);
