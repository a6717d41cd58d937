-- Roles of the seller's people are records: an administrator gives each the rights its work needs, and no more. Roles of accounts are
-- fixed (product.md section 5) and stay in the code.
create table staff_role (
  code text primary key check (code ~ '^[a-z0-9][a-z0-9-]{0,59}$'), -- what app_user.roles holds
  name text not null check (name <> '' and char_length(name) <= 60),
  description text not null default '' check (char_length(description) <= 300),
  rights text[] not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Whoever took these from administrators could not be undone by anybody.
  constraint staff_role_administrator check (code <> 'administrator' or rights @> array['manage-users', 'manage-setup'])
);
create unique index staff_role_name on staff_role (lower(name));

insert into staff_role (code, name, description, rights) values
  ('administrator', 'Administrator', 'May do everything, Setup included.', array[
    'see-accounts', 'manage-accounts', 'order-on-behalf', 'execute-orders', 'decide-cancellations', 'see-costs', 'manage-catalogue',
    'manage-prices', 'approve-below-cost', 'manage-setup', 'see-jobs', 'manage-jobs', 'see-audit', 'see-orders', 'see-assets',
    'reveal-keys', 'manage-assets', 'see-invoices', 'manage-users', 'approve-over-credit', 'record-payments']),
  ('account-manager', 'Account manager', 'Looks after accounts: orders for them, executes, decides about cancellations.', array[
    'see-accounts', 'manage-accounts', 'order-on-behalf', 'execute-orders', 'decide-cancellations', 'see-costs', 'see-jobs',
    'see-orders', 'see-assets', 'reveal-keys', 'manage-assets', 'see-invoices', 'record-payments']),
  ('support', 'Support', 'Looks things up and changes nothing.', array[
    'see-accounts', 'see-orders', 'see-assets', 'see-invoices', 'see-jobs']);

alter table staff_role enable row level security;
create policy seller on staff_role to emporion_seller using (true) with check (true);
grant select, insert, update, delete on staff_role to emporion_seller;

create function refuse_removal_of_administrator_role() returns trigger language plpgsql as $$
begin
  raise exception 'the administrator role cannot be removed' using errcode = '23514', constraint = 'staff_role_administrator';
end $$;
create trigger staff_role_administrator_stays before delete on staff_role
  for each row when (old.code = 'administrator') execute function refuse_removal_of_administrator_role();

-- One active administrator is always left. Two who demote each other at the same moment wait for each other here: whoever is second
-- sees what the first one did.
create function keep_an_administrator() returns trigger language plpgsql as $$
begin
  perform 1 from staff_role where code = 'administrator' for no key update;
  if not exists (
    select 1 from app_user
    where account_id is null and state = 'active' and 'administrator' = any (roles) and id <> old.id
  ) then
    raise exception 'the last active administrator stays one' using errcode = '23514', constraint = 'app_user_last_administrator';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger app_user_last_administrator before update of account_id, roles, state on app_user
  for each row when (
    old.account_id is null and old.state = 'active' and 'administrator' = any (old.roles)
    and not (new.account_id is null and new.state = 'active' and 'administrator' = any (new.roles))
  ) execute function keep_an_administrator();
create trigger app_user_last_administrator_gone before delete on app_user
  for each row when (old.account_id is null and old.state = 'active' and 'administrator' = any (old.roles))
  execute function keep_an_administrator();

-- The list of the seller's people, by each of its sorts.
create index app_user_staff_name on app_user ((name collate "und-x-icu"), id) where account_id is null;
create index app_user_staff_email on app_user (lower(email), id) where account_id is null;
create index app_user_staff_created on app_user (created_at, id) where account_id is null;

-- A key may carry less than its user's rights, and end by itself.
alter table api_key add column rights text[]; -- null: all rights its user has, whatever they become
alter table api_key add column expires_at timestamptz;
alter table api_key add column revoked_by text; -- where it was somebody else than its user
create index api_key_user on api_key (user_id, id);
create index api_key_created on api_key (created_at, id);
