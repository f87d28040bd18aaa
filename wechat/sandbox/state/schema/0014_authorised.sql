-- +goose Up
-- Who gave an account their name and picture by web authorisation, and when last.
create table authorised (
    account bigint not null,
    citizen bigint not null,
    at      bigint not null,
    primary key (citizen, account)
);
