-- What was sold, summed by month: for the dashboard, which cannot add up millions of lines for each who looks at it. A job sums a month
-- again whenever invoices of it were issued since; nothing is added to or taken from a sum, so a month can be summed again at any time.
create table sales_figure (
  month date not null check (extract(day from month) = 1),
  currency char(3) not null,
  kind text not null check (kind in ('all', 'product', 'payer')),
  subject_id uuid not null, -- a product or an account; the zero id for all
  net_minor bigint not null, -- credit invoices taken off
  cost_minor bigint not null,
  unknown_minor bigint not null, -- of net_minor: what was sold without a known cost
  primary key (month, currency, kind, subject_id)
);

create table sales_month (
  month date primary key,
  summed_at timestamptz not null,
  took_ms int not null
);

do $$
declare t text;
begin
  foreach t in array array['sales_figure', 'sales_month'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;
