-- Whom a notification reaches when it is activated. "Only new records" is the rule: without it everything that matches at that moment is
-- mailed as well, by a job that goes through the records in the order of their ids and remembers how far it came, with each chunk's mails
-- in one transaction. That no record is mailed twice is the mail's unique cause, the same for what happens now and for what was there.
alter table notification add column only_new boolean not null default true;
-- Of a reminder: how many days after the due day, below zero before it.
alter table notification add column days int[] not null default '{}'
  check (cardinality(days) <= 10 and -365 <= all (days) and 365 >= all (days));
-- What a reminder's days came up before is not sent by itself any more.
alter table notification add column in_force_since timestamptz not null default now();

create table notification_run (
  id uuid primary key,
  code text not null references notification,
  user_id uuid not null references app_user,
  state text not null check (state in ('running', 'done', 'stopped', 'failed')),
  reached uuid, -- the last record that was looked at
  mail_count int not null default 0 check (mail_count >= 0),
  problem text not null default '',
  started_at timestamptz not null,
  ended_at timestamptz,
  check ((state = 'running') = (ended_at is null)),
  check ((state in ('stopped', 'failed')) = (problem <> ''))
);
create unique index notification_run_one on notification_run (code) where state in ('running', 'failed');
create index notification_run_of on notification_run (code, id);
alter table notification_run enable row level security;
create policy seller on notification_run to emporion_seller using (true) with check (true);
grant select, insert, update, delete on notification_run to emporion_seller;

-- Mails about invoices, and about orders as a whole: seen by whoever sees the record.
alter table mail add column invoice_id uuid references invoice;
create index mail_invoice on mail (invoice_id, id) where invoice_id is not null;
grant select (invoice_id) on mail to emporion_portal, emporion_portal_read;
create policy portal_invoices on mail for select to emporion_portal, emporion_portal_read
  using (invoice_id is not null and exists (select 1 from invoice where invoice.id = invoice_id));
create policy portal_orders on mail to emporion_portal, emporion_portal_read
  using (num_nonnulls(asset_id, subscription_id, invoice_id) = 0 and order_id is not null
    and exists (select 1 from sales_order where sales_order.id = order_id))
  with check (num_nonnulls(asset_id, subscription_id, invoice_id) = 0 and order_id is not null
    and exists (select 1 from sales_order where sales_order.id = order_id));
-- What the seller owes; what is owed to it has receivable_due.
create index receivable_owed on receivable (invoice_id) where open_minor < 0;
