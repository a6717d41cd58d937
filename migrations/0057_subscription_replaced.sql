-- A subscription that could not be provisioned is replaced by another order, as a licence is; which one is kept here, so that a second
-- click finds the first one's. A portal sees it as it sees a licence's.
alter table subscription
  add column replaced_by_order_id uuid unique references sales_order,
  add check (replaced_by_order_id is null or state = 'dropped');
grant select (replaced_by_order_id) on subscription to emporion_portal_read;
