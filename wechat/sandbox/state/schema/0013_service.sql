-- +goose Up
-- Customer-service accounts (客服账号).
create table worker (
    n            {id},
    account      bigint not null,
    name         text not null,   -- kf_account: prefix@WeChat id
    id           integer not null, -- kf_id
    nick         text not null,
    head         text not null,   -- media id
    person       text not null,   -- the citizen who is bound; "" nobody yet
    invited      text not null,   -- the citizen who is asked
    invite_until bigint not null,
    invite_state text not null,   -- "", waiting, rejected
    online       {bool} not null,
    unique (account, name)
);
create index worker_person on worker (person) where person <> '';
create index worker_invited on worker (invited) where invited <> '';

-- Who is being served, or waits (worker 0).
create table service_session (
    contact   bigint primary key,
    account   bigint not null,
    worker    bigint not null,
    made_at   bigint not null,
    latest_at bigint not null
);
create index service_session_of on service_session (account, worker, made_at);

create table service_record (
    n       {id},
    account bigint not null,
    openid  text not null,
    worker  text not null,
    code    integer not null, -- opercode
    text    text not null,
    at      bigint not null
);
create index service_record_at on service_record (account, at, n);
