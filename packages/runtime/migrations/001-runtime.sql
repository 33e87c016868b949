create schema runtime;

-- One row per run: who may work on it and when somebody should look at it. What happened is in runtime.events.
create table runtime.runs (
  id uuid primary key,
  thread_id uuid not null,
  user_turn_id uuid not null,
  -- A retried POST with the same key finds the run that the first one made.
  client_key text,
  -- Turns of the thread before this ordinal have left the prompt; the next run of the thread begins there.
  compacted_before int not null,
  state text not null check (state in ('queued', 'running', 'waiting', 'completed', 'failed', 'stopped')),
  lease_holder text,
  lease_no int not null default 0,
  -- When a worker may take the run: at once, when a lease runs out, when an approval expires. Null once it has ended.
  due_at timestamptz,
  error jsonb,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (thread_id, client_key)
);
create index runs_due on runtime.runs (due_at) where due_at is not null;
create index runs_open on runtime.runs (thread_id, id) where due_at is not null;
create index runs_thread on runtime.runs (thread_id, id);

-- The log is the checkpoint. The key is the fence: of two workers that believe they hold a run, one can append.
create table runtime.events (
  run_id uuid not null references runtime.runs (id),
  seq int not null check (seq > 0),
  type text not null,
  payload jsonb not null,
  integrity text not null check (integrity in ('owner', 'system', 'vetted', 'untrusted')),
  confidentiality text not null check (confidentiality in ('public', 'private', 'secret')),
  origins text[] not null,
  at timestamptz not null,
  primary key (run_id, seq)
);

-- What others want of a run; whoever holds it folds it into the log.
create table runtime.commands (
  id uuid primary key,
  run_id uuid not null references runtime.runs (id),
  kind text not null check (kind in ('stop', 'decide')),
  created_at timestamptz not null,
  folded_at timestamptz
);
create index commands_open on runtime.commands (run_id) where folded_at is null;

-- A question to the owner. Leaving `waiting` happens once, by one conditional update.
create table runtime.approvals (
  id uuid primary key,
  run_id uuid not null references runtime.runs (id),
  thread_id uuid not null,
  kind text not null check (kind in ('tool', 'payment', 'unknown-outcome')),
  state text not null check (state in ('waiting', 'allowed', 'denied', 'expired', 'withdrawn')),
  call_id text not null,
  -- The turn that holds the call and its arguments.
  turn_id uuid not null,
  -- SHA-256 of what is asked: canonical arguments, or the terms of a quote.
  arguments_hash text not null,
  facts jsonb not null,
  rule text,
  integrity text not null check (integrity in ('owner', 'system', 'vetted', 'untrusted')),
  confidentiality text not null check (confidentiality in ('public', 'private', 'secret')),
  origins text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  decided_at timestamptz
);
create index approvals_state on runtime.approvals (state, created_at desc);
create index approvals_run on runtime.approvals (run_id);
