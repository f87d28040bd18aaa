-- +goose Up
-- A follower that is a member of staff's own phone.
create table reminder_binding (
	id          {id},
	account_id  {big} not null references account (id),
	staff_id    {big} not null references staff (id),
	follower_id {big} not null references follower (id),
	bound_at    {big} not null                            -- wall
);
create unique index reminder_binding_staff on reminder_binding (account_id, staff_id);
create unique index reminder_binding_follower on reminder_binding (follower_id);
create index reminder_binding_of on reminder_binding (staff_id);

-- A binding on its way; each member of staff has one at most.
create table reminder_offer (
	staff_id    {big} primary key references staff (id),
	account_id  {big} not null references account (id),
	scene       text  not null,                           -- blind index of the code's scene
	word        text  not null,                           -- blind index of what is typed instead
	state       text  not null,                           -- open | scanned | told | void
	follower_id {big} references follower (id),           -- who scanned it
	digits      text  not null default '',                -- blind index of what that phone was told
	tries       {big} not null default 0,                 -- wrong digits
	expires_at  {big} not null                            -- wall
);
create unique index reminder_offer_scene on reminder_offer (scene);
create unique index reminder_offer_word on reminder_offer (account_id, word);
create index reminder_offer_follower on reminder_offer (follower_id) where follower_id is not null;

-- What somebody wants to be reminded of, and when not.
create table reminder_choice (
	staff_id    {big} primary key references staff (id),
	fresh       {bool} not null,
	near        {bool} not null,
	late        {bool} not null,
	urge        {bool} not null,
	news        {bool} not null,
	quiet_from  text  not null,                           -- 22:00; '' with quiet_until: the setting's
	quiet_until text  not null
);

-- One notice of a matter for one person with a phone. Event and matter are unchecked, like a matter's own notices.
create table reminder_item (
	id         {id},
	staff_id   {big} not null references staff (id),
	matter_id  {big} not null,
	event_id   {big} not null,
	kind       text  not null,                            -- as kernel/matter names it
	sort       text  not null,                            -- fresh | near | late | urge | news
	civil_at   {big} not null,
	state      text  not null,                            -- waiting | packed | dropped
	problem    text  not null default '',                 -- why it was dropped: message key
	parcel_id  {big} not null default 0,
	unique (event_id, staff_id, kind)
);
create index reminder_item_waiting on reminder_item (staff_id, id) where state = 'waiting';
create index reminder_item_parcel on reminder_item (parcel_id) where parcel_id <> 0;
create index reminder_item_old on reminder_item (civil_at);

-- When a person's waiting items are to be sent.
create table reminder_turn (
	staff_id {big} primary key references staff (id),
	due_at   {big} not null,                              -- civil; 0: nothing waits
	last_at  {big} not null                               -- civil, of the last parcel
);
create index reminder_turn_due on reminder_turn (due_at) where due_at > 0;

-- One message to one phone, for any number of items.
create table reminder_parcel (
	id          {id},
	staff_id    {big} not null references staff (id),
	binding_id  {big} not null,                           -- may be gone
	follower_id {big} not null references follower (id),
	matter_id   {big} not null,                           -- of the only item; 0: several, or none
	items       {big} not null,
	channel     text  not null,                           -- custom | template | ''
	outbound_id {big} not null default 0,
	state       text  not null,                           -- queued | sent | unsent | uncertain
	problem     text  not null default '',                -- message key
	created_at  {big} not null,                           -- civil
	settled_at  {big} not null default 0
);
create index reminder_parcel_staff on reminder_parcel (staff_id, id);
create index reminder_parcel_unsent on reminder_parcel (created_at) where state = 'unsent';
create index reminder_parcel_old on reminder_parcel (created_at);

-- A web authorisation of staff under way.
create table reminder_door (
	state      text  primary key,                         -- digest
	binding_id {big} not null,
	matter_id  {big} not null,
	nonce      text  not null,                            -- digest of what the browser keeps
	tries      {big} not null,
	expires_at {big} not null                             -- wall
);
create index reminder_door_expires on reminder_door (expires_at);
