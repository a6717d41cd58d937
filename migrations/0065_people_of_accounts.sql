-- The people of resellers and customers are looked after by those who look after the accounts; the seller's own people, roles and
-- everybody's API keys stay with whoever manages people. Roles that had the one right for both have both, and account managers, where
-- nobody has changed their role, have the new one. A key that names its rights as its user's role does follows.
update staff_role set rights = array_append(rights, 'manage-account-users'), version = version + 1, updated_at = now()
  where not rights @> array['manage-account-users']
    and (rights @> array['manage-users'] or (code = 'account-manager' and version = 1));
update api_key set rights = array_append(rights, 'manage-account-users')
  where rights @> array['manage-users'] and not rights @> array['manage-account-users']
    and exists (select 1 from app_user where app_user.id = user_id and account_id is null);

-- The search over everything and the list of accounts find a company by whoever signs in for it, and by where its keys go.
alter table app_user add column search text not null generated always as (lower(name || ' ' || email)) stored;
create index app_user_search on app_user using gin (search gin_trgm_ops) where account_id is not null;
create index app_user_named on app_user (lower(name) text_pattern_ops) where account_id is not null;
alter table sync_options add column key_email text generated always as (lower(options ->> 'keyDeliveryEmail')) stored;
create index sync_options_key_email on sync_options using gin (key_email gin_trgm_ops);

-- And a product by the beginning of a SKU.
create index plan_sku on plan (upper(sku) text_pattern_ops);
