-- The seller's own company that sends the invoices.
create table legal_entity (
  id uuid primary key,
  name text not null,
  address_line1 text not null,
  address_line2 text not null default '',
  postal_code text not null,
  city text not null,
  country char(2) not null,
  vat_number text not null,
  registration text not null default '',
  email text not null,
  phone text not null default '',
  website text not null default '',
  bank_name text not null default '',
  iban text not null default '',
  bic text not null default '',
  brand_color text not null default '#1f5eff',
  logo_svg text not null default '',
  time_zone text not null default 'UTC',
  is_default boolean not null default true
);
create unique index legal_entity_default on legal_entity (is_default) where is_default;

create table number_series (
  legal_entity_id uuid not null references legal_entity,
  kind text not null check (kind in ('invoice', 'credit')),
  prefix text not null,
  next_number bigint not null default 1,
  primary key (legal_entity_id, kind)
);

-- VAT in hundredths of a percent, by country, from a day on.
create table tax_rate (
  country char(2) not null,
  valid_from date not null,
  basis_points int not null check (basis_points between 0 and 10000),
  primary key (country, valid_from)
);

create table invoice (
  id uuid primary key,
  kind text not null check (kind in ('invoice', 'credit')),
  state text not null check (state in ('draft', 'issued')),
  cause text not null unique, -- what it is for, so that nothing is invoiced twice
  legal_entity_id uuid not null references legal_entity,
  number text unique,
  billing_to_id uuid not null references account,
  end_customer_id uuid not null references account,
  order_id uuid not null references sales_order,
  credits_invoice_id uuid references invoice,
  currency char(3) not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  tax_summary jsonb not null,
  seller jsonb not null, -- names and addresses as they stood when it was issued
  buyer jsonb not null,
  end_customer jsonb not null,
  order_number text not null,
  reference text not null default '',
  created_at timestamptz not null,
  issued_at timestamptz,
  issue_date date,
  due_date date,
  check (net_minor + tax_minor = total_minor),
  check ((state = 'issued') = (number is not null and issued_at is not null and issue_date is not null)),
  check ((kind = 'credit') = (credits_invoice_id is not null))
);
create index invoice_billing on invoice (billing_to_id, id);
create index invoice_order on invoice (order_id);
create index invoice_credits on invoice (credits_invoice_id);

create table invoice_line (
  id uuid primary key,
  invoice_id uuid not null references invoice,
  kind text not null check (kind in ('invoice', 'credit')),
  position int not null,
  order_item_id uuid not null references order_item,
  asset_id uuid references asset,
  name text not null,
  description text not null default '',
  quantity int not null,
  unit_price numeric(20, 6) not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  tax_basis_points int not null,
  tax_category text not null,
  explanation jsonb not null,
  unique (invoice_id, position)
);
-- A licence is charged once and credited once, whatever happens.
create unique index invoice_line_asset on invoice_line (asset_id, kind);

create function refuse_change_of_issued() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'invoice' then
    if old.state = 'issued' then
      raise exception 'an issued invoice cannot be changed' using errcode = 'EM001';
    end if;
  elsif exists (
    select 1 from invoice
    where id = case when tg_op = 'INSERT' then new.invoice_id else old.invoice_id end and state = 'issued'
  ) then
    raise exception 'the lines of an issued invoice cannot be changed' using errcode = 'EM001';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger invoice_is_final before update or delete on invoice for each row execute function refuse_change_of_issued();
create trigger invoice_line_is_final before insert or update or delete on invoice_line
  for each row execute function refuse_change_of_issued();
