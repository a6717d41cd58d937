-- Why an account is blocked, and since when: the seller's own words, which no account ever sees. A row beside the account and not columns
-- of it, because a reseller may read every column of its customers.
create table account_block (
  account_id uuid primary key references account,
  reason text not null check (char_length(reason) between 1 and 500),
  blocked_at timestamptz not null,
  blocked_by text not null -- as they were called then
);
alter table account_block enable row level security;
create policy seller on account_block to emporion_seller using (true) with check (true);
grant select, insert, update, delete on account_block to emporion_seller;

-- Only a blocked account has a reason for it, whoever unblocks it: an import and a merge change the state as well.
create function forget_account_block() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from account_block where account_id = new.id;
  return null;
end $$;
create trigger account_unblocked after update of state on account for each row
  when (old.state = 'blocked' and new.state <> 'blocked') execute function forget_account_block();
create function refuse_block_of_active() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from account where id = new.account_id and state = 'blocked' for key share) then
    raise exception 'only a blocked account has a reason for it' using errcode = '23514', constraint = 'account_block_of_blocked';
  end if;
  return new;
end $$;
create trigger block_of_blocked before insert or update on account_block for each row execute function refuse_block_of_active();
