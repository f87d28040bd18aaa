-- +goose Up
-- Who came and went on a civil day, by the way they came (user_source).
create table movement (
    account bigint not null,
    day     text not null,
    source  integer not null,
    came    bigint not null,
    went    bigint not null,
    primary key (account, day, source)
);

-- Callbacks of a civil hour and how the account's server answered them.
create table pulse (
    account  bigint not null,
    day      text not null,
    hour     integer not null,
    pushes   bigint not null,
    failures bigint not null,
    took     bigint not null,    -- ms, all together
    longest  bigint not null,    -- ms
    primary key (account, day, hour)
);

-- What citizens said is counted by time.
create index item_said on item (account, at) where sender = 'citizen';
