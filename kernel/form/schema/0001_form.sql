-- +goose Up
create table form (
	id          {id},
	key         text   not null,
	unit_id     {big}  not null references unit (id),
	account_id  {big}  references account (id),          -- whose page shows it by itself; null: none
	title       text   not null,                         -- of the draft
	draft       {json} not null,
	live        {big}  not null default 0,               -- number of the live version; 0: none
	created_at  {big}  not null,                         -- wall
	updated_at  {big}  not null,
	version     {big}  not null default 1
);
create unique index form_key on form (key);
create index form_unit on form (unit_id, id);
create index form_account on form (account_id, id) where account_id is not null;

-- form_version is what was published; its content never changes.
create table form_version (
	id           {id},
	form_id      {big}  not null references form (id),
	number       {big}  not null,
	content      {json} not null,
	state        text   not null,                        -- live | retired
	published_by {big}  not null,
	published_at {big}  not null,                        -- wall
	retired_at   {big}  not null default 0
);
create unique index form_version_number on form_version (form_id, number);

create table form_draft (
	id         {id},
	form_id    {big}  not null references form (id),
	number     {big}  not null,                          -- the version that was filled in
	citizen_id {big}  references citizen (id),           -- whose it is, and whose data key seals it
	staff_id   {big}  references staff (id),             -- or staff's: the ring seals it
	slot       text   not null,                          -- what it is for, in the owner's words; "" for the form's own page
	sealed     {blob} not null,
	saved_at   {big}  not null,                          -- civil
	expires_at {big}  not null                           -- civil
);
create unique index form_draft_citizen on form_draft (citizen_id, form_id, slot) where citizen_id is not null;
create unique index form_draft_staff on form_draft (staff_id, form_id, slot) where staff_id is not null;
create index form_draft_form on form_draft (form_id);
create index form_draft_expires on form_draft (expires_at);

create table form_submission (
	id           {id},
	form_id      {big}  not null references form (id),
	number       {big}  not null,                        -- the version that was answered
	account_id   {big}  not null references account (id),
	citizen_id   {big}  not null references citizen (id),
	code         text   not null,                        -- random, for the person
	token        text   not null,                        -- of the page that was sent: once counts
	content      {json} not null,                        -- 公开, 内部
	sealed       {blob},                                 -- 个人, 敏感; the citizen's data key
	submitted_at {big}  not null                         -- civil
);
create unique index form_submission_code on form_submission (code);
create unique index form_submission_token on form_submission (citizen_id, token);
create index form_submission_form on form_submission (form_id, id);
create index form_submission_at on form_submission (submitted_at);

create table form_file (
	id            {id},
	code          text   not null,
	form_id       {big}  not null references form (id),
	field         text   not null,
	citizen_id    {big}  references citizen (id),
	staff_id      {big}  references staff (id),
	submission_id {big}  references form_submission (id),
	kept          {bool} not null default false,         -- something that was submitted refers to it
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
create unique index form_file_code on form_file (code);
create index form_file_citizen on form_file (citizen_id) where citizen_id is not null;
create index form_file_submission on form_file (submission_id) where submission_id is not null;
create index form_file_form on form_file (form_id);
create index form_file_expires on form_file (expires_at) where expires_at > 0;
create index form_file_gone on form_file (id) where state = 'gone';

create table area (
	code   text    primary key,                          -- 12 digits
	parent text    not null,                             -- "" for a province, or where the tree begins
	name   text    not null,
	level  integer not null
);
create index area_parent on area (parent, code);
