-- +goose Up
-- What was done, by whom, to what. Rows are inserted in the transaction of the deed and never updated but for batch, which
-- the sealer fills. detail is text, not jsonb: the seal is over its very bytes.
create table audit_entry (
    id         {id},
    uid        text not null unique,
    at         {big} not null,
    actor_kind text not null,
    actor_id   {big} not null,
    session    text not null,
    request    text not null,
    address    text not null,
    verb       text not null,
    object     text not null,
    object_id  {big} not null,
    unit       text not null,
    account_id {big} not null,
    outcome    text not null,
    detail     text not null,
    key_id     text not null,
    mac        text not null,
    batch      {big}
);
create index audit_entry_at on audit_entry(at);
create index audit_entry_object on audit_entry(object, object_id, id);
create index audit_entry_actor on audit_entry(actor_kind, actor_id, id);
create index audit_entry_unit on audit_entry(unit, id);
create index audit_entry_account on audit_entry(account_id, id);
create index audit_entry_verb on audit_entry(verb, id);
create index audit_entry_batch on audit_entry(batch, id);

-- The chain. rows lists the sealed ids as ranges; digest covers it, the rows' MACs and the digest before. A purged batch
-- keeps its line of the chain and loses its rows.
create table audit_batch (
    number    {big} primary key,
    first_id  {big} not null,
    last_id   {big} not null,
    entries   {big} not null,
    ids       text not null,
    previous  text not null,
    digest    text not null,
    key_id    text not null,
    mac       text not null,
    sealed_at {big} not null,
    purged_at {big}
);
