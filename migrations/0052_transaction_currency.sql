-- Prices and orders are in one currency, and an account that pays may be invoiced in another one, its transaction currency, at the rate of
-- the invoice's day (docs/decisions/0016). What an order says stays as it is; the invoice says both.

-- Only who pays has one: a reseller's customers are billed to the reseller.
alter table account add column transaction_currency char(3);
alter table account add constraint account_transaction_currency check (transaction_currency is null
  or (transaction_currency <> currency and parent_id is null));

-- As the price list, it is the seller's to say.
create function refuse_own_transaction_currency() returns trigger language plpgsql as $$
begin
  if current_user = 'emporion_portal'
    and (case tg_op when 'INSERT' then new.transaction_currency is not null
      else new.transaction_currency is distinct from old.transaction_currency end) then
    raise exception 'an account does not choose its own transaction currency' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger account_transaction_currency_is_given before insert or update on account
  for each row execute function refuse_own_transaction_currency();

-- A conversion rule prices what is sold in its currency. A rate for invoices only does not: it is one of two currencies, has no sheet,
-- and stands beside the rate that prices.
alter table conversion_rule add column is_for_invoices_only boolean not null default false;
alter table conversion_rule alter column market drop not null;
alter table conversion_rule add constraint conversion_rule_use check ((market is null) = is_for_invoices_only
  and not (is_for_invoices_only and overrides_sheet));
create index conversion_rule_of_invoices on conversion_rule (currency, base_currency, valid_from desc, created_at desc)
  where is_for_invoices_only;
grant select (is_for_invoices_only) on conversion_rule to emporion_portal_read;

-- What an invoice comes to in the transaction currency, written when it is issued and final with it. The total and the VAT are rounded once
-- each; the net amount is what is left.
alter table invoice
  add column transaction_currency char(3),
  add column transaction_rate numeric(30, 15) check (transaction_rate > 0), -- one unit of the invoice's currency in this one
  add column transaction_rate_date date, -- the day the rate began
  add column transaction_rate_source text,
  add column transaction_net_minor bigint,
  add column transaction_tax_minor bigint,
  add column transaction_total_minor bigint,
  add constraint invoice_transaction_whole check (num_nulls(transaction_currency, transaction_rate, transaction_rate_date,
    transaction_rate_source, transaction_net_minor, transaction_tax_minor, transaction_total_minor) in (0, 7)),
  add constraint invoice_transaction_sum check (transaction_net_minor + transaction_tax_minor = transaction_total_minor),
  add constraint invoice_transaction_other check (transaction_currency <> currency),
  add constraint invoice_transaction_issued check (transaction_currency is null or (state = 'issued' and transaction_rate_date <= issue_date)),
  add constraint invoice_transaction_sign check (case when kind = 'invoice' then transaction_total_minor >= 0 else transaction_total_minor <= 0 end);

alter table receivable
  add column transaction_currency char(3),
  add column transaction_total_minor bigint,
  add column transaction_open_minor bigint,
  add constraint receivable_transaction_whole check (num_nulls(transaction_currency, transaction_total_minor, transaction_open_minor) in (0, 3)),
  add constraint receivable_transaction_open check (case when transaction_total_minor >= 0
    then transaction_open_minor between 0 and transaction_total_minor
    else transaction_open_minor between transaction_total_minor and 0 end),
  -- What is settled is settled in both.
  add constraint receivable_transaction_settled check (open_minor <> 0 or transaction_open_minor = 0);

-- What a payment comes to in the other currency, and in which of the two the money came.
alter table payment
  add column transaction_currency char(3),
  add column transaction_amount_minor bigint,
  add column is_in_transaction_currency boolean not null default false,
  add constraint payment_transaction_whole check (num_nulls(transaction_currency, transaction_amount_minor) in (0, 2)),
  add constraint payment_transaction_given check (not is_in_transaction_currency or transaction_amount_minor <> 0);
grant select (transaction_currency, transaction_amount_minor, is_in_transaction_currency)
  on payment to emporion_portal, emporion_portal_read;

-- As before, and in the transaction currency beside it. A credit invoice is at the rate of what it credits, and all of them together
-- give back what was charged and no more.
create or replace function receivable_of_issued() returns trigger language plpgsql as $$
declare
  left_over bigint := new.total_minor;
  transaction_left bigint := new.transaction_total_minor;
  owed record;
  charged record;
begin
  if new.kind = 'credit' then
    select transaction_currency, transaction_rate, transaction_total_minor, transaction_tax_minor into charged
      from invoice where id = new.credits_invoice_id;
    if (charged.transaction_currency, charged.transaction_rate) is distinct from (new.transaction_currency, new.transaction_rate) then
      raise exception 'a credit invoice is at the rate of what it credits' using errcode = '23514', constraint = 'invoice_credit_rate';
    end if;
    if new.transaction_currency is not null and exists (
      select 1 from invoice where credits_invoice_id = new.credits_invoice_id and state = 'issued'
      having sum(transaction_total_minor) < -charged.transaction_total_minor or sum(transaction_tax_minor) < -charged.transaction_tax_minor
    ) then
      raise exception 'more would be credited than was charged' using errcode = '23514', constraint = 'invoice_credit_above';
    end if;
  end if;
  -- A credit pays what is open of the invoice it credits; what remains is owed to the customer.
  if new.kind = 'credit' and new.total_minor < 0 then
    select open_minor, transaction_open_minor into owed from receivable where invoice_id = new.credits_invoice_id for update;
    if owed.open_minor > 0 then
      left_over := least(0, new.total_minor + owed.open_minor);
      -- Where nothing is open any more in one currency nothing is in the other: an odd unit of rounding goes with it.
      transaction_left := case when new.transaction_currency is null then null when left_over = 0 then 0
        else least(0, new.transaction_total_minor + owed.transaction_open_minor) end;
      update receivable set open_minor = owed.open_minor - (left_over - new.total_minor),
        transaction_open_minor = case when new.transaction_currency is null then null
          when owed.open_minor = left_over - new.total_minor then 0
          else greatest(0, owed.transaction_open_minor + new.transaction_total_minor) end,
        paid_on = case when owed.open_minor = left_over - new.total_minor then new.issue_date end
        where invoice_id = new.credits_invoice_id;
    end if;
  end if;
  insert into receivable (invoice_id, kind, billing_to_id, currency, issue_date, due_date, total_minor, open_minor, paid_on,
    transaction_currency, transaction_total_minor, transaction_open_minor)
  values (new.id, new.kind, new.billing_to_id, new.currency, new.issue_date, new.due_date, new.total_minor, left_over,
    case when left_over = 0 then new.issue_date end, new.transaction_currency, new.transaction_total_minor, transaction_left);
  return null;
end $$;

-- Orders that cannot be invoiced yet because there is no rate. Nothing of them is lost: what they delivered stands on no invoice, and the
-- billing run comes back to them.
create table invoice_wait (
  order_id uuid primary key references sales_order,
  currency char(3) not null,
  transaction_currency char(3) not null,
  since timestamptz not null
);
create index invoice_wait_since on invoice_wait (since, order_id);
alter table invoice_wait enable row level security;
create policy seller on invoice_wait to emporion_seller using (true) with check (true);
grant select, insert, update, delete on invoice_wait to emporion_seller;
