-- Subscriptions: software for one or three years, or for ever (a perpetual licence: term OneTime). What the vendor is asked with is
-- stored before it is asked; the number is the reference the vendor keeps.
create sequence subscription_number;
create table subscription (
  id uuid primary key,
  number text not null unique,
  order_id uuid not null references sales_order,
  order_item_id uuid not null unique references order_item,
  billing_to_id uuid not null references account,
  end_customer_id uuid not null references account,
  product_id uuid not null references product,
  plan_id uuid not null references plan,
  instance_id uuid not null references connector_instance,
  kind text not null check (kind in ('subscription', 'perpetual')),
  name text not null,
  sku text not null,
  term text not null,
  billing_plan text not null check (billing_plan in ('one_time', 'monthly', 'annual', 'triennial', 'none')),
  quantity int not null check (quantity >= 1),
  currency char(3) not null,
  unit_price numeric(20, 6) not null check (unit_price >= 0),
  net_minor bigint not null check (net_minor >= 0),
  tax_basis_points int not null,
  tax_category text not null,
  tax_note text not null default '',
  explanation jsonb not null,
  pricing jsonb not null, -- the full explanation of the present term's price; holds costs
  state text not null default 'ordered' check (state in ('ordered', 'active', 'cancelled', 'expired', 'dropped')),
  provisioning text not null default 'unsynchronised' check (provisioning in ('unsynchronised', 'synchronized', 'failed')),
  failure_code text,
  failure_reason text, -- in plain words
  tries int not null default 0,
  retried_at timestamptz,
  term_number int not null default 1 check (term_number >= 1),
  purchased_at timestamptz not null,
  anchor date, -- the day the first term began
  started_at timestamptz, -- the present term
  starts_on date,
  ends_on date, -- inclusive
  cancellable_until timestamptz, -- the vendor's word
  auto_renew boolean not null,
  vendor_auto_renew boolean,
  cancel_requested_at timestamptz, -- a cancellation is on its way to the vendor
  vendor_order_try int not null default 1, -- orders the vendor ended without delivering make the next one another purchase
  vendor_cart_id text,
  vendor_order_id text,
  vendor_subscription_id text,
  vendor_unit_cost numeric(20, 10), -- what the vendor said when its cart was made, one licence for the term
  vendor_cost_currency char(3),
  accepted_unit_cost numeric(20, 10), -- above tolerance, and somebody decided to go on
  renewal_problem text,
  cancelled_at timestamptz,
  checked_at timestamptz,
  check (provisioning <> 'failed' or failure_reason is not null),
  check ((state in ('active', 'expired')) <= (anchor is not null and started_at is not null and starts_on is not null)),
  check (state not in ('active', 'expired') or provisioning = 'synchronized'),
  check (kind = 'perpetual' or state <> 'active' or ends_on is not null),
  check (kind = 'subscription' or not auto_renew),
  check (state not in ('cancelled', 'dropped') or cancelled_at is not null)
);
create unique index subscription_vendor_order on subscription (instance_id, vendor_order_id) where vendor_order_id is not null;
create unique index subscription_vendor_subscription on subscription (instance_id, vendor_subscription_id) where vendor_subscription_id is not null;
create index subscription_billing on subscription (billing_to_id, id);
create index subscription_customer on subscription (end_customer_id, id);
create index subscription_order on subscription (order_id);
create index subscription_renewal on subscription (ends_on, id) where state = 'active' and ends_on is not null;
create index subscription_trouble on subscription (id) where provisioning = 'failed' or renewal_problem is not null;
create index subscription_auto_renew on subscription (id) where state = 'active' and auto_renew is distinct from vendor_auto_renew;

-- What a term is charged: one charge per billing period. Due ones are invoiced by the billing run, never twice.
create table subscription_charge (
  id uuid primary key,
  subscription_id uuid not null references subscription,
  term_number int not null,
  position int not null,
  starts_on date not null,
  ends_on date,
  due_on date not null,
  currency char(3) not null,
  net_minor bigint not null check (net_minor >= 0),
  invoice_id uuid references invoice,
  waived_at timestamptz,
  unique (subscription_id, term_number, position),
  check (invoice_id is null or waived_at is null)
);
create index subscription_charge_due on subscription_charge (due_on, id) where invoice_id is null and waived_at is null;
create index subscription_charge_invoice on subscription_charge (invoice_id);

-- The record's history: what was changed, when, by whom, in plain words.
create table subscription_amendment (
  id uuid primary key,
  subscription_id uuid not null references subscription,
  at timestamptz not null,
  kind text not null check (kind in ('ordered', 'activated', 'auto-renew', 'cancellation', 'cancelled', 'refused', 'renewed', 'renewal-problem', 'expired', 'dropped', 'note')),
  text text not null,
  actor text not null default '',
  before jsonb,
  after jsonb
);
create index subscription_amendment_of on subscription_amendment (subscription_id, id);

-- Every call made to a vendor for a subscription: written before the call with the id it carries, completed after it. A call whose
-- fate is unknown is asked again with the same id.
create table subscription_attempt (
  id uuid primary key,
  subscription_id uuid not null references subscription,
  kind text not null check (kind in ('cart', 'read-cart', 'checkout', 'find-order', 'read-order', 'read-subscription', 'cancel', 'auto-renew')),
  call_id uuid not null, -- the vendor's idempotency id (MS-RequestId)
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  detail text not null default ''
);
create index subscription_attempt_of on subscription_attempt (subscription_id, id);

-- How long after the start of a term it may be cancelled, and how long for a full refund (product.md S9): data, per product kind.
create table cancellation_policy (
  kind text primary key check (kind in ('subscription', 'perpetual')),
  window_hours int not null check (window_hours between 0 and 8760),
  full_refund_hours int not null check (full_refund_hours between 0 and window_hours),
  executes_by_itself boolean not null default true,
  updated_at timestamptz not null default now()
);
insert into cancellation_policy (kind, window_hours, full_refund_hours) values ('subscription', 168, 24), ('perpetual', 720, 720);

-- Invoice lines of charges: the period they are for; charged once, credited once.
alter table invoice_line add column charge_id uuid references subscription_charge;
alter table invoice_line add column period_starts_on date;
alter table invoice_line add column period_ends_on date;
create unique index invoice_line_charge on invoice_line (charge_id, kind);
-- The full explanation, from which the line can be computed again; holds costs, so a portal's views cannot read it.
alter table invoice_line add column pricing jsonb;
revoke select on invoice_line from emporion_portal_read;
grant select (id, invoice_id, kind, position, order_item_id, asset_id, charge_id, name, description, quantity, unit_price, net_minor, tax_minor,
  tax_basis_points, tax_category, explanation, period_starts_on, period_ends_on) on invoice_line to emporion_portal_read;

alter table mail add column subscription_id uuid references subscription;
create index mail_subscription on mail (subscription_id, id);

do $$
declare t text;
begin
  foreach t in array array['subscription', 'subscription_charge', 'subscription_amendment', 'subscription_attempt', 'cancellation_policy'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;
grant usage, select on sequence subscription_number to emporion_seller, emporion_portal;

create policy portal on subscription to emporion_portal, emporion_portal_read
  using (billing_to_id = scope_account()) with check (billing_to_id = scope_account());
grant select, insert, update on subscription to emporion_portal;
grant select (id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, kind, name, sku, term,
  billing_plan, quantity, currency, unit_price, net_minor, tax_basis_points, tax_category, tax_note, explanation, state, provisioning,
  failure_code, failure_reason, tries, retried_at, term_number, purchased_at, anchor, started_at, starts_on, ends_on, cancellable_until,
  auto_renew, vendor_auto_renew, cancel_requested_at, vendor_order_try, vendor_cart_id, vendor_order_id, vendor_subscription_id, renewal_problem, cancelled_at,
  checked_at) on subscription to emporion_portal_read;

create policy portal on subscription_charge to emporion_portal, emporion_portal_read
  using (exists (select 1 from subscription where subscription.id = subscription_id))
  with check (exists (select 1 from subscription where subscription.id = subscription_id));
grant select, insert, update on subscription_charge to emporion_portal;
grant select on subscription_charge to emporion_portal_read;
create policy portal on subscription_amendment to emporion_portal, emporion_portal_read
  using (exists (select 1 from subscription where subscription.id = subscription_id))
  with check (exists (select 1 from subscription where subscription.id = subscription_id));
grant select, insert on subscription_amendment to emporion_portal;
grant select on subscription_amendment to emporion_portal_read;
create policy portal on subscription_attempt to emporion_portal, emporion_portal_read
  using (exists (select 1 from subscription where subscription.id = subscription_id));
grant select on subscription_attempt to emporion_portal, emporion_portal_read;
create policy portal on cancellation_policy to emporion_portal, emporion_portal_read using (true);
grant select on cancellation_policy to emporion_portal, emporion_portal_read;

drop policy portal on mail;
create policy portal on mail to emporion_portal, emporion_portal_read
  using ((asset_id is not null and exists (select 1 from asset where asset.id = asset_id))
    or (subscription_id is not null and exists (select 1 from subscription where subscription.id = subscription_id)))
  with check ((asset_id is not null and exists (select 1 from asset where asset.id = asset_id))
    or (subscription_id is not null and exists (select 1 from subscription where subscription.id = subscription_id)));
grant select (subscription_id) on mail to emporion_portal, emporion_portal_read;
