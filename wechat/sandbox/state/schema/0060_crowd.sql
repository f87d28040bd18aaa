-- +goose Up

-- crowd is the crowds that were started, with what they saw: doc is JSON, order and report. One that is running when the
-- sandbox starts was cut short.
create table crowd (
	n bigint primary key,
	state text not null,
	doc text not null
);
