-- What is owed. An invoice never changes once it is issued, so what is open of it stands beside it: a row per issued document, made
-- by the database itself, because an invoice without one would never be asked for. Payments and credits lower what is open.
create table receivable (
  invoice_id uuid primary key references invoice,
  kind text not null check (kind in ('invoice', 'credit')),
  billing_to_id uuid not null references account,
  currency char(3) not null,
  issue_date date not null,
  due_date date,
  total_minor bigint not null, -- of a credit invoice below zero, and so is what is open of it: the seller owes it
  open_minor bigint not null,
  paid_on date, -- the day nothing was open any more
  check (case when total_minor >= 0 then open_minor between 0 and total_minor else open_minor between total_minor and 0 end)
);
create index receivable_open_of on receivable (billing_to_id, currency) include (open_minor, due_date) where open_minor <> 0;
create index receivable_due on receivable (due_date, invoice_id) where open_minor > 0;

-- One payment of one invoice, or of a credit invoice paid back. A transfer that pays several invoices is several rows with one
-- reference. It is never changed; one that was a mistake is withdrawn, and what it paid is open again.
create table payment (
  id uuid primary key,
  invoice_id uuid not null references invoice,
  method text not null default 'bank-transfer' check (method in ('bank-transfer')),
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor <> 0), -- below zero: paid back
  received_on date not null,
  reference text not null default '' check (char_length(reference) <= 140),
  recorded_at timestamptz not null,
  recorded_by uuid references app_user,
  recorded_by_name text not null,
  withdrawn_at timestamptz,
  withdrawn_by_name text,
  withdrawn_because text,
  check (num_nulls(withdrawn_at, withdrawn_by_name, withdrawn_because) in (0, 3))
);
create index payment_of on payment (invoice_id, id);
create index payment_reference on payment (lower(reference) text_pattern_ops) where reference <> '';

create function receivable_of_issued() returns trigger language plpgsql as $$
declare
  left_over bigint := new.total_minor;
  owed bigint;
begin
  -- A credit pays what is open of the invoice it credits; what remains is owed to the customer.
  if new.kind = 'credit' and new.total_minor < 0 then
    select open_minor into owed from receivable where invoice_id = new.credits_invoice_id for update;
    if owed > 0 then
      left_over := least(0, new.total_minor + owed);
      update receivable set open_minor = owed - (left_over - new.total_minor),
        paid_on = case when owed = left_over - new.total_minor then new.issue_date end
        where invoice_id = new.credits_invoice_id;
    end if;
  end if;
  insert into receivable (invoice_id, kind, billing_to_id, currency, issue_date, due_date, total_minor, open_minor, paid_on)
  values (new.id, new.kind, new.billing_to_id, new.currency, new.issue_date, new.due_date, new.total_minor, left_over,
    case when left_over = 0 then new.issue_date end);
  return null;
end $$;
create trigger invoice_is_receivable after insert or update of state on invoice for each row when (new.state = 'issued')
  execute function receivable_of_issued();

insert into receivable (invoice_id, kind, billing_to_id, currency, issue_date, due_date, total_minor, open_minor, paid_on)
select id, kind, billing_to_id, currency, issue_date, due_date, total_minor, open_minor, case when open_minor = 0 then issue_date end
from invoice
left join lateral (
  select coalesce(sum(total_minor), 0) as credited from invoice credit where credit.credits_invoice_id = invoice.id and credit.state = 'issued'
) credits on invoice.kind = 'invoice'
cross join lateral (
  -- Nothing was ever credited above what was charged, and nothing was paid yet.
  select case when invoice.kind = 'credit' then 0 else greatest(0, invoice.total_minor + credits.credited) end as open_minor
) stands
where invoice.state = 'issued';

-- What was bought and stands on no invoice yet: credit is used by it too.
alter table asset add column invoice_id uuid references invoice;
update asset set invoice_id = line.invoice_id from invoice_line line where line.asset_id = asset.id and line.kind = 'invoice';
create index asset_uninvoiced on asset (billing_to_id) where invoice_id is null and state = 'active';
create index subscription_ordered_by on subscription (billing_to_id) where state = 'ordered';

-- Days to pay: the seller's, unless an account has its own.
alter table legal_entity add column payment_days int not null default 30 check (payment_days between 0 and 365);
alter table account alter column payment_days drop not null;
alter table account alter column payment_days drop default;

do $$
declare t text;
begin
  foreach t in array array['receivable', 'payment'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update on %I to emporion_seller', t);
  end loop;
end $$;
create policy portal on receivable to emporion_portal, emporion_portal_read using (billing_to_id = scope_account());
grant select on receivable to emporion_portal, emporion_portal_read;
create policy portal on payment to emporion_portal, emporion_portal_read
  using (exists (select 1 from invoice where invoice.id = invoice_id));
grant select (id, invoice_id, method, currency, amount_minor, received_on, reference, recorded_at, withdrawn_at)
  on payment to emporion_portal, emporion_portal_read;
