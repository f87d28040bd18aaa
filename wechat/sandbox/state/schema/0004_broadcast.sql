-- +goose Up
-- Whether a citizen likes or keeps an article is asked without knowing when they began to.
create index article_act_mine on article_act (article, citizen, kind) where kind in ('like', 'favourite');

-- A message to many. Its recipients are bits of the numbers of contacts, so that a million of them are one row.
create table broadcast (
    n           {id},
    account     bigint not null,
    msg_id      bigint not null,
    msg_data_id bigint not null,
    client_id   text not null,    -- clientmsgid, or the digest of what was asked for
    to_all      {bool} not null,
    type        text not null,    -- msgtype
    media_id    text not null,
    doc         {json} not null,  -- what the job needs to know
    state       text not null,    -- SENDING, SEND_SUCCESS, SEND_FAIL, DELETE
    total       bigint not null,
    filtered    bigint not null,
    sent        bigint not null,
    day         text not null,
    made_at     bigint not null,
    tried_at    bigint not null,  -- of the last call with this client_id
    arrival     bigint not null,  -- order of arrival; 0: not arrived
    arrived_at  bigint not null,
    wall_at     bigint not null,
    item_type   text not null,    -- of the chat's item
    body        {json} not null,
    first_byte  bigint not null,  -- of recipients: the contact of the number 8*first_byte is its lowest bit
    recipients  blob not null,
    unique (account, msg_id)
);
create index broadcast_day on broadcast (account, day);
create index broadcast_client on broadcast (account, client_id, made_at);
create index broadcast_arrival on broadcast (account, arrival) where arrival>0;

-- Up to which arrival the chat of a contact has its messages; no row: of none.
create table broadcast_seen (
    contact bigint primary key,
    arrival bigint not null
);

create table mass_guard (
    n        {id},
    account  bigint not null,
    client_id text not null,
    answer   text not null,       -- '' waits, allow, refuse
    until_at bigint not null
);
create index mass_guard_account on mass_guard (account, client_id);

create table mass_speed (
    account bigint primary key,
    speed   integer not null
);
