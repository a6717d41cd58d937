-- A basket remembers what it became, so that a second click is answered with the first click's orders.
create table basket (
  id uuid primary key,
  account_id uuid not null references account,
  user_id uuid not null references app_user,
  state text not null default 'open' check (state in ('open', 'ordered', 'discarded')),
  currency char(3) not null,
  reference text not null default '', -- the buyer's own order reference
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ordered_at timestamptz
);
create unique index basket_one_open on basket (user_id) where state = 'open';

create table basket_item (
  id uuid primary key,
  basket_id uuid not null references basket,
  plan_id uuid not null references plan,
  position int not null,
  quantity int not null check (quantity between 1 and 1000),
  is_for_resale boolean, -- null: not yet said
  end_customer_id uuid references account,
  unit_price numeric(20, 6) not null, -- as the buyer saw it last
  seen_at timestamptz not null
);
create index basket_item_basket on basket_item (basket_id, position);

-- Service details typed during a checkout, kept until the order is placed, then moved to the sync options.
create table basket_service_details (
  basket_id uuid not null references basket,
  account_id uuid not null references account,
  connector text not null,
  options jsonb not null,
  primary key (basket_id, account_id, connector)
);

create sequence order_number;
create table sales_order (
  id uuid primary key,
  number text not null unique,
  basket_id uuid references basket,
  state text not null check (state in ('draft', 'submitted', 'executed', 'cancelled')),
  channel text not null check (channel in ('storefront', 'backoffice', 'api')),
  billing_to_id uuid not null references account,
  end_customer_id uuid not null references account,
  placed_by uuid not null references app_user,
  currency char(3) not null,
  reference text not null default '',
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  tax_note text not null default '',
  held_because text, -- why a submitted order did not execute by itself, e.g. the credit limit
  created_at timestamptz not null,
  executed_at timestamptz,
  settle_by timestamptz, -- the day of reckoning: what is delivered by then is invoiced
  cancelled_at timestamptz,
  check (net_minor + tax_minor = total_minor),
  check ((state = 'executed') = (executed_at is not null))
);
create unique index sales_order_basket on sales_order (basket_id, end_customer_id);
create index sales_order_billing on sales_order (billing_to_id, id);
create index sales_order_customer on sales_order (end_customer_id, id);
create index sales_order_id on sales_order (id) where state = 'submitted';

create table order_item (
  id uuid primary key,
  order_id uuid not null references sales_order,
  position int not null,
  plan_id uuid not null references plan,
  product_id uuid not null references product,
  instance_id uuid not null references connector_instance,
  name text not null,
  sku text not null,
  quantity int not null check (quantity >= 1),
  unit_price numeric(20, 6) not null,
  unit_cost numeric(20, 6),
  net_minor bigint not null,
  tax_minor bigint not null,
  tax_basis_points int not null,
  tax_category text not null check (tax_category in ('S', 'AE', 'G', 'O', 'Z')),
  explanation jsonb not null,
  is_for_resale boolean not null,
  unique (order_id, position)
);

-- What happened to an order and why, in plain words, beside what attempts and mails tell.
create table order_event (
  id uuid primary key,
  order_id uuid not null references sales_order,
  asset_id uuid,
  at timestamptz not null,
  kind text not null,
  text text not null,
  actor text not null default ''
);
create index order_event_order on order_event (order_id, id);
