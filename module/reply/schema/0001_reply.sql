-- +goose Up

create table reply_rule (
    id           {id},
    account_id   bigint   not null references account (id),
    name         text     not null,
    cause        text     not null, -- the trigger: subscribe, default, keyword, image, …
    match        text     not null, -- exact, contains, code; '' where the trigger has no words
    words        {json}   not null, -- ["社保卡", …]
    answers      {json}   not null, -- replies in their stored form
    priority     integer  not null,
    enabled      {bool}   not null,
    valid_from   bigint   not null, -- civil ms; 0: always
    valid_until  bigint   not null, -- civil ms, not included; 0: for ever
    version      bigint   not null,
    hits         bigint   not null,
    last_hit_at  bigint   not null,
    created_by   bigint   not null,
    created_at   bigint   not null,
    updated_at   bigint   not null,
    deleted_at   bigint
);
create index reply_rule_account on reply_rule (account_id, id) where deleted_at is null;
create index reply_rule_cause on reply_rule (account_id, cause, id) where deleted_at is null;
