-- +goose Up

-- A file may belong to no form: what is given as evidence with a step of a matter. SQLite cannot take a "not null" away, so
-- that the table is written anew on both engines; its ids stand nowhere else.
create table form_file_kept (
	id            {id},
	code          text   not null,
	form_id       {big}  references form (id),           -- null: evidence
	field         text   not null,                       -- '' then
	citizen_id    {big}  references citizen (id),
	staff_id      {big}  references staff (id),
	submission_id {big}  references form_submission (id),
	kept          {bool} not null default false,         -- something that was submitted, or another part, refers to it
	state         text   not null,                       -- coming | here | gone
	purpose       text   not null,
	trust         text   not null,
	type          text   not null,
	size          {big}  not null,                       -- bytes, before sealing
	name_sealed   {blob},
	key_wrapped   {blob},                                -- null: unreadable for good
	created_at    {big}  not null,                       -- civil
	expires_at    {big}  not null default 0              -- civil; 0: never
);
insert into form_file_kept (code, form_id, field, citizen_id, staff_id, submission_id, kept, state, purpose, trust, type, size, name_sealed,
	key_wrapped, created_at, expires_at)
	select code, form_id, field, citizen_id, staff_id, submission_id, kept, state, purpose, trust, type, size, name_sealed, key_wrapped, created_at,
	expires_at from form_file order by id;
drop table form_file;
alter table form_file_kept rename to form_file;
create unique index form_file_code on form_file (code);
create index form_file_citizen on form_file (citizen_id) where citizen_id is not null;
create index form_file_staff on form_file (staff_id) where staff_id is not null;
create index form_file_submission on form_file (submission_id) where submission_id is not null;
create index form_file_form on form_file (form_id);
create index form_file_expires on form_file (expires_at) where expires_at > 0;
create index form_file_gone on form_file (id) where state = 'gone';
