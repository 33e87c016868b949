create schema tools;

-- A server is registered by the owner's own act; the labels are those of its settings.
create table tools.servers (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{0,23}$'),
  transport text not null check (transport in ('stdio', 'http')),
  command jsonb,
  resolved jsonb,
  package jsonb,
  url text,
  folders jsonb not null,
  environment jsonb not null,
  unsandboxed boolean not null,
  vetted boolean not null,
  enabled boolean not null,
  integrity text not null check (integrity in ('owner', 'system', 'vetted', 'untrusted')),
  confidentiality text not null check (confidentiality in ('public', 'private', 'secret')),
  origins jsonb not null,
  added_at timestamptz not null,
  -- When the owner's consent met the first list of tools; later definitions wait for a decision of their own.
  pinned_at timestamptz,
  check ((transport = 'stdio') = (command is not null and resolved is not null)),
  check ((transport = 'http') = (url is not null))
);

-- Every definition that a server ever offered, by its hash.
create table tools.definitions (
  server_id uuid not null references tools.servers (id) on delete cascade,
  name text not null,
  hash text not null,
  definition jsonb not null,
  state text not null check (state in ('quarantined', 'approved', 'rejected', 'superseded')),
  -- Stands in the server's newest list.
  offered boolean not null,
  problem text,
  integrity text not null check (integrity in ('owner', 'system', 'vetted', 'untrusted')),
  confidentiality text not null check (confidentiality in ('public', 'private', 'secret')),
  origins jsonb not null,
  seen_at timestamptz not null,
  decided_at timestamptz,
  primary key (server_id, name, hash),
  check (state <> 'approved' or problem is null)
);

create unique index definitions_one_approved on tools.definitions (server_id, name) where state = 'approved';

-- The whole text of results that were cut, for as long as their thread may read on.
create table tools.results (
  id uuid primary key,
  thread_id text not null,
  text text not null,
  integrity text not null check (integrity in ('owner', 'system', 'vetted', 'untrusted')),
  confidentiality text not null check (confidentiality in ('public', 'private', 'secret')),
  origins jsonb not null,
  stored_at timestamptz not null
);

create index results_thread on tools.results (thread_id);
create index results_age on tools.results (stored_at);
