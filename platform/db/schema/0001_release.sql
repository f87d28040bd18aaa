-- +goose Up
-- The release that the tables belong to, see Release in package db. One row.
create table release (
    only_row {big} primary key check (only_row = 1),
    number   {big} not null
);
-- Who may do what only one process may do, until when (milliseconds of the database's clock).
create table lease (
    name  text primary key,
    owner text not null,
    until {big} not null
);
