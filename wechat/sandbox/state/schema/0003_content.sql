-- +goose Up
-- Permanent materials; the file is a row of media that never expires.
create table material (
    n            {id},
    account      bigint not null,
    media        text not null unique,
    type         text not null,
    title        text not null,
    introduction text not null,
    made_at      bigint not null
);
create index material_list on material (account, type, n);

create table draft (
    n          {id},
    account    bigint not null,
    media_id   text not null unique,
    doc        {json} not null,   -- [article]
    made_at    bigint not null,
    updated_at bigint not null
);
create index draft_list on draft (account, updated_at, n);

-- What is published at once: one article, or up to eight.
create table publication (
    n           {id},
    account     bigint not null,
    article_id  text not null unique,
    how         text not null,    -- publish, mass, preview
    msg_data_id bigint not null,
    history     {bool} not null,  -- stands on the account's history page
    made_at     bigint not null,
    updated_at  bigint not null,
    unique (account, msg_data_id)
);
create index publication_list on publication (account, how, n);

create table article (
    n           {id},
    id          text not null unique,
    publication bigint not null,
    account     bigint not null,
    place       integer not null, -- in its publication, from 0
    doc         {json} not null,
    state       text not null,    -- '' readable, deleted, banned
    talk        {bool} not null,  -- comments are open
    fans_only   {bool} not null,  -- to followers
    reads       bigint not null,
    shares      bigint not null,
    likes       bigint not null,
    favourites  bigint not null,
    comments    bigint not null,
    unique (publication, place)
);
create index article_account on article (account, n);

create table publish_job (
    n           {id},
    account     bigint not null,
    media_id    text not null,
    msg_data_id bigint not null,
    doc         {json} not null,  -- [article]
    status      integer not null, -- publish_status
    article_id  text not null,
    fail_idx    {json} not null,
    made_at     bigint not null,
    drafted_at  bigint not null   -- when the draft was made
);
create index publish_job_article on publish_job (article_id);

-- What the next publication or mass message of an account is to come to.
create table content_outcome (
    n       {id},
    account bigint not null,
    goal    text not null,        -- publish, mass
    doc     {json} not null
);
create index content_outcome_next on content_outcome (account, goal, n);

create table autoreply (
    account bigint primary key,
    doc     {json} not null
);

-- What citizens do with articles: a row for each hour in which a citizen did it, however often.
create table article_act (
    article  bigint not null,
    kind     text not null,
    day      text not null,
    citizen  bigint not null,
    hour     integer not null,
    scene    integer not null,
    account  bigint not null,
    times    bigint not null,
    first_at bigint not null,
    primary key (article, kind, day, citizen, hour, scene)
);
create index article_act_account on article_act (account, kind, day, citizen);

-- The same counted together, so that no count reads the rows of a million readers.
create table article_tally (
    article bigint not null,
    kind    text not null,
    day     text not null,
    hour    integer not null,
    scene   integer not null,
    account bigint not null,
    times   bigint not null,
    people  bigint not null,      -- who did it in this hour from this scene
    primary key (article, kind, day, hour, scene)
);
create index article_tally_account on article_tally (account, kind, day);

create table comment (
    n        {id},
    article  bigint not null,
    account  bigint not null,
    citizen  bigint not null,
    openid   text not null,
    content  text not null,
    at       bigint not null,
    elected  {bool} not null,
    reply    text not null,
    reply_at bigint not null
);
create index comment_list on comment (article, n);
