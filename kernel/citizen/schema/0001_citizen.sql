-- +goose Up
create table citizen (
	id          {id},
	key_wrapped {blob},                                  -- null: erased, nothing it sealed can be read any more
	joined_into {big} references citizen (id),           -- null: a person of its own
	created_at  {big} not null,                          -- wall
	erased_at   {big} not null default 0
);
create index citizen_joined on citizen (joined_into) where joined_into is not null;

create table citizen_union (
	unionid    text  primary key,                        -- blind index
	citizen_id {big} not null references citizen (id)
);
create index citizen_union_citizen on citizen_union (citizen_id);

create table follower (
	id              {id},
	account_id      {big}  not null references account (id),
	citizen_id      {big}  not null references citizen (id),  -- who it is now
	origin_id       {big}  not null references citizen (id),  -- whose key seals this row, and who it is when separated
	person          text,                                -- blind index of the openid; null: erased
	openid_sealed   {blob},
	unionid         text,                                -- blind index
	apart           {bool} not null default false,       -- separated by a person: a unionid joins it no more
	subscribed      {bool} not null,
	subscribed_at   {big}  not null default 0,
	unsubscribed_at {big}  not null default 0,
	scene           text   not null default '',          -- how they came, in WeChat's words
	scene_key       text   not null default '',          -- of the QR code
	remark_sealed   {blob},
	remark_index    text,
	important       {bool} not null default false,
	blocked         {bool} not null default false,
	last_seen_at    {big}  not null default 0,           -- civil
	detail_due      {bool} not null default false,       -- WeChat is still to be asked about them
	listed_by       {big}  not null default 0,           -- the last sync that saw them
	forget_at       {big}  not null default 0,           -- civil; 0: never
	created_at      {big}  not null,                     -- wall
	version         {big}  not null default 1
);
create unique index follower_person on follower (account_id, person);
create index follower_listed on follower (account_id, id);
create index follower_state on follower (account_id, subscribed, id);
create index follower_important on follower (account_id, id) where important;
create index follower_blocked on follower (account_id, id) where blocked;
create index follower_remark on follower (account_id, remark_index) where remark_index is not null;
create index follower_citizen on follower (citizen_id, account_id);
create index follower_origin on follower (origin_id);
create index follower_detail on follower (account_id, id) where detail_due;
create index follower_forget on follower (forget_at) where forget_at > 0;

create table citizen_tombstone (
	person     text  not null,                           -- blind index of an erased openid
	account_id {big} not null references account (id),
	erased_at  {big} not null,                           -- wall
	primary key (account_id, person)
);

create table citizen_consent (
	id           {id},
	citizen_id   {big} not null references citizen (id),
	purpose      text  not null,                         -- "notice.progress"
	text_version text  not null,                         -- of what was agreed to
	source       text  not null,                         -- "page", "chat", "window"
	given_at     {big} not null,                         -- civil
	withdrawn_at {big} not null default 0
);
create index citizen_consent_of on citizen_consent (citizen_id, purpose, id);

create table tag (
	id         {id},
	account_id {big} not null references account (id),
	wechat_id  {big},                                    -- null: not in WeChat (yet)
	name       text  not null,
	state      text  not null,                           -- here | wechat | adding | renaming | removing | failed
	problem    integer not null default 0,               -- WeChat's code
	version    {big} not null default 1,
	created_at {big} not null
);
create unique index tag_name on tag (account_id, name);
create unique index tag_wechat on tag (account_id, wechat_id) where wechat_id is not null;

create table follower_tag (
	follower_id {big} not null references follower (id),
	tag_id      {big} not null references tag (id),
	state       text  not null,                          -- on | adding | removing
	primary key (follower_id, tag_id)
);
create index follower_tag_tag on follower_tag (tag_id, follower_id);
create index follower_tag_waiting on follower_tag (tag_id, state, follower_id) where state <> 'on';

create table follower_sync (
	id            {id},
	account_id    {big} not null references account (id),
	state         text  not null,                        -- listing | asking | leaving | done | failed
	cursor_sealed {blob},                                -- WeChat's next_openid
	total         {big} not null default 0,
	listed        {big} not null default 0,
	fresh         {big} not null default 0,
	asked         {big} not null default 0,
	gone          {big} not null default 0,
	position      {big} not null default 0,              -- of the last stage, a follower id
	problem       text  not null default '',
	started_at    {big} not null,                        -- wall
	changed_at    {big} not null,
	finished_at   {big} not null default 0
);
create index follower_sync_account on follower_sync (account_id, id);
create unique index follower_sync_running on follower_sync (account_id) where finished_at = 0;

create table citizen_oauth (
	state      text  primary key,                        -- digest
	account_id {big} not null references account (id),   -- whose page
	via_id     {big} not null references account (id),   -- whose authorisation
	nonce      text  not null,                           -- digest of what the browser keeps
	return_to  text  not null,
	tries      integer not null,
	expires_at {big} not null                            -- wall
);
create index citizen_oauth_expires on citizen_oauth (expires_at);
