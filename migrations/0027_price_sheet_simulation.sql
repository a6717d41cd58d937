-- What a release changes is worked out once, against the release in force, and kept: its pages are read by index, however large the sheets
-- are. No reference to the release and no row-level security on what has its million rows, as with price_sheet_row.
create table price_sheet_change (
  sheet_id uuid not null,
  position int not null,
  change text not null check (change in ('added', 'removed', 'changed')),
  sku text not null, -- as a plan has it: product, SKU, segment, term and billing plan
  title text not null,
  currency char(3) not null,
  tier_min bigint,
  old_cost numeric,
  new_cost numeric,
  old_retail numeric,
  new_retail numeric,
  primary key (sheet_id, position)
);
create index price_sheet_change_sku on price_sheet_change (sheet_id, sku);

-- By product and currency, what moves the margin at retail prices most first. Margins are hundredths of a percent of the retail price,
-- on average over the rows in both releases.
create table price_sheet_product (
  sheet_id uuid not null references price_sheet,
  position int not null,
  product_code text not null,
  title text not null,
  currency char(3) not null,
  added int not null,
  removed int not null,
  changed int not null,
  margin_before int,
  margin_after int,
  primary key (sheet_id, position)
);

-- A release that is not in force, tried out on what runs: what renewals would cost with it instead of the one in force.
create table price_sheet_simulation (
  sheet_id uuid primary key references price_sheet,
  against uuid not null references price_sheet,
  state text not null check (state in ('waiting', 'running', 'done')),
  done int not null default 0, -- subscriptions priced so far
  total int not null default 0,
  renewals int not null default 0, -- whose price or cost moves
  problems int not null default 0, -- that would have no price any more
  requested_by text not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  check ((state = 'done') = (finished_at is not null))
);

-- Subscriptions whose next term would cost something else, to the customer or to the seller. Amounts without VAT; null: no price.
create table price_sheet_renewal (
  sheet_id uuid not null references price_sheet,
  subscription_id uuid not null references subscription,
  end_customer_id uuid not null references account,
  ends_on date not null,
  currency char(3) not null,
  old_net_minor bigint,
  new_net_minor bigint,
  old_cost_minor bigint,
  new_cost_minor bigint,
  problem text, -- why there would be no price
  primary key (sheet_id, subscription_id)
);
create index price_sheet_renewal_soonest on price_sheet_renewal (sheet_id, ends_on, subscription_id);

-- The same by customer and currency, whose margin falls most first; of what has a price before and after.
create table price_sheet_customer (
  sheet_id uuid not null references price_sheet,
  position int not null,
  end_customer_id uuid not null references account,
  currency char(3) not null,
  renewals int not null,
  problems int not null,
  old_net_minor bigint not null,
  new_net_minor bigint not null,
  old_margin_minor bigint not null,
  new_margin_minor bigint not null,
  primary key (sheet_id, position)
);

grant select, insert, delete on price_sheet_change to emporion_seller;
do $$
declare t text;
begin
  foreach t in array array['price_sheet_product', 'price_sheet_simulation', 'price_sheet_renewal', 'price_sheet_customer'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;

-- Earlier comparisons kept their counts only. They are made again when the release is tried out.
update price_sheet set comparison = null where comparison ->> 'against' is not null;
