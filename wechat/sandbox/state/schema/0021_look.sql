-- +goose Up
-- 在看: the articles that a citizen shows to friends in 看一看.
create table look (
    citizen bigint not null,
    article text not null, -- its public id
    at      bigint not null,
    primary key (article, citizen)
);
create index look_at on look (at);
