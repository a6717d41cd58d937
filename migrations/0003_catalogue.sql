-- Connector instances: our contracts with a vendor, one per country, language and currency of charge. An instance whose keys
-- come from a pool the seller uploads (product.md E14) stands behind the same port and has no vendor to call.
create table connector_instance (
  id uuid primary key,
  connector text not null,
  key_source text not null default 'vendor' check (key_source in ('vendor', 'pool')),
  system_name text not null unique,
  state text not null default 'draft' check (state in ('draft', 'active', 'inactive')),
  service_url text not null default '',
  resource_api text not null default '',
  authority_url text not null default '',
  tenant text not null default '',
  channel_id text not null default '',
  client_id text not null default '',
  country char(2),
  language text,
  currency char(3),
  certificate_cipher bytea, -- the PFX
  certificate_password_cipher bytea,
  certificate_thumbprint text,
  certificate_subject text,
  certificate_not_after timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (state <> 'active' or key_source = 'pool' or (certificate_thumbprint is not null and country is not null and language is not null))
);

create table sync_status (
  account_id uuid not null references account,
  instance_id uuid not null references connector_instance,
  state text not null default 'unsynchronised' check (state in ('unsynchronised', 'synchronizing', 'synchronized', 'failed')),
  external_id uuid not null, -- the id the vendor knows the account by, minted before the first call
  reason text,
  synchronized_at timestamptz,
  updated_at timestamptz not null,
  primary key (account_id, instance_id)
);
create unique index sync_status_external on sync_status (external_id, instance_id);

-- Products are made by the vendor's catalogue; the seller's own wording is apart from the vendor's and never overwritten.
create table product (
  id uuid primary key,
  kind text not null check (kind in ('esd', 'subscription')),
  connector text not null,
  code text not null, -- the vendor's SKU or offer
  name text not null, -- the shop's wording
  summary text not null default '',
  description text not null default '',
  picture bytea,
  picture_type text check (picture_type in ('image/png', 'image/jpeg', 'image/webp', 'image/svg+xml')),
  is_published boolean not null default false,
  is_featured boolean not null default false,
  return_window_days int not null default 30 check (return_window_days between 0 and 365),
  position int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  search text not null generated always as (lower(name || ' ' || code || ' ' || summary)) stored,
  unique (connector, code)
);
create index product_search on product using gin (search gin_trgm_ops);

create sequence plan_position;
create table plan (
  id uuid primary key,
  product_id uuid not null references product,
  instance_id uuid not null references connector_instance,
  sku text not null,
  vendor_name text not null,
  vendor_description text not null default '',
  upc text not null default '',
  language text not null,
  country char(2) not null,
  fulfilment_type text not null check (fulfilment_type in ('Token', 'TokenAndLink')),
  is_returnable boolean not null,
  vendor_state text not null default 'active' check (vendor_state in ('active', 'discontinued')),
  max_quantity int not null default 100 check (max_quantity between 1 and 1000),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (instance_id, sku)
);
create index plan_product on plan (product_id);

-- What a plan costs us and sells for, per currency; typed by the seller, because no price comes with the ESD catalogue.
create table plan_price (
  plan_id uuid not null references plan,
  currency char(3) not null,
  unit_price numeric(20, 6) not null check (unit_price >= 0),
  unit_cost numeric(20, 6) check (unit_cost >= 0),
  allows_zero boolean not null default false, -- explicit consent to sell for nothing
  allows_below_cost boolean not null default false, -- a recorded approval
  updated_at timestamptz not null,
  primary key (plan_id, currency),
  check (unit_price > 0 or allows_zero),
  check (unit_cost is null or unit_price >= unit_cost or allows_below_cost)
);

create table catalogue_run (
  id uuid primary key,
  instance_id uuid not null references connector_instance,
  state text not null default 'queued' check (state in ('queued', 'running', 'completed', 'failed')),
  started_by text not null,
  queued_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  seen int not null default 0,
  total int,
  unchanged int not null default 0,
  error text
);
create index catalogue_run_instance on catalogue_run (instance_id, id);
create unique index catalogue_run_one_open on catalogue_run (instance_id) where state in ('queued', 'running');

create table catalogue_change (
  run_id uuid not null references catalogue_run,
  plan_id uuid not null references plan,
  change text not null check (change in ('new', 'changed', 'discontinued')),
  differences jsonb not null default '{}',
  primary key (run_id, plan_id)
);
