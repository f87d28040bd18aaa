-- +goose Up
create table account (
    n   {id},
    id  text not null unique,
    doc {json} not null
);

create table citizen (
    n        {id},
    id       text not null unique,
    name     text not null,
    avatar   text not null,
    snapshot {bool} not null
);

-- A citizen as one account knows them; the row stays after an unfollow.
create table contact (
    n             {id},
    account       bigint not null,
    citizen       bigint not null,
    openid        text not null unique,
    subscribed    {bool} not null,
    seq           bigint not null, -- order of subscription; 0: never
    subscribed_at bigint not null,
    how           text not null,   -- subscribe_scene
    qr_scene      bigint not null,
    qr_scene_str  text not null,
    remark        text not null,
    touched_at    bigint not null, -- last interaction
    typing_until  bigint not null,
    unread        integer not null,
    unique (citizen, account)
);
create index contact_followers on contact (account, seq) where subscribed;

-- What may still be sent to somebody as customer messages, one row for each kind of interaction.
create table allowance (
    contact  bigint not null,
    kind     text not null,
    until_at bigint not null,
    remain   integer not null,
    primary key (contact, kind)
);

create table item (
    n       {id},
    account bigint not null,
    citizen bigint not null,
    at      bigint not null,
    wall_at bigint not null,
    sender  text not null,
    origin  text not null,
    type    text not null,
    body    {json} not null,
    state   text not null,
    tries   integer not null,
    msg_id  bigint not null
);
create index item_chat on item (account, citizen, n);

-- Callbacks that are not finished; a finished one is gone.
create table delivery (
    n       {id},
    account bigint not null,
    citizen bigint not null,
    openid  text not null,
    item    bigint not null,
    cue     text not null,
    xml     text not null,
    tries   integer not null,
    made_at bigint not null
);

create table credential (
    value      text primary key,
    kind       text not null,
    account    bigint not null,
    made_at    bigint not null,
    expires_at bigint not null,
    dead_at    bigint not null,
    doc        {json} not null
);
create index credential_expiry on credential (expires_at);

create table usage (
    account bigint not null,
    path    text not null,
    day     text not null,
    used    bigint not null,
    primary key (account, path, day)
);

create table serial (
    name  text primary key,
    value bigint not null
);

create table tag (
    account bigint not null,
    id      bigint not null,
    name    text not null,
    fans    bigint not null,
    primary key (account, id),
    unique (account, name)
);

create table tagging (
    account bigint not null,
    tag     bigint not null,
    contact bigint not null,
    place   bigint not null, -- the order in which the contact got its tags
    primary key (account, tag, contact)
);
create index tagging_contact on tagging (contact);

create table menu (
    account bigint primary key,
    id      bigint not null,
    doc     {json} not null,
    made_at bigint not null
);

create table qr (
    ticket     text primary key,
    n          bigint not null,
    account    bigint not null,
    kind       text not null,
    scene_id   bigint not null,
    scene_str  text not null,
    url        text not null unique,
    expires_at bigint not null, -- 0: never
    made_at    bigint not null
);
create index qr_account on qr (account, n);
create index qr_scene on qr (account, kind, scene_id, scene_str);

create table media (
    id         text primary key,
    account    bigint not null, -- 0: a citizen's, not sent yet
    type       text not null,
    name       text not null,
    mime       text not null,
    size       bigint not null,
    file       text not null,
    note       text not null,   -- what a voice says
    made_at    bigint not null,
    expires_at bigint not null  -- 0: never
);
