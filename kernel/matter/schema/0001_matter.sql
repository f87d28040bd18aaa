-- +goose Up

-- matter_flow is the definitions that matters run under: each text once, by its digest, and never changed. A matter keeps
-- the one it was opened with.
create table matter_flow (
    id         {id},
    digest     text not null unique, -- SHA-256 of definition
    key        text not null,
    version    {big} not null,       -- of kernel/flow's service
    definition text not null         -- JSON
);

-- matter_series gives each kind the two digits that tell its numbers from others'.
create table matter_series (
    kind   text primary key,
    series {big} not null unique
);

-- matter_sequence counts the matters of a kind on a civil day.
create table matter_sequence (
    kind text not null,
    day  text not null,
    last {big} not null,
    primary key (kind, day)
);

-- matter_facet is the combinations that lists filter by. There are a few hundred, however many matters there are, so that
-- any filter is a few ranges of one index (see list.go).
create table matter_facet (
    id         {id},
    account_id {big} not null, -- 0: none
    kind       text  not null,
    state      text  not null,
    held       {big} not null, -- 0 in the pool, 1 held, 2 over
    light      {big} not null, -- of one that is over: the worst it reached, 0 green, 1 yellow, 2 red; else 0
    unique (kind, state, held, light, account_id)
);

create table matter (
    id          {id},
    number      text  not null unique,
    code        text  not null,        -- public; opens the matter together with the number
    kind        text  not null,
    flow_id     {big} not null references matter_flow (id),
    state       text  not null,
    held        {big} not null,
    version     {big} not null,
    account_id  {big} references account (id),
    owner_id    {big} not null references unit (id), -- where it was opened
    unit_id     {big} not null references unit (id), -- where it lies
    assignee_id {big} references staff (id),
    opener_kind text  not null,        -- as access.ActorKind is written
    opener_id   {big} not null,
    citizen_id  {big} references citizen (id),
    subject     text  not null,        -- kind of the thing it is about: "reply"; '' for none
    subject_id  {big} not null,
    parent_id   {big} references matter (id),
    parent_ref  text  not null,        -- what the parent's run calls it
    sealed      {bool} not null,
    opened_at   {big} not null,        -- instants here are civil
    yellow_at   {big} not null,        -- earliest of the running clocks; never: 2^62
    due_at      {big} not null,
    closed_at   {big} not null,        -- 0: open
    worst       {big} not null,        -- light: the worst that a stopped clock reached
    outcome     text  not null,
    updated_at  {big} not null,
    title       text  not null,        -- of a sealed one encrypted, like run and all payloads
    seal        {blob},                -- wrapped data key of a sealed matter
    run         text  not null         -- flow's, JSON
);
create index matter_citizen on matter (citizen_id, id) where citizen_id is not null;
create index matter_subject on matter (subject, subject_id, id) where subject <> '';
create index matter_parent on matter (parent_id) where parent_id is not null;
create index matter_flow_open on matter (flow_id, id) where closed_at = 0;

-- matter_unit hangs a matter under its units and all that stand above them. Sealed matters hang nowhere.
create table matter_unit (
    matter_id {big} not null references matter (id),
    unit_id   {big} not null references unit (id),
    facet_id  {big} not null references matter_facet (id),
    opened_at {big} not null,
    yellow_at {big} not null,
    due_at    {big} not null,
    primary key (matter_id, unit_id)
);
create index matter_unit_opened on matter_unit (unit_id, facet_id, opened_at, matter_id, yellow_at);
create index matter_unit_due on matter_unit (unit_id, facet_id, due_at, matter_id, yellow_at);

-- matter_span is the longest time that any matter of a kind is yellow before it is red: where to end looking for them.
create table matter_span (
    kind text primary key,
    span {big} not null  -- ms
);

-- matter_party is the staff who have to do with a matter.
create table matter_party (
    matter_id {big} not null references matter (id),
    staff_id  {big} not null references staff (id),
    turn      {bool} not null,  -- something waits for this person
    watches   {bool} not null,
    invited   {bool} not null,  -- let in by hand: a sealed matter's only way in for those who do not have it
    acted_at  {big} not null,   -- civil, last; 0: never
    opened_at {big} not null,
    yellow_at {big} not null,
    due_at    {big} not null,
    primary key (matter_id, staff_id)
);
create index matter_party_turn on matter_party (staff_id, due_at, matter_id) where turn;
create index matter_party_acted on matter_party (staff_id, acted_at, matter_id) where acted_at > 0;
create index matter_party_watch on matter_party (staff_id, opened_at, matter_id) where watches;
create index matter_party_staff on matter_party (staff_id, opened_at, matter_id);

-- matter_event is append-only: everything else here can be computed from it (weizheng matter replay).
create table matter_event (
    id          {id},
    matter_id   {big} not null,  -- of matter; unchecked, for PostgreSQL writes into each row that a check looks at
    version     {big} not null,  -- of the matter after it
    act         text  not null default '',       -- the action's name; '' for what the house did
    actor_kind  text  not null default 'system',
    actor_id    {big} not null,
    behalf_id   {big} not null,  -- staff in whose name it was done; 0: their own
    civil_at    {big} not null,
    wall_at     {big} not null,
    payload     text  not null,  -- JSON
    hidden      text  not null default ''        -- numbers of people taken out of the payload, encrypted
);
create index matter_event_matter on matter_event (matter_id, id);

-- matter_clock is what the calendar made of each clock; the run says how it stands, with its pauses and why.
create table matter_clock (
    matter_id   {big} not null references matter (id),
    clock       text  not null,   -- flow's id of one round: "accept#1"
    position    {big} not null,
    state       text  not null,   -- running | paused | stopped
    rule        text  not null,   -- JSON of worktime's, what was granted on top included
    due_day     text  not null,   -- '' while nobody can say
    started_at  {big} not null,
    yellow_at   {big} not null,   -- never: 2^62
    due_at      {big} not null,
    stopped_at  {big} not null,
    provisional {bool} not null,
    primary key (matter_id, clock)
);

-- matter_deadline is what the sweep waits for. A row goes when it fell due or does not count any more.
create table matter_deadline (
    id        {id},
    matter_id {big} not null references matter (id),
    clock     text  not null,
    kind      text  not null,  -- yellow | red | due:NAME | hold
    at        {big} not null,  -- civil
    next_at   {big} not null   -- when the sweep looks: at, or later after a failure
);
create index matter_deadline_next on matter_deadline (next_at, id);
create index matter_deadline_matter on matter_deadline (matter_id);

-- matter_once remembers idempotency keys.
create table matter_once (
    actor_kind text  not null,
    actor_id   {big} not null,
    key        text  not null,
    digest     text  not null,  -- of what was asked
    matter_id  {big} not null,
    event_id   {big} not null,
    version    {big} not null,
    wall_at    {big} not null,
    primary key (actor_kind, actor_id, key)
);
create index matter_once_wall on matter_once (wall_at);

-- matter_contact is what the outside party gave for this matter, under a key of its own: erasing is deleting the row.
create table matter_contact (
    matter_id {big} primary key references matter (id),
    wrapped   {blob} not null,
    sealed    text  not null
);

-- matter_notice is what one member of staff is to be told; a reminder on their phone reads it from here. Its references
-- are unchecked like an event's.
create table matter_notice (
    id        {id},
    staff_id  {big} not null,
    matter_id {big} not null,
    event_id  {big} not null,
    kind      text  not null,   -- yellow | red | the notice's name
    civil_at  {big} not null,
    read_at   {big} not null,   -- wall; 0: not yet
    unique (event_id, staff_id, kind)
);
create index matter_notice_staff on matter_notice (staff_id, id);
create index matter_notice_unread on matter_notice (staff_id, id) where read_at = 0;
create index matter_notice_matter on matter_notice (matter_id);

-- matter_deputy is who acts for whom while they are away.
create table matter_deputy (
    id         {id},
    staff_id   {big} not null references staff (id), -- who is away
    deputy_id  {big} not null references staff (id),
    from_at    {big} not null,   -- civil
    until_at   {big} not null,
    created_at {big} not null    -- wall
);
create index matter_deputy_staff on matter_deputy (staff_id, until_at);
create index matter_deputy_deputy on matter_deputy (deputy_id, until_at);

-- matter_recompute is one change of calendar or rule over the open matters: previewed, approved, then done in batches.
create table matter_recompute (
    id          {id},
    change      text  not null,   -- JSON
    why         text  not null,
    asked_by    {big} not null,
    asked_at    {big} not null,   -- wall
    state       text  not null,   -- running | done
    total       {big} not null,
    seen        {big} not null,
    moved       {big} not null,
    position    {big} not null,   -- last matter looked at
    finished_at {big} not null
);
