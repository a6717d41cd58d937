-- A billing run is a record: who or what started it, what it found due and what became of each order. What is invoiced is written down in
-- the transaction that makes the invoice, so that the numbers of a run that died in the middle are right when the next try has finished it.
create table billing_run (
  id uuid primary key,
  started_kind text not null check (started_kind in ('clock', 'person', 'rate', 'account')),
  started_by text not null, -- a name; empty where the clock did
  user_id uuid references app_user,
  started_at timestamptz not null,
  due_by date not null, -- charges due until the end of this day
  collected_at timestamptz, -- since then every order of it is known
  ended_at timestamptz,
  check ((started_kind = 'clock') = (started_by = '')),
  check (ended_at is null or collected_at is not null)
);
create unique index billing_run_one_open on billing_run ((true)) where ended_at is null; -- two clicks at once are one run

create table billing_run_order (
  run_id uuid not null references billing_run,
  order_id uuid not null references sales_order,
  outcome text check (outcome in ('invoiced', 'waiting', 'failed', 'nothing')), -- null: not done yet
  charge_count int not null check (charge_count >= 0), -- what was due of it; once invoiced, what its invoice charges
  invoice_id uuid references invoice,
  reason text not null default '', -- why it waits or failed, or was not due any more
  outcome_at timestamptz,
  primary key (run_id, order_id),
  check ((outcome is null) = (outcome_at is null)),
  check ((outcome = 'invoiced') = (invoice_id is not null)),
  check (outcome is distinct from 'failed' or reason <> '')
);
create unique index billing_run_order_invoice on billing_run_order (invoice_id) where invoice_id is not null;
create index billing_run_order_outcome on billing_run_order (run_id, outcome, order_id);
create index billing_run_order_order on billing_run_order (order_id);

-- What a run that has ended came to, added up from its orders: for the list of runs.
create table billing_run_count (
  run_id uuid not null references billing_run on delete cascade,
  outcome text not null,
  order_count int not null,
  charge_count int not null,
  primary key (run_id, outcome)
);
create table billing_run_amount (
  run_id uuid not null references billing_run on delete cascade,
  currency char(3) not null,
  invoice_count int not null,
  net_minor bigint not null,
  total_minor bigint not null,
  primary key (run_id, currency)
);

do $$
declare t text;
begin
  foreach t in array array['billing_run', 'billing_run_order', 'billing_run_count', 'billing_run_amount'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;
