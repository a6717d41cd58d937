-- An action on every row a list was narrowed to, beyond what one page shows. The rows are written down when it is asked for: an action changes
-- what a filter finds, and what comes in afterwards was not meant. A row says what became of it in the transaction that made it so, so a
-- worker that dies goes on with the next one, and nothing is done twice.
create table bulk_action (
  id uuid primary key,
  user_id uuid not null references app_user,
  list text not null,
  title text not null,
  query text not null check (char_length(query) <= 2000),
  action text not null,
  label text not null,
  state text not null check (state in ('running', 'done', 'stopped', 'cancelled')),
  row_count int not null check (row_count > 0),
  done_count int not null default 0,
  skipped_count int not null default 0,
  failed_count int not null default 0,
  problem text not null default '', -- why it was stopped
  created_at timestamptz not null,
  ended_at timestamptz,
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'stopped') = (problem <> '')),
  check (done_count >= 0 and skipped_count >= 0 and failed_count >= 0
    and done_count + skipped_count + failed_count <= row_count),
  check (state <> 'done' or done_count + skipped_count + failed_count = row_count)
);
create index bulk_action_user on bulk_action (user_id, id);
create index bulk_action_created on bulk_action (created_at);

create table bulk_action_row (
  bulk_action_id uuid not null references bulk_action on delete cascade,
  position int not null,
  key text not null, -- what the action is told of the row
  name text not null, -- what the row was called then
  path text not null, -- where its record is, empty where it has no page
  outcome text check (outcome in ('done', 'skipped', 'failed')), -- null: not done yet
  words text not null default '',
  primary key (bulk_action_id, position),
  check (outcome is null or words <> '')
);
create unique index bulk_action_row_key on bulk_action_row (bulk_action_id, key); -- each row once
create index bulk_action_row_waiting on bulk_action_row (bulk_action_id, position) where outcome is null;
create index bulk_action_row_outcome on bulk_action_row (bulk_action_id, outcome, position);

do $$
declare t text;
begin
  foreach t in array array['bulk_action', 'bulk_action_row'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;
