-- +goose Up
-- Data that was given for a short key.
create table shorten (
    key        text primary key,
    account    bigint not null,
    data       text not null,
    made_at    bigint not null, -- civil
    expires_at bigint not null  -- civil
);
create index shorten_expiry on shorten (expires_at);

-- Codes that open a mini program.
create table jump (
    n         {id},
    account   bigint not null,
    prefix    text not null unique, -- what the code says
    appid     text not null,
    path      text not null,
    published {bool} not null
);
create index jump_account on jump (account, appid, n);
