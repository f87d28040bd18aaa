-- +goose Up
alter table menu add column source text not null default 'api'; -- api, website
alter table citizen add column platform text not null default 'android';

create table conditional_menu (
    n       {id},
    account bigint not null,
    id      bigint not null unique, -- menuid
    rule    {json} not null,
    doc     {json} not null,
    made_at bigint not null
);
create index conditional_menu_account on conditional_menu (account, n);

-- The menu that a phone has fetched; id 0: it was told that there is none.
create table phone_menu (
    account    bigint not null,
    citizen    bigint not null,
    id         bigint not null,
    doc        {json} not null,
    fetched_at bigint not null,
    primary key (account, citizen)
);
