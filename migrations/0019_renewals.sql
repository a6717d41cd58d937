-- Subscriptions go on by themselves: their record follows the vendor's, customers are told before a term ends, and a renewal that would
-- be below cost waits for an approval.
alter table subscription add column vendor_state text
  check (vendor_state in ('active', 'pending', 'suspended', 'expired', 'cancelled')); -- as it was read last
alter table subscription add column renewal_approval jsonb; -- who let the next term be below its cost, when and why
create index subscription_unchecked on subscription (checked_at, id) where state = 'active' and kind = 'subscription';
grant select (vendor_state) on subscription to emporion_portal_read;

-- Every notice is sent once: a row is one notice about the end of one term.
create table subscription_notice (
  subscription_id uuid not null references subscription,
  term_number int not null,
  days_before int not null check (days_before > 0),
  at timestamptz not null,
  primary key (subscription_id, term_number, days_before)
);
alter table subscription_notice enable row level security;
create policy seller on subscription_notice to emporion_seller using (true) with check (true);
grant select, insert, update, delete on subscription_notice to emporion_seller;
