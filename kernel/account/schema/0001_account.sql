-- +goose Up
create table account (
	id                {id},
	slug              text    not null unique,
	name              text    not null,
	kind              text    not null,                -- subscription | service
	verified          {bool}  not null,
	status            text    not null,                -- active | suspended
	status_reason     text    not null default '',
	unit_id           {big}   not null references unit (id),
	original_id       text    not null,
	appid             text    not null unique,
	secret_sealed     {blob},
	token_sealed      {blob},
	key_sealed        {blob},                           -- EncodingAESKey in use
	key_before_sealed {blob},                           -- the one before: callbacks on their way still open
	key_changed_at    {big}   not null default 0,
	mode              text    not null,                -- plain | compatible | safe
	endpoints         {json}  not null,
	oauth_domain      {bool}  not null,
	identity          {bool}  not null,
	intro             text    not null,
	principal         text    not null,
	contact           text    not null,
	farewell          text    not null,
	avatar            text    not null,
	persona_name      text    not null,
	persona_tone      text    not null,
	fault_code        integer not null default 0,      -- what WeChat said that makes every call pointless
	fault_at          {big}   not null default 0,
	created_at        {big}   not null,
	updated_at        {big}   not null,
	version           {big}   not null
);
create index account_unit on account (unit_id);
create unique index account_identity on account (identity) where identity;

create table account_proof (
	name       text  primary key,                      -- MP_verify_x.txt
	account_id {big} not null references account (id),
	content    text  not null,
	created_at {big} not null
);
create index account_proof_account on account_proof (account_id);

create table account_token (
	account_id   {big}  not null references account (id),
	kind         text   not null,                      -- access | jsapi
	value_sealed {blob} not null,
	expires_at   {big}  not null,                      -- wall
	version      {big}  not null,
	primary key (account_id, kind)
);

create table account_refusal (
	account_id {big}   not null references account (id),
	path       text    not null,
	code       integer not null,
	rid        text    not null,
	at         {big}   not null,                       -- wall
	primary key (account_id, path)
);

create table account_call (
	account_id {big}   not null references account (id),
	path       text    not null,
	day        text    not null,                       -- civil
	calls      {big}   not null,
	failed     {big}   not null,
	last_code  integer not null,
	last_rid   text    not null,
	last_at    {big}   not null,                       -- wall, of the last failure
	primary key (account_id, day, path)
);

create table account_limit (
	account_id {big} not null references account (id),
	path       text  not null,
	daily      {big} not null,                         -- as WeChat said
	used       {big} not null,
	at         {big} not null,                         -- civil, when WeChat said so
	primary key (account_id, path)
);

create table account_callback (
	account_id  {big} not null references account (id),
	day         text  not null,                        -- civil
	good        {big} not null,
	bad         {big} not null,
	good_at     {big} not null,                        -- wall
	bad_at      {big} not null,
	bad_reason  text  not null,
	primary key (account_id, day)
);

create table account_check (
	account_id {big}  primary key references account (id),
	at         {big}  not null,                        -- wall
	state      text   not null,                        -- ok | warn | fail
	findings   {json} not null
);
