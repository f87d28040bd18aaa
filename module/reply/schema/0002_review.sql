-- +goose Up

-- When the rule's words first went live; 0: never yet, they wait for review and the rule cannot speak.
alter table reply_rule add column published_at bigint not null default 0;
update reply_rule set published_at = created_at;

create table reply_version (
    id           {id},
    rule_id      bigint   not null references reply_rule (id),
    number       bigint   not null, -- counts within the rule
    state        text     not null, -- waiting, returned, live, refused, withdrawn
    doc          {json}   not null, -- the rule as it was written
    enabled      {bool}   not null, -- whether it speaks once it is live
    reason       text     not null, -- why it was returned or refused
    matter_id    bigint references matter (id), -- its review; null where none was asked for
    proposed_by  bigint   not null,
    proposed_at  bigint   not null, -- civil
    decided_by   bigint   not null, -- 0: nobody decided, or no review was asked for
    decided_at   bigint   not null  -- civil; 0: not yet
);
create unique index reply_version_number on reply_version (rule_id, number);
create unique index reply_version_waiting on reply_version (rule_id) where state = 'waiting';
create index reply_version_matter on reply_version (matter_id, number);
