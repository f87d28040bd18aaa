-- +goose Up

-- inbound is the log of WeChat's callbacks and its own queue: a row with read_at null waits for the subscribers.
-- sealed and answer are encrypted by the installation's key ring; person is a blind index of the openid.
create table inbound (
    id          {id},
    account_id  bigint not null,
    dedupe      text   not null, -- the message's own key: increasing in time, so that the index grows at its end
    person      text   not null, -- '' when the callback named no sender
    kind        text   not null, -- text, image, … or event:subscribe, …
    received_at bigint not null, -- wall, ms
    civil_at    bigint not null, -- ms
    sealed      {blob} not null, -- the message's XML
    answer      {blob},          -- the reply; null: silent
    source      text   not null, -- who answered: reply:12, fallback, ''
    trace       text   not null, -- who was offered it and passed: "duty- keyword+"
    state       text   not null, -- answered | pending (the fallback was given, the answer will follow)
    read_at     bigint
);
create unique index inbound_dedupe on inbound (account_id, dedupe);
create index inbound_unread on inbound (id) where read_at is null;
-- Entries appear when the reader has handed a row out: erasure needs them, a callback must not pay for them.
create index inbound_person on inbound (account_id, person, id) where read_at is not null;

-- inbound_gap is a time in which callbacks were refused because nothing could be written.
create table inbound_gap (
    id         {id},
    account_id bigint not null, -- 0: not known
    from_at    bigint not null, -- wall, ms
    until_at   bigint not null,
    refused    bigint not null,
    reason     text   not null
);
create index inbound_gap_at on inbound_gap (account_id, until_at);
