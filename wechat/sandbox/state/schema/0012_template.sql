-- +goose Up
-- The templates that an account has taken from the library. kind: message (模板消息), notice (订阅通知).
create table template (
    n       {id},
    account bigint not null,
    id      text not null unique,
    kind    text not null,
    doc     {json} not null,
    made_at bigint not null
);
create index template_account on template (account, kind, n);

create table industry (
    account    bigint primary key,
    first_id   integer not null,
    second_id  integer not null,
    changed_at bigint not null
);

-- Changes of an account's categories, for the allowance of a month.
create table category_change (
    n       {id},
    account bigint not null,
    at      bigint not null
);

-- What a citizen said to a notice's template of an account.
create table consent (
    contact  bigint not null,
    template bigint not null,
    remain   integer not null, -- one-time consents not used yet
    always   {bool} not null,  -- a long-term one
    refused  {bool} not null,  -- switched off by the citizen
    primary key (contact, template)
);

-- One-time subscriptions (一次性订阅消息) that were not used yet.
create table once_grant (
    contact bigint not null,
    scene   integer not null,
    made_at bigint not null,
    primary key (contact, scene)
);

-- Sends with a client_msg_id.
create table sent_template (
    contact       bigint not null,
    client_msg_id text not null,
    msg_id        bigint not null,
    at            bigint not null,
    primary key (contact, client_msg_id)
);

create table notice (
    n       {id},
    account bigint not null,
    citizen bigint not null,
    at      bigint not null,
    kind    text not null, -- template, once, subscription
    body    {json} not null,
    unread  {bool} not null
);
create index notice_citizen on notice (citizen, n);

-- Template messages that the platform stopped.
create table stopped_template (
    n        {id},
    account  bigint not null,
    template text not null,
    openid   text not null,
    title    text not null,
    content  text not null,
    at       bigint not null
);
create index stopped_template_of on stopped_template (account, template, n);

-- What is to come of the next sends.
create table outcome (
    n       {id},
    account bigint not null,
    kind    text not null,
    value   text not null
);
create index outcome_next on outcome (account, kind, n);
