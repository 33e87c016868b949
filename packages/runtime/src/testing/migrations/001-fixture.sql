create schema fixture;

-- The verbatim store, as small as a test needs it.
create table fixture.turns (
  id uuid primary key,
  thread_id uuid not null,
  ordinal int not null,
  run_id uuid,
  author text not null,
  parts jsonb not null,
  labels jsonb not null,
  at timestamptz not null,
  unique (thread_id, ordinal)
);

-- What a tool server did, by its own account.
create table fixture.effects (
  id int generated always as identity primary key,
  run_id uuid not null,
  call_id text not null,
  try int not null,
  tool text not null
);
