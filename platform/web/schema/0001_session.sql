-- +goose Up
-- A session is found by the digest of its token; the token itself is nowhere. id is what people and audit rows may see.
create table web_session (
  token_hash text not null primary key,
  id text not null unique,
  kind text not null,
  account text not null, -- the slug that a citizen's session belongs to; '' for staff
  subject_id {big} not null,
  created_at {big} not null,
  seen_at {big} not null,
  expires_at {big} not null,
  address text not null,
  agent text not null,
  data text not null
);
create index web_session_subject on web_session (kind, subject_id, seen_at);
create index web_session_expires on web_session (expires_at);

-- A form's one-time token, taken when it is submitted: the same submission again leads to the same place.
create table web_form (
  token_hash text not null primary key,
  location text not null,
  created_at {big} not null
);
create index web_form_created on web_form (created_at);
