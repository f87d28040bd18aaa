-- +goose Up
-- Third-party platforms.
create table component (
    n   {id},
    id  text not null unique,
    doc {json} not null
);

-- What accounts gave to them.
create table authorisation (
    component bigint not null,
    account   bigint not null,
    sets      {json} not null, -- numbers of permission sets
    options   {json} not null,
    refresh   text not null,
    at        bigint not null, -- civil
    primary key (component, account)
);
