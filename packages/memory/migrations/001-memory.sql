create schema memory;

-- A thread counts its turns, so that ordinals have no gaps under concurrency (the append locks this row)
-- and so that BM25 finds the size of the corpus without counting it.
create table memory.threads (
  id uuid primary key,
  -- Short number that session numbers are made from.
  key bigint generated always as identity unique,
  scope text not null,
  -- The one thread of kind `notes` per scope holds what was remembered on purpose.
  kind text not null default 'chat' check (kind in ('chat', 'notes')),
  title text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  forgotten_at timestamptz,
  last_ordinal int not null default 0,
  -- A silence of some hours begins a new session: `key << 20` plus its number within the thread.
  last_session bigint not null default 0,
  last_turn_at timestamptz,
  indexed_turns int not null default 0,
  indexed_tokens bigint not null default 0
);
create unique index threads_notes on memory.threads (scope) where kind = 'notes';
create index threads_updated on memory.threads (scope, updated_at desc, id desc);

create table memory.turns (
  -- Short key that postings and vectors point to.
  key bigint generated always as identity primary key,
  id uuid not null unique,
  scope text not null,
  thread_id uuid not null references memory.threads (id),
  ordinal int not null check (ordinal > 0),
  session bigint not null,
  -- Index terms of the name before the colon, where the text is a line of somebody who is named.
  speaker text[] not null,
  run_id uuid,
  source_turn_id uuid,
  author text not null check (author in ('owner', 'assistant', 'tool', 'system')),
  parts jsonb not null,
  -- Number of tokens in the index; 0 for a turn without searchable text.
  length int not null,
  integrity text not null check (integrity in ('owner', 'system', 'vetted', 'untrusted')),
  confidentiality text not null check (confidentiality in ('public', 'private', 'secret')),
  origins text[] not null,
  at timestamptz not null,
  forgotten boolean not null default false,
  unique (thread_id, ordinal)
);
-- Uncompressed, so that a byte scan of the disk can prove that forgotten text is gone.
alter table memory.turns alter column parts set storage external;
create index turns_time on memory.turns (scope, at desc, key desc) where not forgotten;
create index turns_run on memory.turns (run_id) where run_id is not null;
create index turns_source on memory.turns (source_turn_id) where source_turn_id is not null;

create table memory.postings (
  scope text not null,
  term text not null,
  -- The key of a turn. No foreign key: turns are never deleted, and a dozen checks per message would cost more than the rest.
  turn bigint not null,
  -- Session and length of the turn again: scoring a term touches nothing but this index.
  session bigint not null,
  tf int not null,
  length int not null,
  primary key (scope, term, turn) include (session, tf, length)
);
create index postings_turn on memory.postings (turn);

create table memory.vectors (
  scope text not null,
  turn bigint not null references memory.turns (key),
  model_id text not null,
  dimensions int not null,
  embedding halfvec not null,
  primary key (turn, model_id)
);
-- In the row and not beside it: an exact scan reads every one.
alter table memory.vectors alter column embedding set storage main;
create index vectors_scope on memory.vectors (scope, model_id);

create table memory.embedding_jobs (
  turn bigint primary key references memory.turns (key),
  scope text not null,
  attempts int not null default 0,
  due_at timestamptz not null
);
create index embedding_jobs_due on memory.embedding_jobs (scope, due_at);

create table memory.blocks (
  scope text not null,
  name text not null check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  text text not null,
  position int not null,
  version int not null check (version > 0),
  updated_by text not null check (updated_by in ('owner', 'assistant')),
  updated_at timestamptz not null,
  integrity text not null check (integrity in ('owner', 'system', 'vetted', 'untrusted')),
  confidentiality text not null check (confidentiality in ('public', 'private', 'secret')),
  origins text[] not null,
  primary key (scope, name)
);
alter table memory.blocks alter column text set storage external;

-- What was forgotten stays forgotten: jobs in flight and imports ask here.
create table memory.tombstones (
  id uuid primary key,
  scope text not null,
  forgotten_at timestamptz not null
);

alter table memory.threads enable row level security;
alter table memory.turns enable row level security;
alter table memory.postings enable row level security;
alter table memory.vectors enable row level security;
alter table memory.embedding_jobs enable row level security;
alter table memory.blocks enable row level security;
alter table memory.tombstones enable row level security;

-- Without a scope set there is nothing to see and nothing to write. (The sub-select is read once per statement.)
create policy scope on memory.threads using (scope = (select current_setting('freehold.scope', true)));
create policy scope on memory.turns using (scope = (select current_setting('freehold.scope', true)));
create policy scope on memory.postings using (scope = (select current_setting('freehold.scope', true)));
create policy scope on memory.vectors using (scope = (select current_setting('freehold.scope', true)));
create policy scope on memory.embedding_jobs using (scope = (select current_setting('freehold.scope', true)));
create policy scope on memory.blocks using (scope = (select current_setting('freehold.scope', true)));
create policy scope on memory.tombstones using (scope = (select current_setting('freehold.scope', true)));
