-- Price sheets are releases. Rows never change and belong to one release; what is in force is the release whose state says so, so
-- that activating and rolling back touch two rows of one table and readers see old or new, never a mix.
create table price_sheet (
  id uuid primary key,
  market char(2) not null,
  view text not null check (view in ('software', 'updatedlicensebased')),
  month char(7) not null check (month ~ '^20\d\d-(0[1-9]|1[0-2])$'),
  file_name text not null,
  source text not null check (source in ('vendor', 'upload', 'command')),
  state text not null check (state in ('received', 'checked', 'active', 'superseded', 'refused')),
  sha256 bytea not null, -- of the unpacked CSV: the same prices packed or not
  bytes bigint not null,
  header text not null default '',
  row_count int not null default 0,
  fault_count int not null default 0,
  progress int not null default 0,
  refused_because text,
  comparison jsonb,
  received_by text not null,
  received_at timestamptz not null,
  checked_at timestamptz,
  activated_at timestamptz,
  superseded_at timestamptz,
  replaced_id uuid references price_sheet,
  check (state <> 'refused' or refused_because is not null)
);
create unique index price_sheet_active on price_sheet (market, view) where state = 'active';
create unique index price_sheet_file on price_sheet (market, view, month, sha256) where state <> 'refused';
create index price_sheet_received on price_sheet (received_at, id);

-- Amounts are for one licence and the whole term. No reference to the release and no row-level security: a million rows are copied in,
-- and COPY knows neither; rows are written and deleted only together with their release, and costs are kept from a portal's
-- reading role by the grants below.
create table price_sheet_row (
  sheet_id uuid not null,
  line int not null,
  product_code text not null,
  sku_code text not null,
  segment text not null check (segment in ('commercial', 'education', 'nonprofit', 'government')),
  term text not null,
  billing_plan text not null check (billing_plan in ('one_time', 'monthly', 'annual', 'triennial', 'none')),
  currency char(3) not null,
  unit_cost numeric not null check (unit_cost >= 0),
  retail numeric check (retail >= 0),
  tier_min bigint,
  tier_max bigint,
  valid_from timestamptz, -- null: since ever
  valid_to timestamptz, -- null: open
  product_title text not null,
  sku_title text not null,
  description text not null,
  publisher text not null,
  tags text not null
);
create index price_sheet_row_plan on price_sheet_row (sheet_id, product_code, sku_code);

create table price_sheet_fault (
  sheet_id uuid not null references price_sheet,
  line int not null,
  column_name text not null,
  reason text not null,
  raw text not null,
  primary key (sheet_id, line)
);

do $$
declare t text;
begin
  foreach t in array array['price_sheet', 'price_sheet_fault'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;
create policy portal on price_sheet to emporion_portal, emporion_portal_read using (state = 'active');
grant select on price_sheet to emporion_portal, emporion_portal_read;
grant select, insert, delete on price_sheet_row to emporion_seller;
grant select on price_sheet_row to emporion_portal;
grant select (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, retail, tier_min, tier_max, valid_from, valid_to,
  product_title, sku_title, description, publisher, tags) on price_sheet_row to emporion_portal_read;
