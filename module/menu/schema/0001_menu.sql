-- +goose Up

create table menu (
    account_id        bigint not null primary key references account (id),
    draft             {json} not null,
    version           bigint not null, -- of the draft
    updated_at        bigint not null,
    published_number  bigint not null, -- 0: never
    published_at      bigint not null
);

create table menu_version (
    id           {id},
    account_id   bigint not null references account (id),
    number       bigint not null,
    buttons      {json} not null,
    state        text   not null, -- sending | live | past | failed
    problem      text   not null, -- message key of a refusal
    code         bigint not null, -- WeChat's errcode of a refusal
    created_by   bigint not null,
    created_at   bigint not null
);
create unique index menu_version_number on menu_version (account_id, number);

-- menu_tap counts taps by civil day.
create table menu_tap (
    account_id bigint not null references account (id),
    day        text   not null,
    button     text   not null, -- key or address
    taps       bigint not null,
    primary key (account_id, day, button)
);
