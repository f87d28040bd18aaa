-- +goose Up

-- What followers sent besides words. WeChat keeps it for three days; here it lies sealed in the blob store, with a key of
-- its own that the follower's data key seals.
create table conversation_media (
    line_id          bigint primary key references conversation_line (id),
    conversation_id  bigint not null references conversation (id),
    account_id       bigint not null,
    kind             text   not null, -- image, voice, video, shortvideo
    state            text   not null, -- waiting | kept | gone | refused
    problem          text   not null, -- message key: why it is not (yet) here
    media_id         text   not null, -- WeChat's; '' when it is of no use any more
    blob             text   not null,
    key_sealed       {blob} not null,
    content_type     text   not null, -- by the content, never by what was announced
    size             bigint not null, -- bytes
    expires_at       bigint not null, -- civil ms: WeChat has forgotten it
    created_at       bigint not null  -- wall ms
);
create index conversation_media_of on conversation_media (conversation_id);
