-- +goose Up
-- The tree. path is "/" and the ids from the root down, each with a "/" behind it; a move rewrites the subtree's.
create table unit (
    id         {id},
    parent_id  {big} references unit(id),
    guide_id   {big} references unit(id),
    level      text not null,
    name       text not null,
    short      text not null,
    code       text not null,
    path       text not null,
    position   {big} not null,
    closed     {bool} not null,
    created_at {big} not null,
    updated_at {big} not null,
    version    {big} not null
);
create index unit_path on unit(path);
create unique index unit_name on unit(parent_id, name);
create unique index unit_root on unit(level) where parent_id is null;
create index unit_guide on unit(guide_id);

create table staff (
    id            {id},
    login         text not null unique,
    name          text not null,
    title         text not null,
    phone_sealed  text not null,
    phone_index   text not null,
    unit_id       {big} not null references unit(id),
    outsourced    {bool} not null,
    until_at      {big} not null,
    disabled      {bool} not null,
    password      text not null,
    password_at   {big} not null,
    must_change   {bool} not null,
    totp_sealed   text not null,
    totp_next     text not null,
    totp_due      {bool} not null,
    totp_step     {big} not null,
    last_login_at {big} not null,
    created_at    {big} not null,
    updated_at    {big} not null,
    version       {big} not null
);
create index staff_unit on staff(unit_id, id);
create index staff_phone on staff(phone_index);

create table role (
    key         text primary key,
    name        text not null,
    text        text not null,
    duty        text not null,
    permissions text not null,
    gives       text not null,
    builtin     {bool} not null,
    edited      {bool} not null,
    updated_at  {big} not null,
    version     {big} not null
);

create table staff_grant (
    id         {id},
    staff_id   {big} not null references staff(id),
    role       text not null references role(key),
    unit_id    {big} not null references unit(id),
    account_id {big} not null,
    until_at   {big} not null,
    created_at {big} not null,
    created_by {big} not null,
    unique (staff_id, role, unit_id, account_id)
);
create index staff_grant_unit on staff_grant(unit_id);
create index staff_grant_role on staff_grant(role);

-- One-time links. hash is the token's SHA-256: who reads the table cannot use a link.
create table staff_link (
    hash       text primary key,
    staff_id   {big} not null references staff(id),
    created_at {big} not null,
    created_by {big} not null,
    expires_at {big} not null
);
create index staff_link_staff on staff_link(staff_id);

-- Failed proofs of identity, by blind index of the login or the client's address.
create table login_lock (
    key      text primary key,
    fails    {big} not null,
    first_at {big} not null,
    last_at  {big} not null
);
create index login_lock_last on login_lock(last_at);
