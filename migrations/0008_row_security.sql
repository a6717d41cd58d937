-- Row-level security: what product.md section 8 calls "Nobody sees what is not theirs", in the database.
-- The seller's role sees every row. A portal role sees the rows its account is part of.
do $$
declare t text;
begin
  foreach t in array array[
    'account', 'sync_options', 'app_user', 'session', 'held_form', 'password_reset', 'login_attempt', 'api_key', 'idempotency',
    'audit_entry', 'connector_instance', 'sync_status', 'product', 'plan', 'plan_price', 'catalogue_run', 'catalogue_change',
    'basket', 'basket_item', 'basket_service_details', 'sales_order', 'order_item', 'order_event', 'asset', 'vendor_attempt',
    'return_request', 'pool_key', 'legal_entity', 'number_series', 'tax_rate', 'invoice', 'invoice_line', 'notification', 'mail'
  ] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;
grant usage, select on all sequences in schema public to emporion_seller, emporion_portal;

-- Accounts: itself and its own customers.
create policy portal on account to emporion_portal, emporion_portal_read
  using (id = scope_account() or parent_id = scope_account())
  with check (id = scope_account() or parent_id = scope_account());
grant select, insert, update on account to emporion_portal;
grant select on account to emporion_portal_read;

create policy portal on sync_options to emporion_portal, emporion_portal_read
  using (exists (select 1 from account where account.id = account_id))
  with check (exists (select 1 from account where account.id = account_id));
grant select, insert, update on sync_options to emporion_portal;
grant select on sync_options to emporion_portal_read;

create policy portal on sync_status to emporion_portal, emporion_portal_read
  using (exists (select 1 from account where account.id = account_id))
  with check (exists (select 1 from account where account.id = account_id));
grant select, insert, update on sync_status to emporion_portal;
grant select on sync_status to emporion_portal_read;

create policy portal on app_user to emporion_portal, emporion_portal_read using (account_id = scope_account());
grant select (id, account_id, email, name, roles, state, language, created_at, last_login_at)
  on app_user to emporion_portal, emporion_portal_read;

create policy portal on audit_entry to emporion_portal, emporion_portal_read
  using (account_id = scope_account()) with check (account_id = scope_account());
grant insert, select on audit_entry to emporion_portal;

create policy portal on idempotency to emporion_portal
  using (exists (select 1 from app_user where app_user.id = user_id))
  with check (exists (select 1 from app_user where app_user.id = user_id));
grant select, insert, update on idempotency to emporion_portal;

-- The shop window: published products, their plans and prices. Costs are readable for the price engine (portal), never for a view.
create policy portal on product to emporion_portal, emporion_portal_read using (true);
grant select on product to emporion_portal, emporion_portal_read;
create policy portal on plan to emporion_portal, emporion_portal_read using (true);
grant select on plan to emporion_portal, emporion_portal_read;
create policy portal on plan_price to emporion_portal, emporion_portal_read using (true);
grant select on plan_price to emporion_portal;
grant select (plan_id, currency, unit_price, allows_zero) on plan_price to emporion_portal_read;
create policy portal on connector_instance to emporion_portal, emporion_portal_read using (true);
grant select (id, connector, key_source, system_name, state, country, language, currency)
  on connector_instance to emporion_portal, emporion_portal_read;
create policy portal on legal_entity to emporion_portal, emporion_portal_read using (true);
grant select on legal_entity to emporion_portal, emporion_portal_read;
create policy portal on tax_rate to emporion_portal, emporion_portal_read using (true);
grant select on tax_rate to emporion_portal, emporion_portal_read;

-- Baskets and what they become.
create policy portal on basket to emporion_portal, emporion_portal_read
  using (account_id = scope_account()) with check (account_id = scope_account());
grant select, insert, update on basket to emporion_portal;
grant select on basket to emporion_portal_read;
create policy portal on basket_item to emporion_portal, emporion_portal_read
  using (exists (select 1 from basket where basket.id = basket_id))
  with check (exists (select 1 from basket where basket.id = basket_id));
grant select, insert, update, delete on basket_item to emporion_portal;
grant select on basket_item to emporion_portal_read;
create policy portal on basket_service_details to emporion_portal, emporion_portal_read
  using (exists (select 1 from basket where basket.id = basket_id))
  with check (exists (select 1 from basket where basket.id = basket_id));
grant select, insert, update, delete on basket_service_details to emporion_portal;
grant select on basket_service_details to emporion_portal_read;

create policy portal on sales_order to emporion_portal, emporion_portal_read
  using (billing_to_id = scope_account()) with check (billing_to_id = scope_account());
grant select, insert, update on sales_order to emporion_portal;
grant select on sales_order to emporion_portal_read;
create policy portal on order_item to emporion_portal, emporion_portal_read
  using (exists (select 1 from sales_order where sales_order.id = order_id))
  with check (exists (select 1 from sales_order where sales_order.id = order_id));
grant select, insert on order_item to emporion_portal;
grant select (id, order_id, position, plan_id, product_id, instance_id, name, sku, quantity, unit_price, net_minor, tax_minor,
  tax_basis_points, tax_category, explanation, is_for_resale) on order_item to emporion_portal_read;
create policy portal on order_event to emporion_portal, emporion_portal_read
  using (exists (select 1 from sales_order where sales_order.id = order_id))
  with check (exists (select 1 from sales_order where sales_order.id = order_id));
grant select, insert on order_event to emporion_portal;
grant select on order_event to emporion_portal_read;

create policy portal on asset to emporion_portal, emporion_portal_read
  using (billing_to_id = scope_account()) with check (billing_to_id = scope_account());
grant select, insert, update on asset to emporion_portal;
grant select on asset to emporion_portal_read;
create policy portal on vendor_attempt to emporion_portal, emporion_portal_read
  using (exists (select 1 from asset where asset.id = asset_id));
grant select on vendor_attempt to emporion_portal, emporion_portal_read;
create policy portal on return_request to emporion_portal, emporion_portal_read
  using (exists (select 1 from asset where asset.id = asset_id))
  with check (exists (select 1 from asset where asset.id = asset_id));
grant select, insert, update on return_request to emporion_portal;
grant select on return_request to emporion_portal_read;

create policy portal on invoice to emporion_portal, emporion_portal_read
  using (billing_to_id = scope_account() and state = 'issued');
grant select on invoice to emporion_portal, emporion_portal_read;
create policy portal on invoice_line to emporion_portal, emporion_portal_read
  using (exists (select 1 from invoice where invoice.id = invoice_id));
grant select on invoice_line to emporion_portal, emporion_portal_read;

-- Mails about its own licences and orders; never their secrets.
create policy portal on mail to emporion_portal, emporion_portal_read
  using (asset_id is not null and exists (select 1 from asset where asset.id = asset_id))
  with check (asset_id is not null and exists (select 1 from asset where asset.id = asset_id));
grant select (id, cause, notification_code, asset_id, order_id, account_id, to_addresses, cc, subject, state, tries, server_answer,
  queued_at, last_tried_at, sent_at) on mail to emporion_portal, emporion_portal_read;
grant insert on mail to emporion_portal;
create policy portal on notification to emporion_portal using (true);
grant select on notification to emporion_portal;
