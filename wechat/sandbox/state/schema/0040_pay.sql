-- +goose Up
-- A merchant of WeChat Pay; an account has one or none. doc holds its keys and settings.
create table merchant (
    account bigint primary key,
    mchid   text not null unique,
    doc     {json} not null
);

create table pay_order (
    n           {id},
    account     bigint not null,
    out_no      text not null,   -- out_trade_no
    prepay      text not null unique,
    paid_as     text not null,   -- transaction_id; "" until it is paid
    paid_at     bigint not null, -- civil; 0: not paid
    doc         {json} not null,
    unique (account, out_no)
);
create index pay_order_paid_as on pay_order (paid_as) where paid_as <> '';
create index pay_order_paid on pay_order (account, paid_at);

create table pay_refund (
    n       {id},
    account bigint not null,
    trade   bigint not null,
    out_no  text not null,       -- out_refund_no
    made_at bigint not null,     -- civil
    doc     {json} not null,
    unique (account, out_no)
);
create index pay_refund_order on pay_refund (trade);
create index pay_refund_made on pay_refund (account, made_at);

-- Notices that the merchant has not taken yet; due ones are being sent, the others wait in later.
create table pay_notice (
    n       {id},
    account bigint not null,
    due     {bool} not null,
    doc     {json} not null
);
create index pay_notice_due on pay_notice (n) where due;
