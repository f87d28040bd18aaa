-- +goose Up
-- What citizens say to each other; each message stands twice, once on each side's phone.
create table friend_item (
    n      {id},
    owner  bigint not null, -- whose phone
    friend bigint not null,
    mine   {bool} not null, -- the owner said it
    at     bigint not null,
    type   text not null,
    body   {json} not null,
    seen   {bool} not null
);
create index friend_item_talk on friend_item (owner, friend, n);

-- Moments: what a citizen shows to all others.
create table moment (
    n       {id},
    citizen bigint not null,
    at      bigint not null,
    words   text not null,
    card    {json} not null -- null, or {title, description, url, thumb_url}
);

create table moment_like (
    moment  bigint not null,
    citizen bigint not null,
    primary key (moment, citizen)
);
