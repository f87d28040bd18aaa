-- +goose Up

create table conversation (
    id             {id},
    account_id     bigint not null references account (id),
    follower_id    bigint not null references follower (id),
    person         text   not null, -- blind index of the openid, as the gateway knows it
    state          text   not null, -- open | closed
    claimed_by     bigint not null, -- staff id; 0: nobody
    claimed_until  bigint not null, -- wall ms: when the claim grows cold
    starred        {bool} not null,
    waiting_since  bigint not null, -- civil ms; 0: nobody waits
    last_at        bigint not null, -- civil ms of the last line that is not a note
    last_from      text   not null,
    last_kind      text   not null,
    last_text      text   not null,
    version        bigint not null,
    created_at     bigint not null
);
create unique index conversation_follower on conversation (account_id, follower_id);
create index conversation_recent on conversation (account_id, state, last_at, id);
create index conversation_waiting on conversation (account_id, waiting_since, id) where waiting_since > 0;
create index conversation_claimed on conversation (claimed_by, last_at, id) where claimed_by > 0;

create table conversation_line (
    id               {id},
    conversation_id  bigint not null references conversation (id),
    author           text   not null, -- citizen | rule | staff | system | note
    staff_id         bigint not null,
    kind             text   not null, -- text, image, voice, …, event
    text             text   not null, -- readable: numbers that identify people are references
    hidden           {blob},          -- their sealed values; null: none
    detail           {json} not null, -- media, place, link, source
    at               bigint not null, -- civil ms
    inbound_id       bigint not null, -- 0: none
    outbound_id      bigint not null, -- 0: none
    state            text   not null, -- '' | sending | sent | refused | uncertain
    problem          text   not null, -- message key of a refusal
    idem             text,            -- the sender's key
    waited           bigint not null, -- ms that the follower had waited for this answer; 0: nobody waited; -1: a rule only promised one
    created_at       bigint not null  -- wall ms
);
create index conversation_line_of on conversation_line (conversation_id, id);
create unique index conversation_line_idem on conversation_line (conversation_id, idem) where idem is not null;
create index conversation_line_outbound on conversation_line (outbound_id) where outbound_id > 0;
create index conversation_line_at on conversation_line (at);
