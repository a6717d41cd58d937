-- What turns a sheet's row or a catalogue price into the price of an order (product.md S4, S5, S7): conversion rules, price lists, volume
-- discounts, promotions. Days of validity are both included. Orders keep a copy of what priced them, so a change here moves no old price.

-- A new rate is a new row valid from a day. Rows that have been in force are not changed any more, only ended.
create table conversion_rule (
  id uuid primary key,
  currency char(3) not null,
  base_currency char(3) not null,
  rate numeric(30, 15) not null check (rate > 0), -- one unit of the base currency in the currency
  market char(2) not null, -- the Market Country Pricelist
  overrides_sheet boolean not null default false,
  source text not null check (source <> ''),
  note text not null default '',
  valid_from date not null,
  valid_to date,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  check (currency <> base_currency),
  check (valid_to >= valid_from)
);
create index conversion_rule_currency on conversion_rule (currency, valid_from desc, created_at desc);

create table price_list (
  id uuid primary key,
  name text not null check (name <> ''), -- buyers see it
  description text not null default '',
  is_default boolean not null default false, -- of accounts that have none of their own
  valid_from date not null,
  valid_to date,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  check (valid_to >= valid_from)
);
create unique index price_list_name on price_list (lower(name));
create unique index price_list_default on price_list (is_default) where is_default;

-- Exactly one thing a rule is about, and an approval that is complete or absent.
create table price_list_rule (
  id uuid primary key,
  price_list_id uuid not null references price_list,
  plan_id uuid references plan,
  product_id uuid references product,
  group_id uuid, -- a product group
  method text not null check (method in ('markup', 'margin', 'discount', 'fixed')),
  percent numeric(12, 6),
  amount numeric(20, 6),
  currency char(3),
  valid_from date not null,
  valid_to date,
  approved_by text, -- who allowed prices below cost, when and why
  approved_at timestamptz,
  approved_because text,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  check (num_nonnulls(plan_id, product_id, group_id) <= 1), -- none: everything
  check (case method when 'fixed' then amount >= 0 and currency is not null and percent is null
    else percent is not null and amount is null and currency is null end),
  check (method <> 'markup' or percent > -100),
  check (method <> 'margin' or percent < 100),
  check (method <> 'discount' or percent between 0 and 100),
  check (num_nonnulls(approved_by, approved_at, approved_because) in (0, 3) and approved_because <> ''),
  check (valid_to >= valid_from)
);
create index price_list_rule_list on price_list_rule (price_list_id, id);
-- A list may have a rule for each of many thousand plans: those of an order are found by what they are about.
create index price_list_rule_about on price_list_rule (price_list_id, (coalesce(plan_id, product_id)));

alter table account add column price_list_id uuid references price_list;
create index account_price_list on account (price_list_id) where price_list_id is not null;
-- What an account pays is the seller's to say: a portal's flows may change an account, never its price list.
create function refuse_own_price_list() returns trigger language plpgsql as $$
begin
  if current_user = 'emporion_portal'
    and (case tg_op when 'INSERT' then new.price_list_id is not null else new.price_list_id is distinct from old.price_list_id end) then
    raise exception 'an account does not choose its own price list' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger account_price_list_is_given before insert or update on account
  for each row execute function refuse_own_price_list();

create table volume_discount (
  id uuid primary key,
  name text not null check (name <> ''),
  plan_id uuid references plan,
  product_id uuid references product,
  group_id uuid,
  mode text not null check (mode in ('scale', 'continuous')),
  valid_from date not null,
  valid_to date,
  approved_by text,
  approved_at timestamptz,
  approved_because text,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  check (num_nonnulls(plan_id, product_id, group_id) <= 1),
  check (num_nonnulls(approved_by, approved_at, approved_because) in (0, 3) and approved_because <> ''),
  check (valid_to >= valid_from)
);
create unique index volume_discount_name on volume_discount (lower(name));

-- A tier reaches up to the next one and the last is open, so that there is neither a gap nor an overlap.
create table volume_discount_tier (
  volume_discount_id uuid not null references volume_discount on delete cascade,
  from_quantity int not null check (from_quantity >= 1),
  percent numeric(12, 6) check (percent between 0 and 100),
  amount numeric(20, 6) check (amount >= 0), -- off each licence
  currency char(3),
  primary key (volume_discount_id, from_quantity),
  check (num_nonnulls(percent, amount) = 1 and (amount is null) = (currency is null))
);

create table promotion (
  id uuid primary key,
  name text not null check (name <> ''),
  percent numeric(12, 6) check (percent > 0 and percent <= 100),
  amount numeric(20, 6) check (amount > 0), -- off each licence and billing period
  currency char(3),
  recurrence text not null check (recurrence in ('one-time', 'recurring', 'limited')),
  periods int check (periods between 1 and 1200),
  terms text[] not null default '{}', -- empty: any
  new_customers_only boolean not null default false,
  prerequisite_product_id uuid references product,
  is_combinable boolean not null default false,
  valid_from date not null,
  valid_to date,
  approved_by text,
  approved_at timestamptz,
  approved_because text,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  check (num_nonnulls(percent, amount) = 1 and (amount is null) = (currency is null)),
  check ((recurrence = 'limited') = (periods is not null)),
  check (num_nonnulls(approved_by, approved_at, approved_because) in (0, 3) and approved_because <> ''),
  check (valid_to >= valid_from)
);
create unique index promotion_name on promotion (lower(name));

-- What a promotion is for, one of them being enough; a row with nothing is everything.
create table promotion_scope (
  promotion_id uuid not null references promotion on delete cascade,
  position int not null,
  plan_id uuid references plan,
  product_id uuid references product,
  group_id uuid,
  primary key (promotion_id, position),
  check (num_nonnulls(plan_id, product_id, group_id) <= 1)
);

do $$
declare t text;
begin
  foreach t in array array['conversion_rule', 'price_list', 'price_list_rule', 'volume_discount', 'volume_discount_tier', 'promotion',
    'promotion_scope'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;

-- Rates are no secret: a buyer's price says by which one it was converted.
create policy portal on conversion_rule to emporion_portal, emporion_portal_read using (true);
grant select on conversion_rule to emporion_portal;
grant select (id, currency, base_currency, rate, market, overrides_sheet, source, valid_from, valid_to) on conversion_rule
  to emporion_portal_read;

-- A price list is of the account that pays by it and of nobody else. Its rules hold percentages over cost: for the engine, never for a view.
create policy portal on price_list to emporion_portal, emporion_portal_read
  using (is_default or id = (select price_list_id from account where account.id = scope_account()));
grant select on price_list to emporion_portal;
grant select (id, name, valid_from, valid_to) on price_list to emporion_portal_read;
create policy portal on price_list_rule to emporion_portal
  using (exists (select 1 from price_list where price_list.id = price_list_id));
grant select on price_list_rule to emporion_portal;

create policy portal on volume_discount to emporion_portal, emporion_portal_read using (true);
grant select on volume_discount to emporion_portal;
grant select (id, name, plan_id, product_id, group_id, mode, valid_from, valid_to) on volume_discount to emporion_portal_read;
create policy portal on volume_discount_tier to emporion_portal, emporion_portal_read using (true);
grant select on volume_discount_tier to emporion_portal, emporion_portal_read;
create policy portal on promotion to emporion_portal, emporion_portal_read using (true);
grant select on promotion to emporion_portal;
grant select (id, name, percent, amount, currency, recurrence, periods, terms, new_customers_only, prerequisite_product_id, is_combinable,
  valid_from, valid_to) on promotion to emporion_portal_read;
create policy portal on promotion_scope to emporion_portal, emporion_portal_read using (true);
grant select on promotion_scope to emporion_portal, emporion_portal_read;
