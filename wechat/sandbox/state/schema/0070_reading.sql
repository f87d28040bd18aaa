-- +goose Up
-- Who did what with an article is looked up by the person: whether they did it before, ever or on this day.
create table article_deed (
    article  bigint not null,
    kind     text not null,
    citizen  bigint not null,
    day      text not null,
    hour     integer not null,
    scene    integer not null,
    account  bigint not null,
    times    bigint not null,
    first_at bigint not null,
    primary key (article, kind, citizen, day, hour, scene)
) without rowid;
insert into article_deed (article, kind, citizen, day, hour, scene, account, times, first_at)
    select article, kind, citizen, day, hour, scene, account, times, first_at from article_act;
drop table article_act;
drop table article_tally;
create index article_deed_day on article_deed (account, kind, day, citizen);

-- The same counted while it happens, so that no statistic reads the rows of a million readers: for an article by day and by
-- day and scene, for all articles of an account (article 0) also by hour. hour -1 is the whole day, scene -1 every scene.
create table article_count (
    account bigint not null,
    kind    text not null,
    day     text not null,
    article bigint not null,
    hour    integer not null,
    scene   integer not null,
    times   bigint not null,
    people  bigint not null, -- different ones
    fresh   bigint not null, -- of an article: those who had not done it on an earlier day; they add up over days
    primary key (account, kind, day, article, hour, scene)
) without rowid;
create index article_count_of on article_count (article, day);

insert into article_count select account, kind, day, article, -1, -1, sum(times), count(distinct citizen), 0 from article_deed group by 1, 2, 3, 4;
insert into article_count select account, kind, day, article, -1, scene, sum(times), count(distinct citizen), 0 from article_deed group by 1, 2, 3, 4, 6;
insert into article_count select account, kind, day, 0, -1, -1, sum(times), count(distinct citizen), 0 from article_deed group by 1, 2, 3;
insert into article_count select account, kind, day, 0, -1, scene, sum(times), count(distinct citizen), 0 from article_deed group by 1, 2, 3, 6;
insert into article_count select account, kind, day, 0, hour, -1, sum(times), count(distinct citizen), 0 from article_deed group by 1, 2, 3, 5;
insert into article_count select account, kind, day, 0, hour, scene, sum(times), count(distinct citizen), 0 from article_deed group by 1, 2, 3, 5, 6;
update article_count set fresh = (select count(*) from
    (select citizen from article_deed d where d.article=article_count.article and d.kind=article_count.kind group by citizen having min(day)=article_count.day))
    where article<>0 and scene=-1;
update article_count set fresh = (select count(*) from
    (select citizen from article_deed d where d.article=article_count.article and d.kind=article_count.kind and d.scene=article_count.scene
        group by citizen having min(day)=article_count.day))
    where article<>0 and scene<>-1;
