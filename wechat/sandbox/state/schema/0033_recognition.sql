-- +goose Up
-- What pictures, voices and texts are recognised as; '' as subject is for the next call of the kind.
create table recognition (
    kind    text not null,
    subject text not null, -- SHA-256 of the file in hex, an address, or a text
    says    text not null, -- JSON; '' when nothing is to be found
    primary key (kind, subject)
);

-- Voices that were handed in for recognition.
create table dictation (
    account  bigint not null,
    voice_id text not null,
    says     text not null,
    until_at bigint not null, -- wall
    primary key (account, voice_id)
);
