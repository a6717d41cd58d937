-- Two records of one company become one (docs/decisions/0014). The one that is given up stays as "merged into" the other, and nothing new
-- can be made for it: the database sees to that, because an order may be on its way while two accounts are merged.
alter table account drop constraint account_state_check;
alter table account add constraint account_state_check check (state in ('active', 'blocked', 'merged'));
alter table account add column merged_into_id uuid references account;
alter table account add column merged_at timestamptz;
alter table account add check ((state = 'merged') = (merged_into_id is not null) and (state = 'merged') = (merged_at is not null));
alter table account add check (merged_into_id <> id);
create index account_merged_into on account (merged_into_id, id) where merged_into_id is not null;

-- Locks the accounts a new row names, so that whoever merges one of them at this moment is waited for, and what it did is known.
create function refuse_merged_account() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  named uuid[];
  is_merged boolean;
begin
  if tg_table_name = 'sales_order' then named := array[new.billing_to_id, new.end_customer_id];
  elsif tg_table_name = 'account' then named := array[new.parent_id];
  else named := array[new.account_id];
  end if;
  select bool_or(locked.state = 'merged') into is_merged
    from (select state from account where id = any (named) order by id for key share) locked;
  if is_merged then
    raise exception 'this account was merged into another one' using errcode = '23514', constraint = 'account_is_merged';
  end if;
  return new;
end $$;
create trigger order_of_merged before insert on sales_order for each row execute function refuse_merged_account();
create trigger basket_of_merged before insert on basket for each row execute function refuse_merged_account();
create trigger user_of_merged before insert or update of account_id on app_user for each row when (new.account_id is not null)
  execute function refuse_merged_account();
create trigger customer_of_merged before insert or update of parent_id on account for each row when (new.parent_id is not null)
  execute function refuse_merged_account();

-- An issued invoice never changes, except that it may follow a merge: whose it is, never what it says. The names, the addresses and every
-- amount stay as they were issued.
create or replace function refuse_change_of_issued() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'invoice' then
    if old.state = 'issued' then
      if tg_op = 'UPDATE'
        and to_jsonb(new) - array['billing_to_id', 'end_customer_id'] = to_jsonb(old) - array['billing_to_id', 'end_customer_id']
        and (new.billing_to_id = old.billing_to_id
          or exists (select 1 from account where id = old.billing_to_id and merged_into_id = new.billing_to_id))
        and (new.end_customer_id = old.end_customer_id
          or exists (select 1 from account where id = old.end_customer_id and merged_into_id = new.end_customer_id)) then
        return new;
      end if;
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

-- A subscription stays with the vendor's customer it was bought for, whoever it belongs to here.
alter table subscription add column vendor_customer_of uuid references account; -- null: of the end customer
grant select (vendor_customer_of) on subscription to emporion_portal_read;

-- One basket can have become an order for each of two accounts that are one now.
alter table sales_order add column placed_for_id uuid references account; -- null: for the end customer it has
drop index sales_order_basket;
create unique index sales_order_basket on sales_order (basket_id, coalesce(placed_for_id, end_customer_id), currency);

-- What is looked for when an account is merged.
create index basket_account on basket (account_id);
create index basket_item_customer on basket_item (end_customer_id) where end_customer_id is not null;
create index basket_service_details_account on basket_service_details (account_id);

-- What colleagues wrote about the account is read where the account is now. A note itself never changes, so the application may not.
create function notes_follow_merge(from_id uuid, into_id uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if to_regclass('public.note') is not null and exists (select 1 from account where id = from_id and merged_into_id = into_id) then
    execute 'update note set record_id = $2 where record_type = ''account'' and record_id = $1' using from_id, into_id;
  end if;
end $$;
revoke all on function notes_follow_merge from public;
grant execute on function notes_follow_merge to emporion_seller;

-- A reseller does not find a customer that is another one now.
create or replace function customers_matching(words text[], after_name text, after_id uuid, most int) returns setof account
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare statement text := 'select * from account where parent_id = $1 and state <> ''merged''';
begin
  -- Literals, because a pattern the planner can read lets it choose between the name's and the trigrams' index.
  for i in 1 .. coalesce(cardinality(words), 0) loop
    statement := statement || format(' and search like %L', '%' || words[i] || '%');
  end loop;
  if after_name is not null then
    statement := statement || ' and (lower(name), id) > ($2, $3)';
  end if;
  return query execute statement || ' order by lower(name), id limit $4'
    using scope_account(), after_name, after_id, least(most, 1000);
end $$;
