-- +goose Up

-- house_opened has one row from the moment on at which all three administrators had used their links: the house is closed
-- before it and never again because one of them is replaced, loses a phone or leaves.
create table house_opened (
    id        bigint primary key, -- 1
    opened_at bigint not null     -- wall, ms
);
