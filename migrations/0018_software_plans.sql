-- Software from price sheets: a product per vendor product, a plan per SKU, segment, term and billing plan. Such a plan belongs to no country
-- and no language: the end customer's country decides its price.
alter table product drop constraint product_kind_check;
alter table product add constraint product_kind_check check (kind in ('esd', 'subscription', 'perpetual'));

alter table plan alter column country drop not null;
alter table plan alter column language drop not null;
alter table plan alter column fulfilment_type drop not null;
alter table plan add column product_code text;
alter table plan add column sku_code text;
alter table plan add column segment text check (segment in ('commercial', 'education', 'nonprofit', 'government'));
alter table plan add column term text;
alter table plan add column billing_plan text check (billing_plan in ('one_time', 'monthly', 'annual', 'triennial', 'none'));
-- The seller's decision not to sell it, though the vendor would.
alter table plan add column is_withheld boolean not null default false;
alter table plan add column allows_zero boolean not null default false; -- explicit consent to sell software for nothing (product.md S1)
alter table plan drop constraint plan_max_quantity_check;
alter table plan add constraint plan_max_quantity_check check (max_quantity between min_quantity and 100000);
alter table plan drop constraint plan_vendor_state_check;
-- 'unsupported': of a term nobody here knows; kept, so that it is seen, and not sold.
alter table plan add constraint plan_vendor_state_check check (vendor_state in ('active', 'discontinued', 'unsupported'));
alter table plan add constraint plan_is_complete check (
  case when product_code is null
    then num_nonnulls(sku_code, segment, term, billing_plan) = 0 and num_nonnulls(country, language, fulfilment_type) = 3
    else num_nonnulls(sku_code, segment, term, billing_plan) = 4 and sku = product_code || ':' || sku_code || ':' || segment || ':' || term || ':' || billing_plan
  end
);

-- A product in the languages of the shop, beside the wording it has in the shop's own language.
create table product_text (
  product_id uuid not null references product on delete cascade,
  language text not null check (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  name text not null check (name <> ''),
  summary text not null default '',
  description text not null default '',
  updated_at timestamptz not null,
  primary key (product_id, language)
);

-- Several plans sold from one page, in the seller's order, with marketing material of their own.
create table product_group (
  id uuid primary key,
  name text not null check (name <> ''),
  summary text not null default '',
  description text not null default '',
  picture bytea,
  picture_type text check (picture_type in ('image/png', 'image/jpeg', 'image/webp', 'image/svg+xml')),
  is_published boolean not null default false,
  is_featured boolean not null default false,
  position int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  search text not null generated always as (lower(name || ' ' || summary)) stored,
  check (num_nonnulls(picture, picture_type) in (0, 2)),
  check (is_published or not is_featured)
);
create index product_group_search on product_group using gin (search gin_trgm_ops);
create index product_group_shown on product_group (position, id) where is_published;

create table product_group_member (
  group_id uuid not null references product_group on delete cascade,
  plan_id uuid not null references plan,
  position int not null,
  primary key (group_id, plan_id),
  unique (group_id, position) deferrable initially deferred
);
create index product_group_member_plan on product_group_member (plan_id);

create table product_group_text (
  group_id uuid not null references product_group on delete cascade,
  language text not null check (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  name text not null check (name <> ''),
  summary text not null default '',
  description text not null default '',
  updated_at timestamptz not null,
  primary key (group_id, language)
);

-- Rows that hold at the same time as another one of the same plan, currency and tier: the vendor's documents decide them differently.
alter table price_sheet add column ambiguous_count int not null default 0;
-- Bytes of the unpacked file read so far: how far an import is, before anybody knows how many rows there will be.
alter table price_sheet add column bytes_read bigint not null default 0;

-- A file that was uploaded or fetched and waits for a worker, in parts as it came; gone once it was read.
create table price_sheet_part (
  sheet_id uuid not null references price_sheet,
  part int not null,
  content bytea not null,
  primary key (sheet_id, part)
);
alter table price_sheet_part alter column content set storage external; -- most are packed already

-- Which markets are fetched from the vendor every day, and whether what is fetched comes into force by itself.
create table price_sheet_market (
  market char(2) not null,
  view text not null default 'software' check (view in ('software', 'updatedlicensebased')),
  instance_id uuid not null references connector_instance,
  activates_by_itself boolean not null default false,
  checked_at timestamptz,
  sheet_id uuid references price_sheet, -- the release the last fetch made or met
  problem text, -- why the last fetch brought nothing
  updated_at timestamptz not null,
  primary key (market, view)
);

do $$
declare t text;
begin
  foreach t in array array['product_text', 'product_group', 'product_group_member', 'product_group_text', 'price_sheet_part',
    'price_sheet_market'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
  foreach t in array array['product_text', 'product_group', 'product_group_member', 'product_group_text'] loop
    execute format('create policy portal on %I to emporion_portal, emporion_portal_read using (true)', t);
    execute format('grant select on %I to emporion_portal, emporion_portal_read', t);
  end loop;
end $$;
