-- Who may see which rows. Every statement of the application runs under one of three roles, chosen when a transaction or a
-- read begins (platform/db.ts); a statement outside a scope is not possible there.
--   emporion_seller       the seller's own people and the worker: all rows
--   emporion_portal       flows of resellers and customers: only rows their account is part of
--   emporion_portal_read  views of resellers and customers: the same rows, and never a column that holds a cost
do $$
declare wanted text;
begin
  foreach wanted in array array['emporion_seller', 'emporion_portal', 'emporion_portal_read'] loop
    begin
      execute format('create role %I nologin', wanted);
    exception when duplicate_object or unique_violation then null;
    end;
    begin
      execute format('grant %I to current_user', wanted);
    exception when others then null; -- a superuser needs no grant, and another database of this cluster may be granting now
    end;
  end loop;
end $$;

create extension if not exists pg_trgm;

grant usage on schema public to emporion_seller, emporion_portal, emporion_portal_read;

-- The account whose eyes this transaction sees with; null for the seller.
create function scope_account() returns uuid language sql stable parallel safe as
  $$ select nullif(current_setting('emporion.account', true), '')::uuid $$;
