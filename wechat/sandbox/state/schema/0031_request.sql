-- +goose Up
-- Calls that failed, by the rid that their answer named.
create table request (
    rid        text primary key,
    account    bigint not null,
    at         bigint not null, -- civil
    invoked_at bigint not null, -- wall
    took_ms    bigint not null,
    query      text not null,
    body       text not null,
    answer     text not null,
    ip         text not null
);
create index request_at on request (at);

-- Allowances of a civil month.
create table monthly (
    account bigint not null,
    name    text not null,
    month   text not null,
    used    bigint not null,
    primary key (account, name)
);
