-- Lists at a distributor's size. Every sort a list offers has an index on its keys and the id, so that a page is read from where the
-- last one ended; what is rare and looked for (waiting, failed, cancelled) has a small index of its own.

-- Names in the order people read them: Čapek stands before Zebra.
create index account_name_read on account (name collate "und-x-icu", id);
create index account_email on account (lower(email), id);
create index account_created on account (created_at, id);
create index account_kind_name on account (kind, name collate "und-x-icu", id);
create index account_country_name on account (country, name collate "und-x-icu", id);
create index account_blocked on account (name collate "und-x-icu", id) where state = 'blocked';

create index sales_order_placed on sales_order (created_at, id);
create index sales_order_total on sales_order (currency, total_minor, id);
create index sales_order_channel on sales_order (channel, created_at, id);
create index sales_order_reference on sales_order (lower(reference) text_pattern_ops) where reference <> '';
create index sales_order_waiting on sales_order (created_at, id) where state in ('draft', 'submitted');
create index sales_order_cancelled on sales_order (created_at, id) where state = 'cancelled';

create index asset_purchased on asset (purchased_at, id);
create index asset_price on asset (currency, price_minor, id);
create index asset_name on asset (name, id);
create index asset_sku on asset (sku, purchased_at, id);
create index asset_open on asset (order_id) where provisioning = 'unsynchronised' and state = 'active';
create index asset_cancelled on asset (purchased_at, id) where state = 'cancelled';

create index subscription_open on subscription (order_id) where provisioning = 'unsynchronised' and state = 'ordered';

create index invoice_created on invoice (created_at, id);
create index invoice_issued on invoice ((coalesce(issue_date, 'infinity')), id);
create index invoice_due on invoice ((coalesce(due_date, 'infinity')), id);
create index invoice_total on invoice (currency, total_minor, id);
create index invoice_customer on invoice (end_customer_id, id);
create index invoice_order_number on invoice (order_number text_pattern_ops);
create index invoice_reference on invoice (lower(reference) text_pattern_ops) where reference <> '';
create index invoice_credit on invoice (created_at, id) where kind = 'credit';
create index invoice_draft on invoice (created_at, id) where state = 'draft';

create index mail_queued on mail (queued_at, id);

-- A list as somebody likes to see it: its filters, sort and columns under a name of their own. The address is what is kept.
create table saved_list (
  id uuid primary key,
  user_id uuid not null references app_user,
  list text not null,
  name text not null check (name <> '' and char_length(name) <= 60),
  query text not null check (char_length(query) <= 2000),
  created_at timestamptz not null
);
create unique index saved_list_name on saved_list (user_id, list, lower(name));

-- A list written into a file: a job writes it piece by piece, so that neither it nor the download ever holds more than one. The
-- pieces lie in the database, where the server finds what a worker wrote, wherever the two run; after some days they are deleted.
create table list_export (
  id uuid primary key,
  user_id uuid not null references app_user,
  list text not null,
  title text not null,
  query text not null,
  format text not null check (format in ('csv', 'xlsx')),
  state text not null default 'waiting' check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled')),
  rows_expected int,
  rows_written int not null default 0,
  bytes bigint not null default 0,
  problem text not null default '',
  created_at timestamptz not null,
  ended_at timestamptz,
  check ((state in ('ready', 'failed', 'cancelled')) = (ended_at is not null))
);
create index list_export_user on list_export (user_id, id);
create table list_export_part (
  export_id uuid not null references list_export on delete cascade,
  position int not null,
  content bytea not null,
  primary key (export_id, position)
);

do $$
declare t text;
begin
  foreach t in array array['saved_list', 'list_export', 'list_export_part'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;
