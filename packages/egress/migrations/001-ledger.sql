create schema egress;

-- One row per request that left the house, or was not let out. The path is not kept: it may be private.
create table egress.ledger (
  id bigint generated always as identity primary key,
  who text not null,
  why text not null,
  run_id text,
  scheme text not null,
  host text not null,
  port integer not null,
  method text not null,
  status integer,
  bytes_out bigint not null default 0,
  bytes_in bigint not null default 0,
  cost_asset text,
  cost_units numeric(78, 0),
  intent_id text,
  integrity text not null check (integrity in ('owner', 'system', 'vetted', 'untrusted')),
  confidentiality text not null check (confidentiality in ('public', 'private', 'secret')),
  origins jsonb not null,
  outcome text not null default 'open' check (outcome in ('open', 'ok', 'refused', 'failed')),
  problem text,
  started_at timestamptz not null,
  ended_at timestamptz,
  check ((cost_asset is null) = (cost_units is null)),
  check ((outcome = 'open') = (ended_at is null))
);

create index ledger_started on egress.ledger (started_at);
create index ledger_run on egress.ledger (run_id) where run_id is not null;

-- The owner's switches; one row.
create table egress.settings (
  only_row boolean primary key default true check (only_row),
  local_only boolean not null default false,
  changed_at timestamptz
);
insert into egress.settings default values;

-- Exact origins that open() reaches although they are private.
create table egress.listed_origins (
  origin text primary key,
  listed_at timestamptz not null
);
