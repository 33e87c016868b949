create schema models;

-- The owner's choice. No row: the first model that answers is used.
create table models.selection (
  id integer primary key default 1 check (id = 1),
  model_id text not null,
  chosen_at timestamptz not null
);
