-- +goose Up
-- One-time codes that people get in the chat and type into a page; the newest of each follower.
create table citizen_code (
	follower_id {big} primary key references follower (id),
	account_id  {big} not null references account (id),
	digest      text  not null,                          -- keyed; '' once it was used
	expires_at  {big} not null,                          -- wall
	asked       {big} not null,                          -- codes asked for since asked_since
	asked_since {big} not null                           -- wall
);
create unique index citizen_code_digest on citizen_code (account_id, digest) where digest <> '';

-- Wrong codes, counted by whom: a browser, an address, an account.
create table citizen_guess (
	who   text  primary key,                             -- blind index
	wrong {big} not null,
	since {big} not null                                 -- wall
);
create index citizen_guess_since on citizen_guess (since);
